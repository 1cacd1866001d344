package org.nngjava;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A message on a context of its own, on which it is answered once. */
final class Question implements AutoCloseable {
    private final ContextPool.Loan<?> loan;
    private final Message message;
    private final AtomicBoolean answered = new AtomicBoolean();

    Question(ContextPool.Loan<?> loan, Message message) {
        this.loan = loan;
        this.message = message;
    }

    /** Waits for one on a context, which is on loan until it is answered, or closes if none comes. */
    static Question receive(ContextPool.Loan<?> loan, int timeoutMillis) {
        try {
            return new Question(loan, loan.context().receive(timeoutMillis));
        } catch (RuntimeException e) {
            loan.close();
            throw e;
        }
    }

    /** Takes one that is there already. */
    static Optional<Question> tryReceive(ContextPool.Loan<?> loan) {
        Optional<Message> message;
        try {
            message = loan.context().attemptReceive();
        } catch (RuntimeException e) {
            loan.close();
            throw e;
        }
        if (message.isEmpty()) {
            loan.end();
        }
        return message.map(received -> new Question(loan, received));
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
            SendFuture sent = loan.context().sendAsync(answer, Timeouts.OF_SOCKET);
            sent.whenComplete((ignored, failure) -> loan.end(sent.isSent()));
            return sent;
        } catch (RuntimeException e) {
            loan.close();
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
            loan.close();
        }
    }
}
