package org.nngjava;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A context of a {@link ReqSocket}: one request under way, a new one cancels the old. */
public final class ReqContext extends Context implements Sender, Receiver {
    ReqContext(ReqSocket socket) {
        super(socket);
    }

    /** Sends a request and waits for its reply, by the time-outs of this context. The request is sent as {@link #send} does it. */
    public Message request(Message request) {
        send(Objects.requireNonNull(request, "request"));
        return receive();
    }

    /** Like {@link #request(Message)}; waits for the reply at most {@code timeout} once the request is sent. */
    public Message request(Message request, Duration timeout) {
        int millis = Timeouts.millis(timeout);
        send(Objects.requireNonNull(request, "request"));
        return receive(millis);
    }

    /**
     * Sends a request and gives its reply. The request belongs to the binding from now on. Cancelling the future gives up the
     * request.
     */
    public CompletableFuture<Message> requestAsync(Message request) {
        return ask(Objects.requireNonNull(request, "request"), answered -> {});
    }

    /** Sends on this thread what can be sent at once, which saves a callback for that. */
    RequestFuture ask(Message request, Consumer<Boolean> over) {
        RequestFuture reply = new RequestFuture(this, over);
        try {
            if (attemptSend(request)) {
                reply.receive();
            } else {
                reply.send(request);
            }
            return reply;
        } catch (RuntimeException e) {
            request.close();
            throw e;
        }
    }
}
