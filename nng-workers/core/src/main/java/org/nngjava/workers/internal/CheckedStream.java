package org.nngjava.workers.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Checks what is read: the end comes only if all bytes before it have the digest that they should have. */
public final class CheckedStream extends FilterInputStream {
    private static final int SKIPPED_AT_ONCE = 16 * 1024;

    private final MessageDigest digest = SmallBlobs.sha256();
    private final String expected;
    private final String what;

    /**
     * Checks a stream from its beginning.
     *
     * @param in closed with this
     * @param expected the SHA-256 digest in lower-case hexadecimal digits
     * @param what is read, for the message
     */
    public CheckedStream(InputStream in, String expected, String what) {
        super(in);
        this.expected = expected;
        this.what = what;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = in.read(target, offset, length);
        if (count > 0) {
            digest.update(target, offset, count);
        } else if (count < 0) {
            check();
        }
        return count;
    }

    /** Reads what is skipped. */
    @Override
    public long skip(long count) throws IOException {
        byte[] skipped = new byte[(int) Math.max(0, Math.min(count, SKIPPED_AT_ONCE))];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void check() throws IOException {
        // The digest of a copy, since the end may be read again.
        try {
            MessageDigest all = (MessageDigest) digest.clone();
            String actual = HexFormat.of().formatHex(all.digest());
            if (!actual.equals(expected)) {
                throw new IOException(what + " is corrupt: its SHA-256 is " + actual + " instead of " + expected);
            }
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 of every Java platform can be cloned", e);
        }
    }
}
