package org.nngjava.gifbroker.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.nngjava.gifbroker.GifJobHandler;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobState;

/** Shows jobs, ends them and tries them again: {@code /v1/jobs}. */
final class JobHandlers {
    private static final int DEFAULT_PAGE = 50;
    private static final int LARGEST_PAGE = 200;

    /** How many jobs one request may look through. */
    private static final int MOST_SEEN = 2_000;

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

    private final JobQueue queue;
    private final Waiting waiting;
    private final JobEvents events;
    private final FollowUps followUps;

    JobHandlers(JobQueue queue, Waiting waiting, JobEvents events, FollowUps followUps) {
        this.queue = queue;
        this.waiting = waiting;
        this.events = events;
        this.followUps = followUps;
    }

    void register(RoutesConfig routes) {
        routes.get("/v1/jobs", this::list);
        routes.get("/v1/jobs/{id}", this::show);
        routes.head("/v1/jobs/{id}", this::show);
        routes.delete("/v1/jobs/{id}", this::delete);
        routes.post("/v1/jobs/{id}/cancel", this::cancel);
        routes.post("/v1/jobs/{id}/retry", this::retry);
        routes.get("/v1/jobs/{id}/events", ctx -> events.streamOne(ctx, job(ctx)));
        routes.get("/v1/events", events::streamAll);
    }

    /**
     * A page of jobs, newest first.
     *
     * @param jobs at most as many as asked for, and fewer where few are in the state that is asked for
     * @param next where older ones are; null if there are none
     */
    record JobPage(List<JobResource> jobs, String next) {}

    private void list(Context ctx) {
        int limit = Query.number(ctx, "limit", 1, LARGEST_PAGE, DEFAULT_PAGE);
        Optional<JobState> state = state(ctx.queryParam("state"));
        String type = Query.name(ctx, "type", GifJobHandler.TYPE);
        List<JobResource> page = new ArrayList<>();
        String before = ctx.queryParam("before");
        int seen = 0;
        boolean more = true;
        while (more && page.size() < limit && seen < MOST_SEEN) {
            int wanted = state.isPresent() ? LARGEST_PAGE : limit;
            List<Job> jobs = queue.jobs(wanted + 1, before);
            more = jobs.size() > wanted;
            for (Job job : jobs.subList(0, Math.min(wanted, jobs.size()))) {
                if (page.size() == limit) {
                    more = true;
                    break;
                }
                before = job.id();
                seen++;
                if (job.type().equals(type) && (state.isEmpty() || state.get() == job.state())) {
                    page.add(JobResource.of(job));
                }
            }
        }
        String filter = state.map(only -> "&state=" + name(only)).orElse("")
                + (type.equals(GifJobHandler.TYPE) ? "" : "&type=" + URLEncoder.encode(type, StandardCharsets.UTF_8));
        json(ctx, new JobPage(page, more ? "/v1/jobs?limit=" + limit + filter + "&before=" + before : null));
    }

    private static Optional<JobState> state(String name) {
        if (name == null) {
            return Optional.empty();
        }
        return Optional.of(Arrays.stream(JobState.values())
                .filter(state -> name(state).equals(name))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemType.INVALID_OPTION,
                        "'state' is one of "
                                + Arrays.stream(JobState.values())
                                        .map(JobHandlers::name)
                                        .collect(Collectors.joining(", ")))));
    }

    private static String name(JobState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** Unlike DELETE, leaves a job alone that has just finished. */
    private void cancel(Context ctx) {
        Job job = job(ctx);
        if (!queue.cancel(job.id())) {
            throw new ProblemException(ProblemType.FINISHED, "Job " + job.id() + " is finished already");
        }
        json(ctx, JobResource.of(job(ctx)));
    }

    private void retry(Context ctx) {
        Job job = job(ctx);
        if (job.state() != JobState.FAILED) {
            throw new ProblemException(ProblemType.NOT_RETRYABLE, "The job has not failed, it is " + name(job.state()));
        }
        if (job.payload() == null && job.type().equals(GifJobHandler.TYPE)) {
            throw new ProblemException(
                    ProblemType.NOT_RETRYABLE,
                    "Its movie was not kept, for it would fail again: "
                            + job.error().message());
        }
        if (!queue.requeue(job.id())) {
            throw new ProblemException(ProblemType.NOT_RETRYABLE, "The job is being tried again, or was removed");
        }
        followUps.follow(job(ctx));
        json(ctx.status(202), JobResource.of(job(ctx)));
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

    private static void json(Context ctx, Object body) {
        ctx.header("Cache-Control", "no-store");
        ctx.contentType(Json.MEDIA_TYPE).result(Json.bytes(body));
    }
}
