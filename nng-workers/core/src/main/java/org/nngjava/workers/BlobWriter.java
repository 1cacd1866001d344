package org.nngjava.workers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Writes one blob. It exists for others when {@link #commit} has returned; a writer that is closed without it leaves
 * nothing behind. For one thread at a time.
 */
public abstract class BlobWriter extends OutputStream {
    private final MessageDigest digest = sha256();
    private long size;
    private boolean broken;

    /** For the stores. */
    protected BlobWriter() {}

    /**
     * Appends the bytes between the buffer's position and limit.
     *
     * @param bytes consumed entirely
     * @throws IOException if they cannot be written, or others before them could not: some may be missing then, and the blob can
     *     only be dropped
     */
    public final void write(ByteBuffer bytes) throws IOException {
        requireWhole();
        broken = true; // until it is known to be well
        digest.update(bytes.duplicate());
        size += bytes.remaining();
        append(bytes);
        broken = false;
    }

    private void requireWhole() throws IOException {
        if (broken) {
            throw new IOException("bytes of this blob could not be written before");
        }
    }

    @Override
    public final void write(byte[] bytes, int offset, int length) throws IOException {
        write(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public final void write(int value) throws IOException {
        write(ByteBuffer.wrap(new byte[] {(byte) value}));
    }

    /**
     * Tells how much was written so far.
     *
     * @return in bytes
     */
    public final long size() {
        return size;
    }

    /**
     * Makes the blob durable and visible, in one step: after a crash there is all of it or nothing.
     *
     * @param contentType the media type of the bytes, or null
     * @return the blob
     * @throws IOException if it could not be stored, or not all that was written; nothing is left of it then
     */
    public final Blob commit(String contentType) throws IOException {
        requireWhole();
        return new Blob(finish(), size, contentType, HexFormat.of().formatHex(digest.digest()));
    }

    /**
     * Appends bytes.
     *
     * @param bytes consumed entirely
     * @throws IOException if they cannot be written
     */
    protected abstract void append(ByteBuffer bytes) throws IOException;

    /**
     * Makes what was appended durable and visible.
     *
     * @return the id of the new blob
     * @throws IOException if that failed
     */
    protected abstract String finish() throws IOException;

    /**
     * Ends the writer; without a {@link #commit} before, what was written is dropped.
     *
     * @throws IOException if it could not be dropped
     */
    @Override
    public abstract void close() throws IOException;

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
