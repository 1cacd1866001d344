package org.nngjava.workers.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.nngjava.workers.Blob;
import org.nngjava.workers.BlobStore;
import org.nngjava.workers.BlobWriter;

/** A result on its way into the blob store, part by part. Safe for use by many threads. */
final class Upload {
    private final BlobStore blobs;
    private final String id;
    private BlobWriter writer;
    private Exception failure;
    private boolean ended;
    private volatile Blob committed;
    private volatile boolean taken;

    Upload(BlobStore blobs, String id) {
        this.blobs = blobs;
        this.id = id;
    }

    String id() {
        return id;
    }

    /** Stores a part, unless it is there already. Blocks on the disk. What is there after a failure nobody knows: all others fail as well. */
    synchronized Reply store(Request.Put part, ByteBuffer bytes) throws IOException {
        if (ended) {
            return new Reply.Refused(Reply.Refused.STALE, "the lease of this upload has ended");
        }
        if (failure != null) {
            throw new IOException("an earlier part could not be stored", failure);
        }
        try {
            return append(part, bytes);
        } catch (IOException | RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    private Reply append(Request.Put part, ByteBuffer bytes) throws IOException {
        if (committed != null) {
            return new Reply.Stored(committed.size());
        }
        if (writer == null) {
            writer = blobs.create();
        }
        if (part.offset() > writer.size()) {
            return new Reply.Refused(
                    Reply.Refused.OFFSET, "the part begins at " + part.offset() + ", expected " + writer.size());
        }
        if (part.offset() == writer.size()) {
            writer.write(bytes);
        }
        if (part.last()) {
            committed = writer.commit(part.contentType());
            writer.close();
        }
        return new Reply.Stored(writer.size());
    }

    /** Takes over the blob, once: null after that, or if not all of it arrived. Does not block. */
    Blob take() {
        Blob whole = taken ? null : committed;
        taken |= whole != null;
        return whole;
    }

    /** Drops what was not taken. Blocks on the disk. */
    synchronized void end() throws IOException {
        if (ended) {
            return;
        }
        ended = true;
        if (writer != null) {
            writer.close();
        }
        if (committed != null && !taken) {
            blobs.delete(committed.id());
        }
    }
}
