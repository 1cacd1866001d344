package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.nngjava.gifbroker.http.JobResource;

/** Makes GIFs of movies: in this process, or by a server. */
interface GifMaker extends AutoCloseable {
    /**
     * Hands over a movie.
     *
     * @param options as in {@code GifOptions}
     * @throws IOException if the movie cannot be read or the server refuses it, with a sentence that says why
     */
    JobResource submit(Path movie, Map<String, String> options) throws IOException, InterruptedException;

    /** The job when it is finished, or as it is after a while. */
    JobResource look(String jobId, Duration atMost) throws IOException, InterruptedException;

    /** Writes the GIF of a job that succeeded to a file that does not exist or may be overwritten. */
    void fetch(String jobId, Path gif) throws IOException, InterruptedException;

    /** Cancels what is not finished and lets go of everything. Idempotent. */
    @Override
    void close();
}
