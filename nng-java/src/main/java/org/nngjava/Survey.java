package org.nngjava;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** A survey that is answered once, later, by any thread. Closing it without an answer drops it: the surveyor hears nothing. */
public final class Survey implements AutoCloseable {
    private final Question question;

    Survey(Question question) {
        this.question = question;
    }

    /** What was asked. It belongs to this survey and closes with it. */
    public Message message() {
        return question.message();
    }

    /**
     * Sends the answer without waiting; the answer belongs to the binding from now on. One that comes after the deadline is thrown away
     * by the surveyor.
     *
     * @throws IllegalStateException if an answer was sent already, or if {@code answer} was sent or closed
     */
    public CompletableFuture<Void> respond(Message answer) {
        return question.answer(Objects.requireNonNull(answer, "answer"));
    }

    /** Sends a copy of {@code answer} as the answer. */
    public CompletableFuture<Void> respond(byte[] answer) {
        return question.answer(Objects.requireNonNull(answer, "answer"));
    }

    @Override
    public void close() {
        question.close();
    }
}
