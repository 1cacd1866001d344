package org.nngjava;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** A request that is answered once, later, by any thread. Closing it without a reply drops it: the requester hears nothing. */
public final class Request implements AutoCloseable {
    private final Question question;

    Request(Question question) {
        this.question = question;
    }

    /** What was asked. It belongs to this request and closes with it. */
    public Message message() {
        return question.message();
    }

    /**
     * Sends the reply without waiting; the reply belongs to the binding from now on.
     *
     * @throws IllegalStateException if a reply was sent already, or if {@code reply} was sent or closed
     */
    public CompletableFuture<Void> reply(Message reply) {
        return question.answer(Objects.requireNonNull(reply, "reply"));
    }

    /** Sends a copy of {@code reply} as the reply. */
    public CompletableFuture<Void> reply(byte[] reply) {
        return question.answer(Objects.requireNonNull(reply, "reply"));
    }

    @Override
    public void close() {
        question.close();
    }
}
