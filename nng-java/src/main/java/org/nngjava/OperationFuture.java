package org.nngjava;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The outcome of an asynchronous operation. Cancelling it, or failing it, cancels the operation in NNG; when that comes too late, the
 * operation's own outcome stands, so that no message is lost.
 */
abstract class OperationFuture<T> extends CompletableFuture<T> implements Operation {
    private final Conduit conduit; // stays reachable, hence open, while its operation is under way
    private final String verb;
    private volatile Aio aio;
    /** Why it was given up, or null. */
    private final AtomicReference<Throwable> reason = new AtomicReference<>();

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
        giveUp(new CancellationException());
        return isCancelled();
    }

    /** {@link #orTimeout} and the like end up here: as {@link #cancel}, but with a failure of the caller's. */
    @Override
    public boolean completeExceptionally(Throwable failure) {
        return giveUp(failure);
    }

    /** The operation's own outcome is lost. */
    @Override
    public boolean complete(T value) {
        boolean completed = super.complete(value);
        Aio started = aio;
        if (completed && started != null) {
            started.cancel(this); // does nothing if the operation has ended
        }
        return completed;
    }

    private boolean giveUp(Throwable failure) {
        if (isDone()) {
            return false;
        }
        boolean first = reason.compareAndSet(null, failure);
        aio.cancel(this);
        if (!NngThread.isCurrent()) {
            handle((value, thrown) -> value).join();
        }
        return first && isCompletedExceptionally();
    }

    final void fail(int result) {
        Throwable given = reason.get();
        super.completeExceptionally(
                given != null && result == NngError.ECANCELED.code() ? given : conduit.failure(verb, result));
    }
}
