package org.nngjava;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

/** Sends what a publisher gives it, some messages at a time: it asks for another one whenever NNG has accepted one. */
final class Outflow implements Flow.Subscriber<Message>, Transfer {
    private final Conduit conduit;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final List<Sending> all;
    private final ArrayDeque<Sending> free; // guarded by this, as is what follows
    private Flow.Subscription subscription;
    private Throwable failure;
    /** There will be no more messages. */
    private boolean complete;
    /** It was closed or has failed: what is under way is cancelled. */
    private volatile boolean over;

    private Outflow(Conduit conduit, int window) {
        this.conduit = conduit;
        this.all = Stream.generate(Sending::new).limit(window).toList();
        this.free = new ArrayDeque<>(all);
    }

    /** Of any publisher: one is sent while the next one is fetched. */
    static Outflow of(Conduit conduit, Flow.Publisher<? extends Message> messages) {
        return start(conduit, messages, 2);
    }

    /** Of one that gives a message at once. With a second one under way NNG's threads would only wait for each other's locks. */
    static Outflow ofPrompt(Conduit conduit, Flow.Publisher<? extends Message> messages) {
        return start(conduit, messages, 1);
    }

    private static Outflow start(Conduit conduit, Flow.Publisher<? extends Message> messages, int window) {
        Outflow outflow = new Outflow(conduit, window);
        messages.subscribe(outflow);
        return outflow;
    }

    @Override
    public void onSubscribe(Flow.Subscription offered) {
        Objects.requireNonNull(offered, "subscription");
        boolean wanted;
        synchronized (this) {
            wanted = subscription == null && !over;
            if (wanted) {
                subscription = offered;
            }
        }
        if (wanted) {
            offered.request(all.size());
        } else {
            offered.cancel();
        }
    }

    @Override
    public void onNext(Message message) {
        long pointer;
        try {
            pointer = message.take();
        } catch (IllegalStateException e) {
            stop(e);
            return;
        }
        Sending sending;
        synchronized (this) {
            sending = over ? null : free.poll();
        }
        if (sending != null) {
            sending.start(pointer);
        } else {
            Message.received(pointer).close();
            stop(new IllegalStateException("more messages were published than asked for"));
        }
    }

    @Override
    public void onError(Throwable thrown) {
        Objects.requireNonNull(thrown, "failure");
        synchronized (this) {
            complete = true;
            failure = failure == null ? thrown : failure;
        }
        endIfIdle();
    }

    @Override
    public void onComplete() {
        synchronized (this) {
            complete = true;
        }
        endIfIdle();
    }

    @Override
    public CompletableFuture<Void> done() {
        return done;
    }

    @Override
    public void close() {
        stop(null);
        if (!NngThread.isCurrent()) {
            done.handle((nothing, failure) -> null).join();
        }
    }

    private void stop(Throwable reason) {
        Flow.Subscription source;
        synchronized (this) {
            if (!over) {
                over = true;
                failure = failure == null ? reason : failure;
            }
            source = complete ? null : subscription;
        }
        if (source != null) {
            source.cancel();
        }
        all.forEach(Sending::cancel);
        endIfIdle();
    }

    private void sent(Sending sending) {
        Flow.Subscription source;
        synchronized (this) {
            free.push(sending);
            source = over || complete ? null : subscription;
        }
        if (source != null) {
            source.request(1);
        } else {
            endIfIdle();
        }
    }

    private void failed(Sending sending, long message, RuntimeException reason) {
        Message.received(message).close();
        synchronized (this) {
            free.push(sending);
        }
        stop(reason);
    }

    private void endIfIdle() {
        Throwable reason;
        synchronized (this) {
            if (!(over || complete) || free.size() < all.size()) {
                return;
            }
            reason = failure;
        }
        if (reason == null) {
            done.complete(null);
        } else {
            done.completeExceptionally(reason);
        }
    }

    /** One of the sends under way at once. */
    private final class Sending implements Operation {
        private volatile Aio aio;

        void start(long message) {
            Aio acquired;
            try {
                acquired = conduit.acquire();
                aio = acquired;
                conduit.start(acquired, this, message, Timeouts.OF_SOCKET);
            } catch (RuntimeException e) {
                failed(this, message, e);
                return;
            }
            if (over) {
                acquired.cancel(this); // whoever stopped it may have come before the start
            }
        }

        void cancel() {
            Aio current = aio;
            if (current != null) {
                current.cancel(this);
            }
        }

        @Override
        public void ended(int result, long message) {
            if (result == 0) {
                sent(this);
            } else {
                failed(this, message, conduit.failure("send", result));
            }
        }
    }
}
