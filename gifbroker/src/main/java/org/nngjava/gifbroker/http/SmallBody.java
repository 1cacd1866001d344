package org.nngjava.gifbroker.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Keeps a body in memory that cannot be large. */
final class SmallBody implements RequestBody.Sink<byte[]> {
    private static final int LIMIT = 64 * 1024;

    private final ByteArrayOutputStream all = new ByteArrayOutputStream();

    @Override
    public void write(ByteBuffer bytes) {
        if (all.size() + bytes.remaining() > LIMIT) {
            throw ResultSink.tooLarge(LIMIT);
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        all.writeBytes(copy);
    }

    @Override
    public byte[] finish() {
        return all.toByteArray();
    }

    @Override
    public void abort() {}
}
