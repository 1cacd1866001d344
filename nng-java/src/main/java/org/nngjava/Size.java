package org.nngjava;

/**
 * A number of bytes.
 *
 * @param bytes not negative
 */
public record Size(long bytes) {
    public Size {
        if (bytes < 0) {
            throw new IllegalArgumentException("negative size: " + bytes);
        }
    }

    public static Size ofBytes(long bytes) {
        return new Size(bytes);
    }

    /** Units of 1,024 bytes. */
    public static Size ofKiB(long kib) {
        return new Size(Math.multiplyExact(kib, 1L << 10));
    }

    /** Units of 1,024 KiB. */
    public static Size ofMiB(long mib) {
        return new Size(Math.multiplyExact(mib, 1L << 20));
    }
}
