package org.nngjava.workers;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Blobs in memory, for tests and small things. */
public final class MemoryBlobStore implements BlobStore {
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();

    /** An empty store. */
    public MemoryBlobStore() {}

    @Override
    public BlobWriter create() {
        return new Writer();
    }

    @Override
    public InputStream open(String id) throws NoSuchFileException {
        return new ByteArrayInputStream(find(id));
    }

    @Override
    public int read(String id, long offset, ByteBuffer target) throws NoSuchFileException {
        byte[] blob = find(id);
        int count = (int) Math.max(0, Math.min(target.remaining(), blob.length - offset));
        if (count > 0) {
            target.put(blob, (int) offset, count);
        }
        return count;
    }

    @Override
    public long size(String id) throws NoSuchFileException {
        return find(id).length;
    }

    @Override
    public boolean delete(String id) {
        return blobs.remove(id) != null;
    }

    @Override
    public List<String> ids() {
        return List.copyOf(blobs.keySet());
    }

    @Override
    public void close() {}

    private byte[] find(String id) throws NoSuchFileException {
        byte[] blob = blobs.get(id);
        if (blob == null) {
            throw new NoSuchFileException(id);
        }
        return blob;
    }

    private final class Writer extends BlobWriter {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        protected void append(ByteBuffer added) {
            byte[] copy = new byte[added.remaining()];
            added.get(copy);
            bytes.writeBytes(copy);
        }

        @Override
        protected String finish() {
            String id = UUID.randomUUID().toString().replace("-", "");
            blobs.put(id, bytes.toByteArray());
            return id;
        }

        @Override
        public void close() {}
    }
}
