package org.nngjava.gifbroker.http;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Map;
import org.nngjava.workers.BlobStore;
import org.nngjava.workers.BlobWriter;

/** Writes a movie to a blob as it comes, and refuses it with the byte that is too much. */
final class MovieSink implements RequestBody.Sink<Movie> {
    private static final System.Logger LOG = System.getLogger(MovieSink.class.getName());

    private final BlobWriter writer;
    private final long limit;

    /**
     * @param limit bytes that a movie may have
     * @throws ProblemException 507 if the store takes no blob
     */
    MovieSink(BlobStore blobs, long limit) {
        this.limit = limit;
        try {
            writer = blobs.create();
        } catch (IOException e) {
            throw notStored(e);
        }
    }

    @Override
    public void write(ByteBuffer bytes) {
        if (writer.size() + bytes.remaining() > limit) {
            throw tooLarge(limit);
        }
        try {
            writer.write(bytes);
        } catch (IOException e) {
            throw notStored(e);
        }
    }

    @Override
    public Movie finish() {
        if (writer.size() == 0) {
            throw new ProblemException(
                    ProblemType.EMPTY_BODY,
                    "The body is empty; send the movie as the body, as in curl --data-binary @movie.mp4");
        }
        try (writer) {
            return new Movie(writer.commit(null), Map.of());
        } catch (IOException e) {
            throw notStored(e);
        }
    }

    @Override
    public void abort() {
        try {
            writer.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "A part of an upload could not be removed", e);
        }
    }

    static ProblemException tooLarge(long limit) {
        return new ProblemException(ProblemType.TOO_LARGE, "A movie may have " + limit + " bytes here");
    }

    static ProblemException notStored(IOException e) {
        LOG.log(Level.ERROR, "An upload could not be stored", e);
        return new ProblemException(ProblemType.DISK_FULL, "It could not be written to disk");
    }
}
