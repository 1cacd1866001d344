package org.nngjava;

/**
 * SUB: receives the published messages that begin with one of its topics (sp-publish-subscribe). {@link #openContext()} gives
 * receivers with topics of their own over the same connections.
 */
public final class SubSocket extends Socket implements Subscriber {
    private SubSocket() {
        super("sub", NNG::nng_sub0_open);
    }

    /** Opens a socket. */
    public static SubSocket open() {
        return new SubSocket();
    }

    /** Opens a context, which has topics and a queue of its own. */
    public SubContext openContext() {
        return new SubContext(this);
    }
}
