package org.nngjava.gifbroker.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobQueue;

/** Shows jobs and who works on them: {@code /v1/jobs}, {@code /v1/workers}. */
final class JobHandlers {
    private static final int DEFAULT_PAGE = 50;
    private static final int LARGEST_PAGE = 200;
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

    private final JobQueue queue;
    private final Waiting waiting;
    private final JobEvents events;

    JobHandlers(JobQueue queue, Waiting waiting, JobEvents events) {
        this.queue = queue;
        this.waiting = waiting;
        this.events = events;
    }

    void register(RoutesConfig routes) {
        routes.get("/v1/jobs", this::list);
        routes.get("/v1/jobs/{id}", this::show);
        routes.head("/v1/jobs/{id}", this::show);
        routes.delete("/v1/jobs/{id}", this::delete);
        routes.get("/v1/jobs/{id}/events", ctx -> events.streamOne(ctx, job(ctx)));
        routes.get("/v1/events", events::streamAll);
        routes.get("/v1/workers", ctx -> json(ctx, Map.of("workers", queue.workers())));
    }

    /**
     * A page of jobs, newest first.
     *
     * @param jobs at most as many as asked for
     * @param next where older ones are; null if there are none
     */
    record JobPage(List<JobResource> jobs, String next) {}

    private void list(Context ctx) {
        int limit = number(ctx, "limit", 1, LARGEST_PAGE, DEFAULT_PAGE);
        List<Job> jobs = queue.jobs(limit + 1, ctx.queryParam("before"));
        boolean more = jobs.size() > limit;
        List<JobResource> page = jobs.stream().limit(limit).map(JobResource::of).toList();
        String next = more
                ? "/v1/jobs?limit=" + limit + "&before=" + page.get(limit - 1).id()
                : null;
        json(ctx, new JobPage(page, next));
    }

    private void show(Context ctx) {
        Job job = job(ctx);
        Duration atMost = waitFor(ctx);
        if (atMost.isZero() || job.state().isFinal()) {
            json(ctx, JobResource.of(job));
            return;
        }
        ctx.future(() -> waiting.forEnd(job.id(), atMost)
                .thenAccept(end -> json(
                        ctx, JobResource.of(end.or(() -> queue.job(job.id())).orElse(job)))));
    }

    private void delete(Context ctx) {
        String id = ctx.pathParam("id");
        if (queue.cancel(id)) {
            json(ctx, JobResource.of(job(ctx)));
        } else if (queue.remove(id)) {
            ctx.status(204);
        } else {
            throw HttpProblems.unknownJob(id);
        }
    }

    private Job job(Context ctx) {
        String id = ctx.pathParam("id");
        return queue.job(id).orElseThrow(() -> HttpProblems.unknownJob(id));
    }

    private static Duration waitFor(Context ctx) {
        String text = ctx.queryParam("wait");
        if (text == null) {
            return Duration.ZERO;
        }
        if (!SECONDS.matcher(text).matches()) {
            throw new ProblemException(ProblemType.INVALID_OPTION, "'wait' is a number of seconds, such as 30 or 0.5");
        }
        return Duration.ofMillis(new BigDecimal(text).movePointRight(3).longValue());
    }

    private static int number(Context ctx, String name, int least, int most, int otherwise) {
        String text = ctx.queryParam(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new ProblemException(
                ProblemType.INVALID_OPTION, "'" + name + "' is a whole number from " + least + " to " + most);
    }

    private static void json(Context ctx, Object body) {
        ctx.header("Cache-Control", "no-store");
        ctx.contentType(Json.MEDIA_TYPE).result(Json.bytes(body));
    }
}
