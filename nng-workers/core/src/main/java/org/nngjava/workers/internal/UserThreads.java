package org.nngjava.workers.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where code of the user's runs that an answer sets off. It may block, even for another answer, so there is always a thread for one more:
 * the queue's own would stall the queue, and the common pool has a single one on two processors. They are daemons and end when idle.
 */
public final class UserThreads {
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** These threads. */
    public static final Executor EXECUTOR = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), UserThreads::daemon);

    private UserThreads() {}

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "nng-workers-answer-" + COUNT.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
