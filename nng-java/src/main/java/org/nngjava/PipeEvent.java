package org.nngjava;

/** What happened to a pipe ({@code nng_pipe_ev} in nng.h). */
public enum PipeEvent {
    /** The pipe was added to the socket: the peer is connected. */
    ADD_POST,
    /** The pipe was removed: the peer is gone. */
    REM_POST
}
