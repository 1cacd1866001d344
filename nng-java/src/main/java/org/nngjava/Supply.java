package org.nngjava;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The messages of a supplier, which is asked for one after the other as they are wanted, until it has no more. */
final class Supply implements Flow.Subscription {
    private final Supplier<? extends Message> supplier;
    private final Flow.Subscriber<? super Message> subscriber;
    private final Executor executor;
    private final Runnable drain = this::drain;
    /** Held while the supplier runs. */
    private final ReentrantLock supplying = new ReentrantLock();

    private long demand; // guarded by this, as is the next
    private boolean draining;
    private volatile boolean over;

    private Supply(
            Supplier<? extends Message> supplier, Flow.Subscriber<? super Message> subscriber, Executor executor) {
        this.supplier = supplier;
        this.subscriber = subscriber;
        this.executor = executor;
    }

    /** Runs the supplier by an executor, or where that is null on threads of NNG and the binding. */
    static Flow.Publisher<Message> of(Supplier<? extends Message> supplier, Executor executor) {
        Objects.requireNonNull(supplier, "source");
        return subscriber -> subscriber.onSubscribe(new Supply(supplier, subscriber, executor));
    }

    @Override
    public void request(long n) {
        synchronized (this) {
            demand += n;
            if (draining || over) {
                return;
            }
            draining = true;
        }
        if (executor == null && NngThread.isCurrent()) {
            drain();
            return;
        }
        try {
            (executor == null ? NngThread.HANDED_OVER : executor).execute(drain);
        } catch (RejectedExecutionException e) {
            over = true;
            subscriber.onError(e);
        }
    }

    /** Waits for a supplier that runs now, but not inside it or on NNG's thread. */
    @Override
    public void cancel() {
        over = true;
        if (!NngThread.isCurrent()) {
            supplying.lock();
            try {
                // it has returned
            } finally {
                supplying.unlock();
            }
        }
    }

    private void drain() {
        while (goesOn()) {
            supplying.lock();
            try {
                supply();
            } finally {
                supplying.unlock();
            }
        }
    }

    private void supply() {
        Message message;
        try {
            message = over ? null : supplier.get();
        } catch (Throwable t) {
            over = true;
            subscriber.onError(t);
            return;
        }
        if (message == null) {
            over = true;
            subscriber.onComplete();
        } else {
            subscriber.onNext(message);
        }
    }

    private synchronized boolean goesOn() {
        draining = demand > 0 && !over;
        if (draining) {
            demand--;
        }
        return draining;
    }
}
