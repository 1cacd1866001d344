package org.nngjava;

import java.util.concurrent.CompletableFuture;

/**
 * The outcome of an asynchronous operation. Cancelling it cancels the operation in NNG; when that comes too late, the
 * operation's own outcome stands, so that no message is lost.
 */
abstract class OperationFuture<T> extends CompletableFuture<T> implements Operation {
    private final Conduit conduit; // stays reachable, hence open, while its operation is under way
    private final String verb;
    private volatile Aio aio;
    private volatile boolean cancelled;

    OperationFuture(Conduit conduit, String verb) {
        this.conduit = conduit;
        this.verb = verb;
    }

    void runsOn(Aio started) {
        aio = started;
    }

    /**
     * Cancels the operation and waits the moment until NNG has let go of it. On one of NNG's own threads it cannot wait: there
     * it answers false, and the future completes soon after.
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!isDone()) {
            cancelled = true;
            aio.cancel(this);
            if (!NngThread.isCurrent()) {
                handle((value, failure) -> value).join();
            }
        }
        return isCancelled();
    }

    @Override
    public boolean complete(T value) {
        return super.complete(value) && giveUp();
    }

    /** {@link #orTimeout} and the like end up here: they give up the operation as well. */
    @Override
    public boolean completeExceptionally(Throwable failure) {
        return super.completeExceptionally(failure) && giveUp();
    }

    private boolean giveUp() {
        Aio started = aio;
        if (started != null) {
            started.cancel(this); // does nothing if the operation has ended
        }
        return true;
    }

    final void fail(int result) {
        if (cancelled && result == NngError.ECANCELED.code()) {
            super.cancel(false);
        } else {
            completeExceptionally(conduit.failure(verb, result));
        }
    }
}
