package org.nngjava;

/**
 * PUB: sends each message to all subscribers (sp-publish-subscribe). It never waits: a subscriber that is too slow loses messages,
 * and one that is not connected yet misses them.
 */
public final class PubSocket extends Socket implements Sender {
    private PubSocket() {
        super("pub", NNG::nng_pub0_open);
    }

    /** Opens a socket. */
    public static PubSocket open() {
        return new PubSocket();
    }
}
