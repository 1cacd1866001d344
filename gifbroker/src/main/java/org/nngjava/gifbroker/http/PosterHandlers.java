package org.nngjava.gifbroker.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.nngjava.gifbroker.Posters;
import org.nngjava.gifbroker.media.PosterMaker;
import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobQueue;

/** Gives the first frame of a GIF: {@code /v1/gifs/{id}/poster}. */
final class PosterHandlers {
    private static final System.Logger LOG = System.getLogger(PosterHandlers.class.getName());

    private final JobQueue queue;
    private final Posters posters;

    PosterHandlers(JobQueue queue, Posters posters) {
        this.queue = queue;
        this.posters = posters;
    }

    void register(RoutesConfig routes) {
        routes.get("/v1/gifs/{id}/poster", this::poster);
        routes.head("/v1/gifs/{id}/poster", this::poster);
    }

    private void poster(Context ctx) {
        Job job = GifHandlers.job(queue, ctx);
        Blob gif = job.result();
        if (gif == null && !job.state().isFinal()) {
            throw HttpProblems.notReady("The GIF is not there yet; see " + JobResource.self(job.id()));
        }
        if (gif == null) {
            throw new ProblemException(ProblemType.NO_POSTER, "There is no GIF");
        }
        String tag = '"' + gif.sha256() + "-poster\"";
        ctx.header("ETag", tag);
        ctx.header("Cache-Control", "private, no-cache");
        if (GifResource.holdsAlready(ctx.header("If-None-Match"), tag)) {
            ctx.status(304);
            return;
        }
        Optional<Path> there = posters.find(gif);
        if (there.isPresent()) {
            send(ctx, there.get());
        } else {
            ctx.future(() -> posters.makeSoon(gif, queue.blobs()).handle((made, failure) -> {
                if (failure != null) {
                    throw problem(failure);
                }
                send(ctx, made);
                return null;
            }));
        }
    }

    private static ProblemException problem(Throwable failure) {
        if (failure instanceof NoSuchFileException) {
            return new ProblemException(ProblemType.GONE, "The GIF was removed");
        }
        LOG.log(Level.WARNING, "There is no poster: " + failure.getMessage());
        return new ProblemException(ProblemType.NO_POSTER, "None can be made here");
    }

    /** It is small. */
    private static void send(Context ctx, Path poster) {
        try {
            ctx.contentType(PosterMaker.MEDIA_TYPE).result(Files.readAllBytes(poster));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
