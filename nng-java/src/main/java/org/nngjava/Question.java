package org.nngjava;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A message on a context of its own, on which it is answered once. */
final class Question implements AutoCloseable {
    private final Context context;
    private final Message message;
    private final AtomicBoolean answered = new AtomicBoolean();

    Question(Context context, Message message) {
        this.context = context;
        this.message = message;
    }

    /** Waits for one on a context, which closes with it, or now if none comes. */
    static Question receive(Context context, int timeoutMillis) {
        try {
            return new Question(context, context.receive(timeoutMillis));
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    /** Takes one that is there already; otherwise the context closes. */
    static Optional<Question> tryReceive(Context context) {
        Optional<Message> message = Optional.empty();
        try {
            message = context.attemptReceive();
        } finally {
            if (message.isEmpty()) {
                context.close();
            }
        }
        return message.map(received -> new Question(context, received));
    }

    Message message() {
        return message;
    }

    CompletableFuture<Void> answer(Message answer) {
        answer.requireOwned();
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("it was answered or closed already");
        }
        message.close();
        try {
            CompletableFuture<Void> sent = context.sendAsync(answer, Timeouts.OF_SOCKET);
            sent.whenComplete((ignored, failure) -> context.close());
            return sent;
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    /** Sends a copy as the answer. */
    CompletableFuture<Void> answer(byte[] answer) {
        Message copy = Message.of(answer);
        try {
            return answer(copy);
        } catch (RuntimeException e) {
            copy.close();
            throw e;
        }
    }

    @Override
    public void close() {
        if (answered.compareAndSet(false, true)) {
            message.close();
            context.close();
        }
    }
}
