package org.nngjava;

/**
 * A context: a conversation of its own on a socket that is shared, with its own state and options. Many contexts let one socket
 * have many requests under way.
 *
 * <p>Safe for use by several threads. Contexts close with their socket.
 */
public abstract sealed class Context extends Conduit implements AutoCloseable
        permits RepContext, ReqContext, RespondentContext, SubContext, SurveyorContext {
    private final Socket socket; // stays open while its contexts are in use
    private final AioPool aios;
    private final int id;

    Context(Socket socket) {
        this(socket, new AioPool());
    }

    private Context(Socket socket, AioPool aios) {
        super(aios);
        this.socket = socket;
        this.aios = aios;
        this.id = socket.state().openContext(aios, socket);
    }

    /** Sets an option of this context, which has time-outs and protocol options of its own. */
    public final <T> void set(Option<T> option, T value) {
        socket.state().withContext(aios, "set " + option + " of " + this, () -> {
            option.set(OptionFunctions.CONTEXT, id, toString(), value);
            return null;
        });
    }

    /** Reads an option of this context. */
    public final <T> T get(Option<T> option) {
        return socket.state()
                .withContext(
                        aios,
                        "get " + option + " of " + this,
                        () -> option.get(OptionFunctions.CONTEXT, id, toString()));
    }

    /** Closes the context and ends what is under way on it. Idempotent; may be called by any thread. */
    @Override
    public final void close() {
        if (NngThread.isCurrent()) {
            NngThread.HANDED_OVER.execute(() -> socket.state().closeContext(aios, id));
        } else {
            socket.state().closeContext(aios, id);
        }
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
