package org.nngjava.gifbroker.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.nngjava.workers.Blob;
import org.nngjava.workers.BlobStore;
import org.nngjava.workers.BlobWriter;
import org.nngjava.workers.JobRequest;

/** Makes a body the payload of a job: a small one stays with the job, a bigger one becomes a blob, which the sink gives. */
final class PayloadSink implements RequestBody.Sink<Optional<Blob>> {
    private static final System.Logger LOG = System.getLogger(PayloadSink.class.getName());
    private static final int SMALL = 16 * 1024;

    private final JobRequest.Builder request;
    private final BlobStore blobs;
    private final long limit;
    private final ByteArrayOutputStream small = new ByteArrayOutputStream();
    private BlobWriter big;

    /**
     * @param limit bytes that a payload may have
     */
    PayloadSink(JobRequest.Builder request, BlobStore blobs, long limit) {
        this.request = request;
        this.blobs = blobs;
        this.limit = limit;
    }

    @Override
    public void write(ByteBuffer bytes) {
        try {
            if (big == null && small.size() + bytes.remaining() > SMALL) {
                big = blobs.create();
                big.write(small.toByteArray());
            }
            if (big == null) {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                small.writeBytes(copy);
            } else {
                mindLimit(big.size() + bytes.remaining());
                big.write(bytes);
            }
        } catch (IOException e) {
            throw MovieSink.notStored(e);
        }
    }

    @Override
    public Optional<Blob> finish() {
        mindLimit(small.size());
        if (big == null) {
            request.payload(small.toByteArray());
            return Optional.empty();
        }
        try (BlobWriter writer = big) {
            Blob blob = writer.commit(null);
            request.payload(blob);
            return Optional.of(blob);
        } catch (IOException e) {
            throw MovieSink.notStored(e);
        }
    }

    @Override
    public void abort() {
        if (big == null) {
            return;
        }
        try {
            big.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "A part of a payload could not be removed", e);
        }
    }

    private void mindLimit(long size) {
        if (size > limit) {
            throw ResultSink.tooLarge(limit);
        }
    }
}
