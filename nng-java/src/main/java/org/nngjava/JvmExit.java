package org.nngjava;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Closes the sockets still open when the JVM ends because its last thread has returned, after all other shutdown hooks. The JVM is gone then
 * while NNG's threads still run for a moment, and a callback into it would end the process by a crash. After {@link System#exit}, or
 * a signal, it stays as long as the process, and holds callbacks for ever: then nothing needs to be done.
 */
final class JvmExit {
    private static final System.Logger LOG = System.getLogger("org.nngjava");
    /** What the JVM calls the thread that ends it after the last one has returned. */
    private static final String DESTROYER = "DestroyJavaVM";

    private static final long POLL_MILLIS = 10;
    /** For closing: a handler that does not return would keep the process for ever. */
    private static final long PATIENCE_MILLIS = 1_000;

    private static volatile boolean over;

    private JvmExit() {}

    /** To be called once. */
    static void watch() {
        Thread hook = new Thread(JvmExit::run, "nng-java-exit");
        hook.setDaemon(true); // so that another copy of this class does not wait for it
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "the first socket is opened while the JVM ends", e);
        }
    }

    /** Lets nobody open a socket that would not be closed any more. */
    static void holdIfOver() {
        while (over) {
            LockSupport.park(); // like every thread that is a daemon, until the process ends
        }
    }

    private static void run() {
        if (alive().noneMatch(JvmExit::isDestroyer)) {
            return;
        }
        try {
            while (alive().anyMatch(JvmExit::isHook)) {
                Thread.sleep(POLL_MILLIS);
            }
            over = true;
            NngThread.HANDED_OVER.submit(Socket::closeAll).get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.DEBUG, "not all sockets are closed as the JVM ends", e);
        }
    }

    private static Stream<Thread> alive() {
        return Thread.getAllStackTraces().keySet().stream();
    }

    private static boolean isDestroyer(Thread thread) {
        return thread.getName().equals(DESTROYER);
    }

    /** A hook, or what one has started: all others that are no daemons have returned before the hooks began. */
    private static boolean isHook(Thread thread) {
        return !thread.isDaemon() && !isDestroyer(thread);
    }
}
