package org.nngjava.workers;

import java.util.Objects;

/**
 * Names bytes that are stored: a job's payload or result. A blob never changes; its id may serve as a strong entity tag.
 *
 * @param id what {@link BlobStore#open(String)} takes; safe in file names and URLs
 * @param size in bytes
 * @param contentType the media type that the writer gave, or null
 * @param sha256 the SHA-256 digest of the bytes, 64 lower-case hexadecimal digits
 */
public record Blob(String id, long size, String contentType, String sha256) {
    /** Checks that nothing is missing. */
    public Blob {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(sha256, "sha256");
        if (size < 0) {
            throw new IllegalArgumentException("a blob of " + size + " bytes");
        }
    }
}
