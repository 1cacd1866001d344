package org.nngjava;

/**
 * PUSH: sends each message to one of its peers, the next that can take it (sp-pipeline). Without a peer, or when all are busy, a send
 * waits. What was handed to a peer that dies is gone.
 */
public final class PushSocket extends Socket implements Sender {
    private PushSocket() {
        super("push", NNG::nng_push0_open);
    }

    /** Opens a socket. */
    public static PushSocket open() {
        return new PushSocket();
    }
}
