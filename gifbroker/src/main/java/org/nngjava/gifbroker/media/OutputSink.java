package org.nngjava.gifbroker.media;

/** Takes what a process writes, on the thread that drains it. */
@FunctionalInterface
interface OutputSink {
    /**
     * Takes a piece.
     *
     * @param bytes of which the first {@code length} are meant, only during the call
     */
    void accept(byte[] bytes, int length);
}
