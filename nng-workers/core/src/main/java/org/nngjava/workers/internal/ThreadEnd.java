package org.nngjava.workers.internal;

/** The end of a thread that was told to end. */
public final class ThreadEnd {
    private ThreadEnd() {}

    /**
     * Waits for it, unless called by that very thread, whatever interrupts.
     *
     * @param thread was told to end
     * @return true if the caller was interrupted meanwhile, a status that it sets again when it is done
     */
    public static boolean await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }
}
