package org.nngjava;

/** A send or receive under way on an {@link Aio}. */
interface Operation {
    /**
     * It has ended. Runs on a thread of NNG, once.
     *
     * @param result 0 or NNG's error code
     * @param message the message received, or the one that a failed send gives back; 0 if there is none
     */
    void ended(int result, long message);
}
