package org.nngjava.workers.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A payload, fetched from the broker a chunk at a time. For one thread at a time. */
final class PayloadStream extends InputStream {
    private final Assignment assignment;
    private ByteBuffer bytes;
    private Answer chunk;
    private long fetched;
    private boolean closed;

    /** Begins with what came along with the job: all of a small payload, nothing of a big one. */
    PayloadStream(Assignment assignment, ByteBuffer first) {
        this.assignment = assignment;
        bytes = first;
        fetched = first.remaining();
    }

    @Override
    public int read() throws IOException {
        return fill() ? bytes.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, bytes.remaining());
        bytes.get(target, offset, count);
        return count;
    }

    @Override
    public int available() {
        return closed ? 0 : bytes.remaining();
    }

    @Override
    public void close() {
        closed = true;
        release();
    }

    private boolean fill() throws IOException {
        if (closed) {
            throw new IOException("the payload is closed");
        }
        if (bytes.hasRemaining()) {
            return true;
        }
        release();
        if (fetched >= assignment.payloadSize()) {
            return false;
        }
        chunk = assignment.call(new Request.Get(assignment.token(), fetched, Limits.CHUNK), null);
        bytes = chunk.body();
        fetched += bytes.remaining();
        if (!bytes.hasRemaining()) {
            throw new IOException("the payload of job " + assignment.id() + " ends after " + fetched + " bytes");
        }
        return true;
    }

    private void release() {
        bytes = ByteBuffer.allocate(0);
        if (chunk != null) {
            chunk.close();
            chunk = null;
        }
    }
}
