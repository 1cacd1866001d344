package org.nngjava;

import java.util.Objects;
import java.util.function.IntConsumer;
import org.nngjava.internal.NngApi;
import org.nngjava.internal.NngLibrary;

/** What dialers and listeners have in common. */
abstract sealed class Endpoint implements AutoCloseable permits Dialer, Listener {
    static final NngApi NNG = NngLibrary.api();

    /** {@code nng_dialer_create} and {@code nng_listener_create}. */
    @FunctionalInterface
    interface Creation {
        int create(int[] out, int socket, String url);
    }

    private final Socket socket;
    private final String verb;
    private final String url;
    private final OptionFunctions options;
    private final IntConsumer nngClose;
    private final int id;
    private boolean started;
    private volatile boolean closed;

    Endpoint(Socket socket, String verb, String url, Creation creation, OptionFunctions options, IntConsumer nngClose) {
        this.socket = socket;
        this.verb = verb;
        this.url = Objects.requireNonNull(url, "url");
        this.options = options;
        this.nngClose = nngClose;
        int[] out = new int[1];
        // C would take the part before a NUL for the whole.
        int code = url.indexOf('\0') >= 0 ? NngError.EADDRINVAL.code() : creation.create(out, socket.id(), url);
        NngException.check(code, attempt());
        this.id = out[0];
    }

    /** The socket that it connects. */
    public final Socket socket() {
        return socket;
    }

    /** The address: for a started listener the one actually bound, with the port that the system chose. */
    public String url() {
        return url;
    }

    /**
     * Sets an option, before the start.
     *
     * @throws NngException with {@link NngError#ESTATE} if it has started
     */
    public final synchronized <T> void set(Option<T> option, T value) {
        Objects.requireNonNull(option, "option");
        Objects.requireNonNull(value, "value");
        requireNotStarted("set " + option);
        try {
            option.set(options, id, toString(), value);
        } catch (NngException e) {
            requireOpen("set " + option); // it may have been closed meanwhile
            throw e;
        }
    }

    /** Reads an option. What it does not know itself is asked of its socket. */
    public final synchronized <T> T get(Option<T> option) {
        Objects.requireNonNull(option, "option");
        requireOpen("get " + option);
        try {
            return option.get(options, id, toString());
        } catch (NngException e) {
            requireOpen("get " + option);
            throw e;
        }
    }

    /**
     * What NNG counts of it now: connections, and why they failed.
     *
     * @throws NngClosedException if it is closed
     */
    public final Statistic.Scope statistics() {
        String kind = this instanceof Dialer ? "dialer" : "listener";
        return Statistics.ofEndpoint(socket.id(), kind, id)
                .orElseThrow(() -> new NngClosedException("get the statistics of " + this));
    }

    /** Closes it and the connections that it made. Idempotent; may be called by any thread. */
    @Override
    public final void close() {
        markClosed();
        socket.remove(this);
        if (NngThread.isCurrent()) {
            NngThread.HANDED_OVER.execute(this::closeNow);
        } else {
            closeNow();
        }
    }

    private void closeNow() {
        socket.state().closeEndpoint(() -> nngClose.accept(id));
    }

    final int id() {
        return id;
    }

    /** What was tried, for error messages. */
    final String attempt() {
        return verb + " " + url;
    }

    /** Marks it as started, so that nothing is changed under the feet of NNG's threads. */
    final synchronized void markStarted() {
        requireNotStarted("start");
        started = true;
    }

    final synchronized void markNotStarted() {
        started = false;
    }

    final synchronized boolean isStarted() {
        return started;
    }

    /** Refuses all use from now on. */
    final void markClosed() {
        closed = true;
    }

    private void requireNotStarted(String attempted) {
        requireOpen(attempted);
        if (started) {
            throw NngException.of(attempted + " of " + this + ", which has started", NngError.ESTATE.code());
        }
    }

    final void requireOpen(String attempted) {
        if (isClosed()) {
            throw new NngClosedException(attempted + " of " + this);
        }
    }

    final boolean isClosed() {
        return closed || socket.state().aios.isClosed();
    }

    /** What is before {@code ://} in a URL. */
    static String scheme(String url) {
        return url.substring(0, Math.max(0, url.indexOf("://")));
    }

    /** The host in a URL, without brackets, and without the local address that may stand before it. */
    static String host(String url) {
        String authority = url.substring(url.indexOf("://") + 3).split("[/?#]", 2)[0];
        String remote = authority.substring(authority.indexOf(';') + 1);
        int end = remote.startsWith("[") ? remote.indexOf(']') : remote.lastIndexOf(':');
        return remote.substring(remote.startsWith("[") ? 1 : 0, end < 0 ? remote.length() : end);
    }

    @Override
    public final String toString() {
        return (this instanceof Dialer ? "dialer to " : "listener at ") + url;
    }
}
