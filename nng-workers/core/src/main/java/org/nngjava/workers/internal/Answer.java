package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.nngjava.Message;

/**
 * What the broker answered. To be closed: the body may be memory of a message.
 *
 * @param reply the header
 * @param body what follows it
 * @param message the whole, or null if it came without one
 */
record Answer(Reply reply, ByteBuffer body, Message message) implements AutoCloseable {
    /** Reads a message, which is taken over, and completes with it a future, if somebody still waits for it. */
    static void complete(CompletableFuture<Answer> future, Message message) {
        boolean taken = false;
        try {
            ByteBuffer body = message.body();
            taken = future.complete(new Answer(Ngw1.decode(body, Reply.class), body, message));
        } catch (BadMessageException | RuntimeException e) {
            future.completeExceptionally(e);
        } finally {
            if (!taken) {
                message.close();
            }
        }
    }

    @Override
    public void close() {
        if (message != null) {
            message.close();
        }
    }
}
