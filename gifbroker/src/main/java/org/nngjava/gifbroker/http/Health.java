package org.nngjava.gifbroker.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nngjava.gifbroker.GifJobHandler;
import org.nngjava.workers.BlobWriter;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobStoreException;
import org.nngjava.workers.QueueStatus;

/**
 * Says to whoever runs the server whether it lives ({@code /healthz}: the queue answers; a process that does not is to be started anew)
 * and whether a movie that is sent now would become a GIF ({@code /readyz}).
 */
final class Health {
    private static final System.Logger LOG = System.getLogger(Health.class.getName());

    /** Where it is asked. */
    static final Set<String> PATHS = Set.of("/healthz", "/readyz");

    private final JobQueue queue;

    Health(JobQueue queue) {
        this.queue = queue;
    }

    void register(RoutesConfig routes) {
        routes.get("/healthz", ctx -> json(ctx, queue.status()));
        routes.get("/readyz", this::ready);
    }

    private void ready(Context ctx) {
        QueueStatus status = queue.status();
        List<String> wrong = new ArrayList<>();
        if (!status.accepting()) {
            wrong.add("the server is closing");
        }
        if (!canStore()) {
            wrong.add("jobs and movies cannot be stored");
        }
        if (queue.workers().stream().noneMatch(worker -> worker.types().contains(GifJobHandler.TYPE))) {
            wrong.add("no worker is there");
        }
        if (status.queued() >= status.capacity()) {
            wrong.add("the queue is full");
        }
        if (!wrong.isEmpty()) {
            throw new ProblemException(
                    Problem.of(ProblemType.UNREADY, String.join("; ", wrong)), Map.of("Retry-After", "5"));
        }
        json(ctx, status);
    }

    /** Reads a job, and begins a movie that is not kept. */
    private boolean canStore() {
        try (BlobWriter probe = queue.blobs().create()) {
            probe.write(new byte[1]);
            queue.jobs(1, null);
            return true;
        } catch (IOException | JobStoreException e) {
            LOG.log(Level.WARNING, "Not ready, the store fails: " + e);
            return false;
        }
    }

    private static void json(Context ctx, QueueStatus status) {
        ctx.header("Cache-Control", "no-store");
        ctx.contentType(Json.MEDIA_TYPE).result(Json.bytes(status));
    }
}
