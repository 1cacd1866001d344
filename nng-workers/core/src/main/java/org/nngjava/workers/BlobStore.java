package org.nngjava.workers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.nngjava.workers.internal.CheckedStream;

/**
 * Where payloads and results lie. Safe for use by many threads. A missing blob is a {@link
 * java.nio.file.NoSuchFileException}.
 */
public interface BlobStore extends AutoCloseable {
    /**
     * Begins a blob, which exists once its writer commits it.
     *
     * @return its writer, to be closed by the caller
     * @throws IOException if the store cannot take a blob
     */
    BlobWriter create() throws IOException;

    /**
     * Reads a blob from its beginning.
     *
     * @param id the blob's id
     * @return its bytes, to be closed by the caller
     * @throws IOException if there is no such blob, or it cannot be read
     */
    InputStream open(String id) throws IOException;

    /**
     * Reads a blob from its beginning, and checks it.
     *
     * @param blob what to read
     * @return its bytes, to be closed by the caller; reading the end fails if they are not those that were written
     * @throws IOException if there is no such blob, or it cannot be read
     */
    default InputStream open(Blob blob) throws IOException {
        return new CheckedStream(open(blob.id()), blob.sha256(), "blob " + blob.id());
    }

    /**
     * Reads a part of a blob into the target until the target is full or the blob ends.
     *
     * @param id the blob's id
     * @param offset the first byte wanted
     * @param target where to put the bytes
     * @return how many bytes were read; 0 at or after the end
     * @throws IOException if there is no such blob, or it cannot be read
     */
    int read(String id, long offset, ByteBuffer target) throws IOException;

    /**
     * Tells how long a blob is.
     *
     * @param id the blob's id
     * @return its size in bytes
     * @throws IOException if there is no such blob
     */
    long size(String id) throws IOException;

    /**
     * Removes a blob. Readers that have it open may finish.
     *
     * @param id the blob's id
     * @return false if there was none
     * @throws IOException if it cannot be removed
     */
    boolean delete(String id) throws IOException;

    /**
     * Lists what is stored, in no order.
     *
     * @return the ids of all committed blobs
     * @throws IOException if the store cannot be read
     */
    List<String> ids() throws IOException;

    /** Gives back what the store holds of the operating system. */
    @Override
    void close();
}
