package org.nngjava.workers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.nngjava.workers.internal.Limits;
import org.nngjava.workers.internal.Submission;

/**
 * What a job that is submitted works on, in its place: small bytes stay with the job, others go to the blob store first.
 *
 * @param blobs where the others are
 * @param ours the blob that was made here, and is to be deleted if the job is refused; null if none was
 * @param submission names the payload
 */
record Payload(BlobStore blobs, Blob ours, Submission submission) {
    private static final System.Logger LOG = System.getLogger(Payload.class.getName());

    static Payload of(JobRequest request, StoredJob done, BlobStore blobs) {
        ByteBuffer bytes = request.payloadBytes();
        if (bytes == null || !bytes.hasRemaining()) {
            return new Payload(blobs, null, request.submission(request.storedPayload(), null, done));
        }
        if (bytes.remaining() <= Limits.SMALL) {
            return new Payload(blobs, null, request.submission(null, bytes, done));
        }
        Blob stored = store(bytes, blobs);
        return new Payload(blobs, stored, request.submission(stored, null, done));
    }

    /** The job was refused. A blob that its submitter has written stays. */
    void delete() {
        if (ours != null) {
            try {
                blobs.delete(ours.id());
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "cannot delete the payload of a job that was refused", e);
            }
        }
    }

    private static Blob store(ByteBuffer bytes, BlobStore blobs) {
        try (BlobWriter writer = blobs.create()) {
            writer.write(bytes.duplicate());
            return writer.commit(null);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot store a payload of " + bytes.remaining() + " bytes", e);
        }
    }
}
