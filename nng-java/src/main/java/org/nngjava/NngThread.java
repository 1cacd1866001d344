package org.nngjava;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Knows whether code runs on one of NNG's own threads, where blocking would stall or deadlock NNG. */
final class NngThread {
    private static final System.Logger LOG = System.getLogger("org.nngjava");
    private static final ThreadLocal<Integer> DEPTH = ThreadLocal.withInitial(() -> 0);
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** For what NNG's threads must not do themselves. Its threads are daemons and end when idle. */
    static final ExecutorService HANDED_OVER = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), NngThread::daemon);

    private NngThread() {}

    /** What a callback calls first. It hands the answer to {@link #leave}, and lets nothing escape into native code: {@link #log}. */
    static int enter() {
        int depth = DEPTH.get();
        DEPTH.set(depth + 1);
        return depth;
    }

    /** What a callback calls last. */
    static void leave(int depth) {
        DEPTH.set(depth);
    }

    /** Runs code of the user's where nobody could catch what it throws. */
    static void report(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable t) {
            log(t);
        }
    }

    static void log(Throwable thrown) {
        LOG.log(System.Logger.Level.ERROR, "A callback failed", thrown);
    }

    static boolean isCurrent() {
        return DEPTH.get() > 0;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "nng-java-" + COUNT.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
