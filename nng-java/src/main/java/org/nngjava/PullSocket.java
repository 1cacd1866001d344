package org.nngjava;

/** PULL: receives the messages that its peers push, in turn from each of them (sp-pipeline). */
public final class PullSocket extends Socket implements Receiver {
    private PullSocket() {
        super("pull", NNG::nng_pull0_open);
    }

    /** Opens a socket. */
    public static PullSocket open() {
        return new PullSocket();
    }
}
