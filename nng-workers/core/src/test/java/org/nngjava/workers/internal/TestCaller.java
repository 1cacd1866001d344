package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import org.nngjava.Message;

/** Somebody to be answered by way of the {@link Outbox} only. */
final class TestCaller implements Caller {
    private final int pipe;

    TestCaller(int pipe) {
        this.pipe = pipe;
    }

    @Override
    public int pipe() {
        return pipe;
    }

    @Override
    public String address() {
        return "test:" + pipe;
    }

    @Override
    public void answer(Reply reply, ByteBuffer body) {
        throw new AssertionError("answered before it was saved: " + reply);
    }

    @Override
    public void answer(Message message) {
        throw new AssertionError("answered before it was saved");
    }

    @Override
    public void abandon() {
        throw new AssertionError("abandoned past the outbox");
    }
}
