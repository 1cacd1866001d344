package org.nngjava;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A request or survey to come, on a context of its own. Cancelling it cancels the receive; what had come by then stands. */
final class QuestionFuture<T> extends CompletableFuture<T> {
    private final CompletableFuture<Message> receive;

    /** Receives on a context, which is on loan until the question is answered, or closes when none comes. */
    QuestionFuture(ContextPool.Loan<?> loan, Function<Question, T> wrap, int timeoutMillis) {
        try {
            receive = loan.context().receiveAsync(timeoutMillis);
        } catch (RuntimeException e) {
            loan.close();
            throw e;
        }
        receive.whenComplete((message, failure) -> {
            if (failure == null) {
                Question question = new Question(loan, message);
                if (!super.complete(wrap.apply(question))) {
                    question.close(); // somebody completed the future by hand, so that nobody else will
                }
                return;
            }
            loan.close();
            if (receive.isCancelled()) {
                super.cancel(false);
            } else {
                super.completeExceptionally(failure);
            }
        });
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        receive.cancel(mayInterruptIfRunning);
        if (!NngThread.isCurrent()) {
            handle((question, failure) -> question).join();
        }
        return isCancelled();
    }

    @Override
    public boolean complete(T value) {
        boolean completed = super.complete(value);
        if (completed) {
            receive.cancel(false);
        }
        return completed;
    }

    /** {@link #orTimeout} and the like end up here. */
    @Override
    public boolean completeExceptionally(Throwable failure) {
        return receive.completeExceptionally(failure);
    }
}
