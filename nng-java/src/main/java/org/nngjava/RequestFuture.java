package org.nngjava;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A request that is sent and then answered. Cancelling it gives up the request: what is under way is cancelled, a late reply is closed. */
final class RequestFuture extends CompletableFuture<Message> implements Operation {
    private final ReqContext context; // stays reachable, hence open, while something is under way
    private final Consumer<Boolean> over;
    private boolean sent;
    private Aio aio; // guarded by this, as is the next
    private boolean givenUp;

    /**
     * For a request that is still to be {@linkplain #send sent}, or was and is to be {@linkplain #receive answered}.
     *
     * @param over is told, when nothing is under way any more, whether the reply has come
     */
    RequestFuture(ReqContext context, Consumer<Boolean> over) {
        this.context = context;
        this.over = over;
    }

    /** Sends what now belongs to this future, unless that fails. */
    void send(Message request) {
        long pointer = request.take();
        try {
            start(pointer);
        } catch (RuntimeException e) {
            request.restore(pointer);
            throw e;
        }
    }

    /** Receives the reply. */
    void receive() {
        sent = true;
        try {
            if (!start(0)) {
                over.accept(false);
            }
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** False if it was given up: a receive now would take the reply of the context's next request. */
    private synchronized boolean start(long request) {
        if (!givenUp) {
            aio = context.acquire();
            context.start(aio, this, request, Timeouts.OF_SOCKET);
        }
        return !givenUp;
    }

    @Override
    public void ended(int result, long message) {
        if (!sent && result == 0) {
            receive();
        } else if (!sent) {
            Message.received(message).close();
            fail(context.failure("send", result));
        } else if (message == 0) {
            fail(context.failure("receive", result));
        } else {
            over.accept(true);
            Message reply = Message.received(message);
            if (!super.complete(reply)) {
                reply.close();
            }
        }
    }

    private void fail(RuntimeException failure) {
        over.accept(false);
        super.completeExceptionally(failure);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        Aio current = giveUp();
        return cancelled(current, super.cancel(mayInterruptIfRunning));
    }

    /** {@link #orTimeout} ends up here. */
    @Override
    public boolean completeExceptionally(Throwable failure) {
        Aio current = giveUp();
        return cancelled(current, super.completeExceptionally(failure));
    }

    @Override
    public boolean complete(Message reply) {
        Aio current = giveUp();
        return cancelled(current, super.complete(reply));
    }

    private synchronized Aio giveUp() {
        givenUp = true;
        return aio;
    }

    private boolean cancelled(Aio current, boolean completed) {
        if (completed) {
            current.cancel(this);
        }
        return completed;
    }
}
