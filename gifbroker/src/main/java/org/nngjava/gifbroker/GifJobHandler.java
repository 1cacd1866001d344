package org.nngjava.gifbroker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.nngjava.gifbroker.media.GifConverter;
import org.nngjava.gifbroker.media.GifOptions;
import org.nngjava.gifbroker.media.InvalidOptionException;
import org.nngjava.gifbroker.media.MediaException;
import org.nngjava.gifbroker.media.ScratchDirectory;
import org.nngjava.gifbroker.media.WorkDirectories.WorkDirectory;
import org.nngjava.workers.JobContext;
import org.nngjava.workers.JobHandler;
import org.nngjava.workers.PermanentFailureException;

/**
 * What a worker does: fetches the movie to a file, converts it, sends the GIF back. Movie and GIF pass piece by piece. What is wrong
 * with a movie fails the job for good, what went wrong here is tried again.
 */
public final class GifJobHandler implements JobHandler {
    /** The type of the jobs that this handler runs. */
    public static final String TYPE = "gif";

    /** An option that is not for this handler: whom the server tells of the job's end. */
    public static final String CALLBACK = "callback";

    private final GifConverter converter;
    private final WorkDirectory directory;

    /**
     * @param converter may be shared by many handlers
     * @param directory of this worker
     */
    public GifJobHandler(GifConverter converter, WorkDirectory directory) {
        this.converter = converter;
        this.directory = directory;
    }

    @Override
    public void handle(JobContext job)
            throws IOException, InterruptedException, PermanentFailureException, MediaException {
        try (ScratchDirectory scratch = directory.newJob()) {
            Path movie = scratch.path().resolve("movie");
            Path gif = scratch.path().resolve("movie.gif");
            try (InputStream payload = job.payload()) {
                Files.copy(payload, movie);
            }
            GifOptions options = options(job);
            converter.convert(movie, gif, options, job::progress);
            try (OutputStream result = job.result(options.formatOrDefault().mediaType())) {
                Files.copy(gif, result);
            }
        } catch (InvalidOptionException e) {
            throw new PermanentFailureException("invalid-option", e.getMessage(), e);
        } catch (MediaException e) {
            if (e.isPermanent()) {
                throw new PermanentFailureException(code(e), e.getMessage(), e);
            }
            throw e;
        }
    }

    private static GifOptions options(JobContext job) throws InvalidOptionException {
        Map<String, String> options = new HashMap<>(job.options());
        options.remove(CALLBACK);
        return GifOptions.parse(options);
    }

    private static String code(MediaException e) {
        return e.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
