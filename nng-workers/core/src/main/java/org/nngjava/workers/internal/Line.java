package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** Carries a request to the broker and its answer back, one after the other. */
interface Line extends AutoCloseable {
    /**
     * Sends a request. Cancelling the future gives it up. Whoever takes the answer closes it.
     *
     * @param body what follows the header, or null; copied
     */
    CompletableFuture<Answer> send(Request request, ByteBuffer body);

    @Override
    void close();
}
