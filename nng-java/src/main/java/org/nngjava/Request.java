package org.nngjava;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request that is answered once, later, by any thread. Closing it without a reply drops it: the requester hears nothing. */
public final class Request implements AutoCloseable {
    private final RepContext context;
    private final Message message;
    private final AtomicBoolean answered = new AtomicBoolean();

    Request(RepContext context, Message message) {
        this.context = context;
        this.message = message;
    }

    /** What was asked. It belongs to this request and closes with it. */
    public Message message() {
        return message;
    }

    /**
     * Sends the reply without waiting; the reply belongs to the binding from now on.
     *
     * @throws IllegalStateException if a reply was sent already, or if {@code reply} was sent or closed
     */
    public CompletableFuture<Void> reply(Message reply) {
        reply.requireOwned();
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("the request was answered or closed");
        }
        message.close();
        try {
            CompletableFuture<Void> sent = context.sendAsync(reply);
            sent.whenComplete((ignored, failure) -> context.close());
            return sent;
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    /** Sends a copy of {@code reply} as the reply. */
    public CompletableFuture<Void> reply(byte[] reply) {
        return reply(Message.of(reply));
    }

    @Override
    public void close() {
        if (answered.compareAndSet(false, true)) {
            message.close();
            context.close();
        }
    }
}
