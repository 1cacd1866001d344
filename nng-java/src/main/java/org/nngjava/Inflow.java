package org.nngjava;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Receives one item after the other for a subscriber, as many as it asked for. There is one receive or one signal at a time: a receive
 * starts when the subscriber has returned, so that a slow one stops the reading.
 */
final class Inflow<T> implements Operation, Flow.Subscription, Transfer {
    private enum State {
        /** Nothing is asked for. */
        IDLE,
        RECEIVING,
        /** A signal is on its way to the subscriber, or with it. */
        SIGNALLING
    }

    private final Source<T> source;
    private final Flow.Subscriber<? super T> subscriber;
    private final Executor executor;
    private final Runnable delivery = this::deliver;
    private final Runnable signal = this::signal;
    private final Runnable proceeding = this::proceed;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private State state = State.SIGNALLING; // guarded by this, as are the next two
    private long demand;
    /** The signal that waits for its executor. */
    private Runnable waiting;

    private volatile boolean cancelled;
    /** Why nothing more comes: what the subscriber or its executor did wrong. */
    private volatile RuntimeException violation;

    private volatile Aio aio;
    private volatile Thread signaller;
    private volatile Conduit conduit;
    private long message;

    private Inflow(Source<T> source, Flow.Subscriber<? super T> subscriber, Executor executor) {
        this.source = source;
        this.subscriber = Objects.requireNonNull(subscriber, "subscriber");
        this.executor = executor;
    }

    /** Gives all that comes to a handler; an item whose handler throws is abandoned. */
    static <T> Inflow<T> handle(
            Source<T> source, Consumer<? super T> handler, Consumer<? super T> abandon, Executor executor) {
        Objects.requireNonNull(handler, "handler");
        return start(source, new Handling<>(handler, abandon), executor);
    }

    /** Receives what the subscriber asks for, which hears of it by the executor, or on NNG's thread where that is null. */
    static <T> Inflow<T> start(Source<T> source, Flow.Subscriber<? super T> subscriber, Executor executor) {
        Inflow<T> inflow = new Inflow<>(source, subscriber, executor);
        inflow.start();
        return inflow;
    }

    /** Fails a subscriber that cannot have anything. */
    static <T> void refuse(Flow.Subscriber<? super T> subscriber, RuntimeException reason) {
        Inflow<T> inflow = new Inflow<>(null, subscriber, null);
        inflow.violation = reason;
        inflow.start();
    }

    private void start() {
        signaller = Thread.currentThread();
        try {
            subscriber.onSubscribe(this);
        } finally {
            signaller = null;
        }
        proceed();
    }

    @Override
    public void request(long n) {
        boolean wasIdle;
        synchronized (this) {
            wasIdle = leaveIdle();
            if (n > 0) {
                demand = n > Long.MAX_VALUE - demand ? Long.MAX_VALUE : demand + n;
            } else {
                violation = new IllegalArgumentException("a subscriber asks for at least one item, not for " + n);
            }
        }
        changed(wasIdle);
    }

    @Override
    public void cancel() {
        boolean wasIdle;
        synchronized (this) {
            wasIdle = leaveIdle();
            cancelled = true;
        }
        changed(wasIdle);
    }

    private boolean leaveIdle() {
        if (state != State.IDLE) {
            return false;
        }
        state = State.SIGNALLING;
        return true;
    }

    private void changed(boolean wasIdle) {
        if (wasIdle || (isOver() && isPutOff())) {
            proceed();
        } else {
            cancelIfOver(aio);
        }
    }

    private boolean isPutOff() {
        Conduit current = conduit;
        return current != null && current.answers != null && current.answers.takeBack(proceeding);
    }

    @Override
    public CompletableFuture<Void> done() {
        return done;
    }

    @Override
    public void close() {
        cancel();
        if (!NngThread.isCurrent() && signaller != Thread.currentThread()) {
            signal(); // its executor may never do it
            done.handle((nothing, failure) -> null).join();
        }
    }

    /** Does what comes next, when no receive is under way and no signal either. */
    private void proceed() {
        Conduit current = conduit;
        if (current != null && current.answers != null && !isOver() && current.answers.putOff(proceeding)) {
            // The handler has sent an answer. With the next message it would send another one.
            if (!isOver() || !current.answers.takeBack(proceeding)) {
                return;
            }
        }
        synchronized (this) {
            if (!isOver()) {
                if (demand == 0) {
                    state = State.IDLE;
                    return;
                }
                if (demand != Long.MAX_VALUE) {
                    demand--;
                }
                state = State.RECEIVING;
            }
        }
        if (isOver()) {
            end(violation);
        } else {
            receive();
        }
    }

    private boolean isOver() {
        return cancelled || violation != null;
    }

    private void receive() {
        Aio free;
        try {
            conduit = source.conduit();
            free = conduit.acquire();
            aio = free;
            conduit.start(free, this, 0, Timeouts.INFINITE);
        } catch (RuntimeException e) {
            end(e);
            return;
        }
        cancelIfOver(free); // a cancel that came before the start did nothing
    }

    /** Between receives this does nothing: {@link #proceed} sees that it is over. */
    private void cancelIfOver(Aio current) {
        if (current != null && isOver()) {
            current.cancel(this);
        }
    }

    @Override
    public void ended(int result, long message) {
        synchronized (this) {
            state = State.SIGNALLING;
        }
        if (message != 0) {
            this.message = message;
            dispatch(delivery);
        } else if (violation != null) {
            end(violation);
        } else {
            end(conduit.failure("receive", result));
        }
    }

    private void deliver() {
        T item = source.item(message);
        signaller = Thread.currentThread();
        try {
            subscriber.onNext(item);
        } catch (Throwable t) {
            NngThread.log(t);
            cancelled = true;
        } finally {
            signaller = null;
        }
        source.delivered();
        proceed();
    }

    private void end(RuntimeException failure) {
        if (source != null) {
            source.end();
        }
        if (cancelled) {
            done.complete(null);
        } else if (failure instanceof NngException nng && source.isEnd(nng)) {
            dispatch(() -> finish(subscriber::onComplete, null));
        } else {
            dispatch(() -> finish(() -> subscriber.onError(failure), failure));
        }
    }

    private void finish(Runnable last, Throwable failure) {
        signaller = Thread.currentThread();
        NngThread.report(last);
        signaller = null;
        if (failure == null) {
            done.complete(null);
        } else {
            done.completeExceptionally(failure);
        }
    }

    private void dispatch(Runnable next) {
        if (executor == null) {
            next.run();
            return;
        }
        synchronized (this) {
            waiting = next;
        }
        // Nobody may wait for ever for an executor that does nothing any more.
        Executor chosen = isOver() ? NngThread.HANDED_OVER : executor;
        try {
            chosen.execute(signal);
        } catch (RejectedExecutionException e) {
            violation = e;
            NngThread.HANDED_OVER.execute(signal);
        }
    }

    /** Gives the waiting signal, unless that was done. */
    private void signal() {
        Runnable next;
        synchronized (this) {
            next = waiting;
            waiting = null;
        }
        if (next != null) {
            next.run();
        }
    }
}
