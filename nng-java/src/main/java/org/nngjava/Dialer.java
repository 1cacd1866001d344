package org.nngjava;

/**
 * Connects a socket to one address and connects it again whenever the connection is lost. Safe for use by several threads; closes
 * with its socket.
 */
public final class Dialer extends Endpoint {
    private static final int NONBLOCK = 2;

    Dialer(Socket socket, String url) {
        super(socket, "dial", url, NNG::nng_dialer_create, OptionFunctions.DIALER, NNG::nng_dialer_close);
    }

    /**
     * Connects, waiting for the first connection. Cannot be interrupted: a peer that accepts and then says nothing is given up after
     * 10 s.
     *
     * @throws NngRefusedException if nobody listens there now; the dialer can be started again
     */
    public void start() {
        requireOpen("start");
        if (NngThread.isCurrent()) {
            throw new IllegalStateException(attempt() + ": must not block NNG's thread");
        }
        NngException.check(NNG.nng_dialer_start(id(), 0), attempt());
    }

    /** Connects in the background and keeps trying. */
    public void startAsync() {
        requireOpen("start");
        NngException.check(NNG.nng_dialer_start(id(), NONBLOCK), attempt());
    }
}
