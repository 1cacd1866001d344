package org.nngjava.workers.internal;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One thread that runs tasks in order, and between them whatever follows from them. */
final class EventLoop {
    private static final System.Logger LOG = System.getLogger(EventLoop.class.getName());
    private static final int BURST = 64;

    /** What a loop does between tasks. */
    interface Owner {
        /** Called after a few tasks, and when the deadline has come. */
        void afterTasks();

        /** How long to sleep at most if no task comes, in milliseconds. */
        long sleepMillis();
    }

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final Thread thread;
    private final Owner owner;
    private volatile boolean stopped;

    EventLoop(String name, Owner owner) {
        this.owner = owner;
        thread = new Thread(this::run, name);
        thread.setDaemon(false);
    }

    void start() {
        thread.start();
    }

    /** Runs a task on the loop's thread, after those that came before it; drops it if the loop has stopped. */
    void execute(Runnable task) {
        if (!stopped) {
            tasks.add(task);
        }
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Ends the loop and waits for its end. What is not begun is dropped. */
    void stop() {
        stopped = true;
        tasks.add(() -> {});
        if (ThreadEnd.await(thread)) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!stopped) {
            try {
                Runnable task = tasks.poll(owner.sleepMillis(), TimeUnit.MILLISECONDS);
                for (int i = 0; task != null && i < BURST && !stopped; i++) {
                    report(task);
                    task = tasks.poll();
                }
                if (task != null) {
                    report(task);
                }
                report(owner::afterTasks);
            } catch (InterruptedException e) {
                LOG.log(System.Logger.Level.DEBUG, "interrupted by nobody that should");
            }
        }
    }

    private static void report(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "a task of the queue failed", e);
        }
    }
}
