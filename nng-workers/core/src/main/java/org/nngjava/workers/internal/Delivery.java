package org.nngjava.workers.internal;

import java.util.concurrent.CompletableFuture;
import org.nngjava.Pipe;

/** A message on its way to a sink, and if that fails to the next. Its fields that change belong to the lock of the {@link Distribution}. */
final class Delivery {
    private final byte[] message;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private Outlet outlet;
    private Pipe pipe;
    private CompletableFuture<?> transfer;

    Delivery(byte[] message) {
        this.message = message;
    }

    byte[] message() {
        return message;
    }

    /** Completes when it is delivered. */
    CompletableFuture<Void> done() {
        return done;
    }

    void begins(Outlet to, Pipe over, CompletableFuture<?> underWay) {
        outlet = to;
        pipe = over;
        transfer = underWay;
    }

    /** The sink that has it. */
    Outlet outlet() {
        return outlet;
    }

    /** The connection over which it goes. */
    Pipe pipe() {
        return pipe;
    }

    /** Cancelling it takes the message back. */
    CompletableFuture<?> transfer() {
        return transfer;
    }
}
