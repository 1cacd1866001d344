package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.nngjava.workers.Blob;

/** Names the payloads and results that are too small for the blob store and are remembered with their job. */
final class SmallBlobs {
    static final String PAYLOAD = "-payload";
    static final String RESULT = "-result";

    private SmallBlobs() {}

    static Blob payload(String jobId, ByteBuffer bytes) {
        return new Blob(jobId + PAYLOAD, bytes.remaining(), null, sha256(bytes));
    }

    static Blob result(String jobId, ByteBuffer bytes, String contentType) {
        return new Blob(jobId + RESULT, bytes.remaining(), contentType, sha256(bytes));
    }

    static boolean isSmall(String jobId, Blob blob) {
        return blob.id().startsWith(jobId + "-");
    }

    /** Copies what is between position and limit, which stay as they are. */
    static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }

    private static String sha256(ByteBuffer bytes) {
        MessageDigest digest = sha256();
        digest.update(bytes.duplicate());
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
