package org.nngjava.workers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Blobs in memory, of which one can be made to lose bytes as it is written. */
public final class FlakyBlobStore implements BlobStore {
    private final MemoryBlobStore blobs = new MemoryBlobStore();
    private final AtomicBoolean failing = new AtomicBoolean();

    /** The bytes that are written next are not stored. */
    public void failOnce() {
        failing.set(true);
    }

    @Override
    public BlobWriter create() {
        return new Writer(blobs.create());
    }

    @Override
    public InputStream open(String id) throws IOException {
        return blobs.open(id);
    }

    @Override
    public int read(String id, long offset, ByteBuffer target) throws IOException {
        return blobs.read(id, offset, target);
    }

    @Override
    public long size(String id) throws IOException {
        return blobs.size(id);
    }

    @Override
    public boolean delete(String id) {
        return blobs.delete(id);
    }

    @Override
    public List<String> ids() {
        return blobs.ids();
    }

    @Override
    public void close() {}

    private final class Writer extends BlobWriter {
        private final BlobWriter whole;

        private Writer(BlobWriter whole) {
            this.whole = whole;
        }

        @Override
        protected void append(ByteBuffer bytes) throws IOException {
            if (failing.getAndSet(false)) {
                throw new IOException("No space left on device");
            }
            whole.write(bytes);
        }

        @Override
        protected String finish() throws IOException {
            return whole.commit(null).id();
        }

        @Override
        public void close() throws IOException {
            whole.close();
        }
    }
}
