package org.nngjava;

import java.util.Objects;

/**
 * A context: a conversation of its own on a socket that is shared, with its own state and options. Many contexts let one socket
 * have many requests under way.
 *
 * <p>Safe for use by several threads. Contexts close with their socket; one that is forgotten without being closed is closed when it is
 * garbage collected, unless an operation is under way.
 */
public abstract sealed class Context extends Conduit implements AutoCloseable
        permits RepContext, ReqContext, RespondentContext, SubContext, SurveyorContext {
    private final Socket socket; // stays open while its contexts are in use
    private final AioPool aios;
    private final int id;
    private final int optionsOfSocket;
    private final Closing closing;

    Context(Socket socket) {
        this(socket, new AioPool());
    }

    private Context(Socket socket, AioPool aios) {
        super(aios);
        this.socket = socket;
        this.aios = aios;
        SocketState state = socket.state();
        this.optionsOfSocket = state.optionsSet(); // before it opens with them
        int opened = state.openContext(aios, socket);
        this.id = opened;
        this.closing = new Closing(this, () -> state.closeContext(aios, opened));
    }

    /** Sets an option of this context, which has time-outs and protocol options of its own. */
    public final <T> void set(Option<T> option, T value) {
        Objects.requireNonNull(option, "option");
        Objects.requireNonNull(value, "value");
        socket.state().withContext(aios, "set " + option + " of " + this, () -> {
            option.set(OptionFunctions.CONTEXT, id, toString(), value);
            return null;
        });
    }

    /** Reads an option of this context. */
    public final <T> T get(Option<T> option) {
        Objects.requireNonNull(option, "option");
        return socket.state()
                .withContext(
                        aios,
                        "get " + option + " of " + this,
                        () -> option.get(OptionFunctions.CONTEXT, id, toString()));
    }

    /** Whether none was set since this context was opened. */
    final boolean hasOptionsOfSocket() {
        return optionsOfSocket == socket.state().optionsSet();
    }

    /** Closes the context and ends what is under way on it. Idempotent; may be called by any thread. */
    @Override
    public final void close() {
        closing.close();
    }

    @Override
    final void startSend(long aio) {
        NNG.nng_ctx_send(id, aio);
    }

    @Override
    final void startReceive(long aio) {
        NNG.nng_ctx_recv(id, aio);
    }

    @Override
    final void setBytes(String option, byte[] value) {
        String attempted = "set " + option + " of " + this;
        socket.state().withContext(aios, attempted, () -> {
            NngException.check(NNG.nng_ctx_set(id, option, value, value.length), attempted);
            return null;
        });
    }

    @Override
    public final String toString() {
        return "context " + id + " of " + socket;
    }
}
