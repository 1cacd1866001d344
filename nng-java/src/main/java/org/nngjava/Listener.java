package org.nngjava;

/** Accepts connections at one address of a socket. Safe for use by several threads; closes with its socket. */
public final class Listener extends Endpoint {
    Listener(Socket socket, String url) {
        super(socket, "listen at", url, NNG::nng_listener_create, OptionFunctions.LISTENER, NNG::nng_listener_close);
    }

    /**
     * Binds the address and accepts connections. A listener that cannot be bound is closed.
     *
     * @throws NngException if the address cannot be bound, for example with {@link NngError#EADDRINUSE}; with {@link NngError#ESTATE} if
     *     it has started already
     */
    public void start() {
        int code;
        // While it is bound nobody else may use it: NNG 1.5.2 frees half of a ws listener that could not be bound.
        synchronized (this) {
            markStarted();
            code = NNG.nng_listener_start(id(), 0);
            if (code != 0) {
                markClosed();
            }
        }
        if (code != 0) {
            close();
            throw NngException.of(attempt(), code);
        }
    }

    /**
     * The address as a URL: once started, the one actually bound, with the port that the system chose, or the name that it chose for
     * {@code abstract://}. A URL without a host, as {@code tcp://:4711}, means all addresses of this machine.
     */
    @Override
    public String url() {
        String url = get(NngOptions.URL);
        if (url.equals("abstract://")) {
            return NativeAddress.url(get(NngOptions.LOCAL_ADDRESS), "abstract");
        }
        // That of ws is the one that was asked for, whatever was bound.
        int zero = portZero(url);
        return zero < 0 || !isStarted()
                ? url
                : url.substring(0, zero) + get(NngOptions.TCP_BOUND_PORT) + url.substring(zero + 1);
    }

    /** Where the 0 of {@code scheme://host:0/path} is, or -1. */
    private static int portZero(String url) {
        if (!url.startsWith("ws")) {
            return -1;
        }
        int authority = url.indexOf("://") + 3;
        int path = url.indexOf('/', authority);
        String host = path < 0 ? url : url.substring(0, path);
        return host.endsWith(":0") ? host.length() - 1 : -1;
    }
}
