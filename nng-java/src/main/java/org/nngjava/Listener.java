package org.nngjava;

/** Accepts connections at one address of a socket. Safe for use by several threads; closes with its socket. */
public final class Listener extends Endpoint {
    Listener(Socket socket, String url) {
        super(socket, "listen at", url, NNG::nng_listener_create, OptionFunctions.LISTENER, NNG::nng_listener_close);
    }

    /**
     * Binds the address and accepts connections.
     *
     * @throws NngException if the address cannot be bound
     */
    public void start() {
        requireOpen("start");
        NngException.check(NNG.nng_listener_start(id(), 0), attempt());
    }

    /** The address: once started, the one actually bound, with the port that the system chose. */
    @Override
    public String url() {
        return get(NngOptions.URL);
    }
}
