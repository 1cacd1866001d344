package org.nngjava.workers.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.nngjava.workers.BlobStore;
import org.nngjava.workers.BlobWriter;
import org.nngjava.workers.JobStore;
import org.nngjava.workers.StoredJob;

/** All payloads and results of a queue: the big ones in a blob store, the small ones with their jobs. */
public final class JobBlobs implements BlobStore {
    private final BlobStore big;
    private final JobStore jobs;

    /**
     * Joins two stores.
     *
     * @param big where big blobs are
     * @param jobs where small blobs are
     */
    public JobBlobs(BlobStore big, JobStore jobs) {
        this.big = big;
        this.jobs = jobs;
    }

    @Override
    public BlobWriter create() throws IOException {
        return big.create();
    }

    @Override
    public InputStream open(String id) throws IOException {
        Optional<ByteBuffer> small = small(id);
        if (small.isEmpty()) {
            return big.open(id);
        }
        byte[] bytes = new byte[small.get().remaining()];
        small.get().get(bytes);
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public int read(String id, long offset, ByteBuffer target) throws IOException {
        Optional<ByteBuffer> small = small(id);
        if (small.isEmpty()) {
            return big.read(id, offset, target);
        }
        ByteBuffer bytes = small.get();
        int count = (int) Math.max(0, Math.min(target.remaining(), bytes.remaining() - offset));
        if (count > 0) {
            target.put(bytes.slice((int) offset, count));
        }
        return count;
    }

    @Override
    public long size(String id) throws IOException {
        Optional<ByteBuffer> small = small(id);
        return small.isPresent() ? small.get().remaining() : big.size(id);
    }

    @Override
    public boolean delete(String id) throws IOException {
        return big.delete(id);
    }

    @Override
    public List<String> ids() throws IOException {
        return big.ids();
    }

    /** Does nothing: both stores belong to others. */
    @Override
    public void close() {}

    private Optional<ByteBuffer> small(String id) {
        if (id.endsWith(SmallBlobs.PAYLOAD)) {
            return jobOf(id, SmallBlobs.PAYLOAD).map(StoredJob::smallPayload).map(ByteBuffer::duplicate);
        }
        if (id.endsWith(SmallBlobs.RESULT)) {
            return jobOf(id, SmallBlobs.RESULT).map(StoredJob::smallResult).map(ByteBuffer::duplicate);
        }
        return Optional.empty();
    }

    private Optional<StoredJob> jobOf(String id, String suffix) {
        return jobs.find(id.substring(0, id.length() - suffix.length()));
    }
}
