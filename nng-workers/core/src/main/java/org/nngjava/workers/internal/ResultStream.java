package org.nngjava.workers.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;

/**
 * A result on its way to the broker. A small one is kept until it is reported; a bigger one is sent a chunk at a time. For
 * one thread at a time.
 */
final class ResultStream extends OutputStream {
    private final Assignment assignment;
    private final String contentType;
    private byte[] buffer = new byte[Limits.SMALL];
    private int buffered;
    private String uploadId;
    private long sent;
    private boolean ended;

    ResultStream(Assignment assignment, String contentType) {
        this.assignment = assignment;
        this.contentType = contentType;
    }

    @Override
    public synchronized void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (ended) {
            throw new IOException("the result of job " + assignment.id() + " has ended");
        }
        int written = 0;
        while (written < length) {
            makeRoom();
            int count = Math.min(length - written, buffer.length - buffered);
            System.arraycopy(bytes, offset + written, buffer, buffered, count);
            buffered += count;
            written += count;
        }
    }

    /** The handler has ended: sends what is left of a big result. */
    synchronized void end() throws IOException {
        if (!ended && uploadId != null) {
            send(true);
        }
        ended = true;
    }

    /** Ends the result for the handler. It is sent in any case. */
    @Override
    public void close() throws IOException {
        end();
    }

    String contentType() {
        return contentType;
    }

    /** Names a big result; null for a small one. */
    synchronized String uploadId() {
        return uploadId;
    }

    /** A small result; null for a big one. */
    synchronized ByteBuffer smallBytes() {
        return uploadId == null ? ByteBuffer.wrap(buffer, 0, buffered).slice() : null;
    }

    private void makeRoom() throws IOException {
        if (buffered < buffer.length) {
            return;
        }
        if (uploadId == null) {
            uploadId = UUID.randomUUID().toString();
            buffer = Arrays.copyOf(buffer, Limits.CHUNK);
        } else {
            send(false);
        }
    }

    private void send(boolean last) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, buffered);
        Request.Put part = new Request.Put(assignment.token(), uploadId, sent, last, contentType);
        assignment.call(part, bytes).close();
        sent += buffered;
        buffered = 0;
    }
}
