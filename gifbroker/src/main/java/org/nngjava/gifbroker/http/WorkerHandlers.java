package org.nngjava.gifbroker.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.WorkerStatus;

/** Shows workers and gives them orders: {@code /v1/workers}. */
final class WorkerHandlers {
    private static final Duration HALT = Duration.ofSeconds(20);

    private final JobQueue queue;

    WorkerHandlers(JobQueue queue) {
        this.queue = queue;
    }

    /**
     * Workers.
     *
     * @param workers sorted by name
     */
    record Workers(List<WorkerStatus> workers) {}

    /**
     * What became of an order.
     *
     * @param workers how many were told
     */
    record Ordered(int workers) {}

    void register(RoutesConfig routes) {
        routes.get("/v1/workers", ctx -> json(ctx, new Workers(queue.workers())));
        routes.post("/v1/workers/{name}/quiet", order(queue::quiet));
        routes.post("/v1/workers/{name}/resume", order(queue::resume));
        routes.post("/v1/workers/{name}/halt", order(which -> queue.halt(which, HALT)));
    }

    private static Handler order(ToIntFunction<Predicate<WorkerStatus>> order) {
        return ctx -> {
            String name = ctx.pathParam("name");
            int told = order.applyAsInt(
                    worker -> worker.name().equals(name) || worker.id().equals(name));
            if (told == 0) {
                throw new ProblemException(ProblemType.UNKNOWN_WORKER, "There is no worker '" + name + "'");
            }
            json(ctx.status(202), new Ordered(told));
        };
    }

    private static void json(Context ctx, Object body) {
        ctx.header("Cache-Control", "no-store");
        ctx.contentType(Json.MEDIA_TYPE).result(Json.bytes(body));
    }
}
