package org.nngjava;

/**
 * BUS: sends each message to all peers and receives what they send (sp-bus). Messages go to direct peers only, and one that a peer
 * cannot take at once is dropped.
 */
public final class BusSocket extends Socket implements Sender, Receiver {
    private BusSocket() {
        super("bus", NNG::nng_bus0_open);
    }

    /** Opens a socket. */
    public static BusSocket open() {
        return new BusSocket();
    }
}
