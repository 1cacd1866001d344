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
    private volatile boolean closed;

    Endpoint(Socket socket, String verb, String url, Creation creation, OptionFunctions options, IntConsumer nngClose) {
        this.socket = socket;
        this.verb = verb;
        this.url = Objects.requireNonNull(url, "url");
        this.options = options;
        this.nngClose = nngClose;
        int[] out = new int[1];
        NngException.check(creation.create(out, socket.id(), url), verb + " " + url);
        this.id = out[0];
    }

    /** The address: for a started listener the one actually bound, with the port that the system chose. */
    public String url() {
        return url;
    }

    /** Sets an option, before the start. */
    public final <T> void set(Option<T> option, T value) {
        requireOpen("set " + option);
        option.set(options, id, toString(), value);
    }

    /** Reads an option. */
    public final <T> T get(Option<T> option) {
        requireOpen("get " + option);
        return option.get(options, id, toString());
    }

    /** Closes it and the connections that it made. Idempotent; may be called by any thread. */
    @Override
    public final void close() {
        closed = true;
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

    final void requireOpen(String attempted) {
        if (closed || socket.state().aios.isClosed()) {
            throw new NngClosedException(attempted + " of " + this);
        }
    }

    @Override
    public final String toString() {
        return (this instanceof Dialer ? "dialer to " : "listener at ") + url;
    }
}
