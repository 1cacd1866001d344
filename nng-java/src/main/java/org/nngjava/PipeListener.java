package org.nngjava;

/** Hears of the peers that come and go on a socket. */
@FunctionalInterface
public interface PipeListener {
    /**
     * A pipe came or went. Called for one event of a socket at a time, in order, on a thread of the binding, which may block.
     */
    void onPipe(PipeEvent event, Pipe pipe);
}
