package org.nngjava;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A send and then a receive. Cancelling it gives up the request: whatever is under way is cancelled, a late reply is closed. */
final class RequestFuture extends CompletableFuture<Message> {
    private CompletableFuture<?> underWay; // guarded by this
    private boolean givenUp; // guarded by this
    private volatile boolean answered;

    RequestFuture(CompletableFuture<Void> sent, Supplier<CompletableFuture<Message>> receive) {
        underWay = sent;
        sent.whenComplete((ignored, failure) -> {
            if (failure != null) {
                completeExceptionally(failure);
            } else {
                receive(receive);
            }
        });
    }

    private void receive(Supplier<CompletableFuture<Message>> receive) {
        CompletableFuture<Message> received;
        try {
            synchronized (this) {
                if (givenUp) {
                    return; // a receive now would take the reply of the context's next request
                }
                received = receive.get();
                underWay = received;
            }
        } catch (RuntimeException e) {
            completeExceptionally(e);
            return;
        }
        received.whenComplete((message, failure) -> {
            answered = failure == null;
            if (failure != null) {
                completeExceptionally(failure);
            } else if (!complete(message)) {
                message.close();
            }
        });
    }

    /** Whether the reply has come, whatever the future was completed with. */
    boolean isAnswered() {
        return answered;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        CompletableFuture<?> current = giveUp();
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        current.cancel(mayInterruptIfRunning);
        return cancelled;
    }

    /** {@link #orTimeout} ends up here. */
    @Override
    public boolean completeExceptionally(Throwable failure) {
        CompletableFuture<?> current = giveUp();
        boolean completed = super.completeExceptionally(failure);
        if (!current.isDone()) {
            current.completeExceptionally(failure);
        }
        return completed;
    }

    private synchronized CompletableFuture<?> giveUp() {
        givenUp = true;
        return underWay;
    }
}
