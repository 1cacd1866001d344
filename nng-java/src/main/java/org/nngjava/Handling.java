package org.nngjava;

import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** Gives to a handler all that comes. What a handler throws is logged, and the next one comes. */
record Handling<T>(Consumer<? super T> handler, Consumer<? super T> abandon) implements Flow.Subscriber<T> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(T item) {
        try {
            handler.accept(item);
        } catch (Throwable t) {
            NngThread.log(t);
            abandon.accept(item);
        }
    }

    @Override
    public void onError(Throwable failure) {
        // Transfer.done() tells
    }

    @Override
    public void onComplete() {
        // Transfer.done() tells
    }
}
