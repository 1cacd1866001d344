package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import org.nngjava.Message;

/**
 * What the broker answered. To be closed: the body is memory of the message.
 *
 * @param reply the header
 * @param body what follows it
 * @param message the whole
 */
record Answer(Reply reply, ByteBuffer body, Message message) implements AutoCloseable {
    static Answer of(Message message) throws BadMessageException {
        try {
            ByteBuffer body = message.body();
            return new Answer(Ngw1.decode(body, Reply.class), body, message);
        } catch (BadMessageException | RuntimeException e) {
            message.close();
            throw e;
        }
    }

    @Override
    public void close() {
        message.close();
    }
}
