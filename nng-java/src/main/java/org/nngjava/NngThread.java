package org.nngjava;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Knows whether code runs on one of NNG's own threads, where blocking would stall or deadlock NNG. */
final class NngThread {
    private static final System.Logger LOG = System.getLogger("org.nngjava");
    private static final ThreadLocal<Depth> DEPTH = ThreadLocal.withInitial(Depth::new);
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** For what NNG's threads must not do themselves. Its threads are daemons and end when idle. */
    static final ExecutorService HANDED_OVER = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), NngThread::daemon);

    private NngThread() {}

    /** How many callbacks a thread is in. */
    static final class Depth {
        private int callbacks;

        /** What a callback calls last. */
        void leave() {
            callbacks--;
        }
    }

    /** What a callback calls first. It leaves what it gets, and lets nothing escape into native code: {@link #log}. */
    static Depth enter() {
        Depth depth = DEPTH.get();
        depth.callbacks++;
        return depth;
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
        return DEPTH.get().callbacks > 0;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "nng-java-" + COUNT.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
