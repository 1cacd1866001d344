package org.nngjava.gifbroker.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.nngjava.gifbroker.GifJobHandler;
import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobError;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobRequest;
import tools.jackson.core.JacksonException;

/** Jobs of any type, for workers that speak HTTP: {@code /v1/work}. */
final class WorkHandlers {
    /** Where jobs come from. */
    static final String STREAM = "/v1/work/stream";

    private static final String NDJSON = "application/x-ndjson";
    private static final String BINARY = "application/octet-stream";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String TYPE = "work";
    private static final String OPTION = "option.";
    private static final Set<String> OF_A_STREAM = Set.of("worker", "type", "credit", "lease");
    private static final Set<String> OF_A_JOB =
            Set.of("type", "priority", "delay", "timeout", "retries", "label", OPTION + "NAME");
    private static final int MOST_TYPES = 64;
    private static final int MOST_CREDIT = 256;
    private static final int LONGEST_LEASE = 3_600;
    private static final int USUAL_LEASE = 30;
    private static final int MOST_RETRIES = 100;
    private static final int LONGEST_TIMEOUT = 86_400;
    private static final int USUAL_TIMEOUT = 600;
    private static final int LONGEST_DELAY = 365 * 86_400;
    private static final int USUAL_RETRIES = 2;
    private static final int LONGEST_MEDIA_TYPE = 128;
    private static final Duration LINGER = Duration.ofSeconds(10);
    private static final Pattern CODE = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern FRACTION = Pattern.compile("0(\\.[0-9]{1,9})?|1(\\.0{1,9})?");

    private final JobQueue queue;
    private final WorkStreams streams;
    private final long maxBody;
    private final Duration idleTimeout;
    private final Executor executor;

    WorkHandlers(JobQueue queue, WorkStreams streams, HttpSettings settings, Executor executor) {
        this.queue = queue;
        this.streams = streams;
        this.executor = executor;
        maxBody = settings.maxUpload();
        idleTimeout = settings.idleTimeout();
    }

    void register(RoutesConfig routes) {
        routes.post("/v1/work", this::submit);
        routes.get(STREAM, this::stream);
        routes.get("/v1/work/{id}/payload", this::payload);
        routes.get("/v1/work/{id}/result", this::result);
        routes.post("/v1/work/{id}/result", once(this::succeed));
        routes.post("/v1/work/{id}/error", once(this::fail));
        routes.post("/v1/work/{id}/heartbeat", this::heartbeat);
        routes.post("/v1/work/{id}/return", once(this::giveBack));
    }

    /**
     * What a worker says of an attempt that failed.
     *
     * @param message for people
     * @param code for programs, or null
     * @param permanent true if trying again cannot help; null if it may
     */
    record Failure(String message, String code, Boolean permanent) {}

    // ---- For those who submit

    private void submit(Context ctx) throws IOException {
        Query.allow(ctx, OF_A_JOB, name -> name.startsWith(OPTION));
        JobRequest.Builder request = request(ctx);
        if (ctx.req().getContentLengthLong() > maxBody) {
            throw ResultSink.tooLarge(maxBody);
        }
        if (!queue.status().accepting()) {
            throw HttpProblems.closing();
        }
        RequestBody body = RequestBody.of(ctx, executor);
        PayloadSink sink = new PayloadSink(request, queue.blobs(), maxBody);
        ctx.future(() -> body.readInto(sink, idleTimeout).thenAccept(stored -> {
            Job job = submit(request, stored);
            ctx.status(202);
            ctx.header("Location", JobResource.self(job.id()));
            ctx.header("Cache-Control", "no-store");
            ctx.contentType(Json.MEDIA_TYPE).result(Json.bytes(JobResource.of(job)));
        }));
    }

    private static JobRequest.Builder request(Context ctx) {
        String type = Query.name(ctx, "type", TYPE);
        if (type.equals(GifJobHandler.TYPE) || type.equals(Webhooks.TYPE)) {
            throw Query.invalid("Jobs of the type '" + type + "' are made by this server alone; see /v1/gifs");
        }
        try {
            JobRequest.Builder request = JobRequest.builder(type)
                    .priority(Query.number(ctx, "priority", -1_000, 1_000, 0))
                    .delay(Duration.ofSeconds(Query.number(ctx, "delay", 0, LONGEST_DELAY, 0)))
                    .timeout(Duration.ofSeconds(Query.number(ctx, "timeout", 1, LONGEST_TIMEOUT, USUAL_TIMEOUT)))
                    .retries(Query.number(ctx, "retries", 0, MOST_RETRIES, USUAL_RETRIES))
                    .labels(ctx.queryParams("label").toArray(String[]::new));
            for (Map.Entry<String, List<String>> parameter : ctx.queryParamMap().entrySet()) {
                if (parameter.getKey().startsWith(OPTION)) {
                    String name = parameter.getKey().substring(OPTION.length());
                    request.options(Map.of(name, parameter.getValue().get(0)));
                }
            }
            IdempotencyKey.parse(ctx.header("Idempotency-Key")).ifPresent(request::key);
            request.build(); // now, and not when all of the body has come
            return request;
        } catch (IllegalArgumentException e) {
            throw Query.invalid(e.getMessage());
        }
    }

    private Job submit(JobRequest.Builder request, Optional<Blob> stored) {
        try {
            return queue.submit(request.build());
        } catch (RuntimeException e) {
            stored.ifPresent(blob -> delete(blob, e));
            throw e;
        }
    }

    private void delete(Blob blob, Exception because) {
        try {
            queue.blobs().delete(blob.id());
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    private void result(Context ctx) throws IOException {
        String id = ctx.pathParam("id");
        Job job = queue.job(id)
                .filter(known -> !known.type().equals(GifJobHandler.TYPE))
                .orElseThrow(() -> HttpProblems.unknownJob(id));
        ctx.header("Cache-Control", "no-store");
        switch (job.state()) {
            case QUEUED, RUNNING -> throw HttpProblems.notReady("See " + JobResource.self(id));
            case CANCELLED -> throw new ProblemException(ProblemType.CANCELLED, "There is no result");
            case FAILED -> throw new ProblemException(Problem.ofWork(job.error()), Map.of());
            case SUCCEEDED -> send(ctx, job.result());
        }
    }

    /** Whatever it is, a browser is not to show it as a page of this server. */
    private void send(Context ctx, Blob result) throws IOException {
        if (result == null) {
            ctx.status(204);
            return;
        }
        ctx.header("Content-Disposition", "attachment");
        ctx.header("Content-Security-Policy", "sandbox");
        ctx.contentType(result.contentType() == null ? BINARY : result.contentType());
        ctx.res().setContentLengthLong(result.size());
        var body = queue.blobs().open(result.id());
        ctx.future(() -> Answers.send(ctx, body, executor));
    }

    // ---- For workers

    private void stream(Context ctx) throws IOException {
        Query.allow(ctx, OF_A_STREAM, name -> false);
        String worker = Query.name(ctx, "worker", null);
        Set<String> types = types(ctx);
        int credit = Query.number(ctx, "credit", 1, MOST_CREDIT, 1);
        Duration lease = Duration.ofSeconds(Query.number(ctx, "lease", 1, LONGEST_LEASE, USUAL_LEASE));
        if (!queue.status().accepting()) {
            throw HttpProblems.closing();
        }
        ServletOutputStream out = ctx.res().getOutputStream();
        ctx.contentType(NDJSON);
        ctx.header("Cache-Control", "no-store");
        ctx.header("X-Accel-Buffering", "no");
        ctx.future(() -> streams.open(out, worker, types, credit, lease));
    }

    private static Set<String> types(Context ctx) {
        Set<String> types = new TreeSet<>();
        ctx.queryParams("type").forEach(type -> types.add(Query.name("type", type)));
        if (types.isEmpty()) {
            types.add(TYPE);
        }
        if (types.size() > MOST_TYPES) {
            throw Query.invalid("A worker has at most " + MOST_TYPES + " types");
        }
        if (types.contains(Webhooks.TYPE)) {
            throw Query.invalid("Jobs of the type '" + Webhooks.TYPE + "' are done by this server alone");
        }
        return types;
    }

    private void payload(Context ctx) {
        WorkLease lease = lease(ctx);
        lease.begin();
        ctx.header("Cache-Control", "no-store");
        ctx.contentType(BINARY);
        ctx.res().setContentLengthLong(lease.job().payloadSize());
        ctx.future(() -> Answers.send(ctx, lease.job().payload(), executor));
    }

    private void succeed(Context ctx) throws IOException {
        String mediaType = mediaType(ctx);
        WorkLease lease = claim(ctx);
        lease.renew();
        RequestBody body = RequestBody.of(ctx, executor);
        ResultSink sink = new ResultSink(lease, mediaType, maxBody);
        ctx.future(() -> body.readInto(sink, idleTimeout)
                .thenCompose(done -> end(ctx, lease, lease.job().succeed()))
                .whenComplete((done, failure) -> lease.unclaim()));
    }

    private void fail(Context ctx) throws IOException {
        WorkLease lease = claim(ctx);
        lease.renew();
        RequestBody body = RequestBody.of(ctx, executor);
        ctx.future(() -> body.readInto(new SmallBody(), idleTimeout)
                .thenCompose(json -> end(ctx, lease, lease.job().fail(error(json))))
                .whenComplete((done, failure) -> lease.unclaim()));
    }

    private void giveBack(Context ctx) {
        WorkLease lease = claim(ctx);
        ctx.future(() -> end(ctx, lease, lease.job().giveBack()));
    }

    private void heartbeat(Context ctx) {
        WorkLease lease = lease(ctx);
        String progress = ctx.queryParam("progress");
        if (progress != null) {
            if (!FRACTION.matcher(progress).matches()) {
                throw Query.invalid("'progress' is a number from 0 to 1, such as 0.25");
            }
            lease.job().progress(Double.parseDouble(progress));
        }
        lease.begin();
        ctx.status(204);
    }

    /** Answers when the queue has said whether it counts how an attempt ended. */
    private CompletableFuture<Void> end(Context ctx, WorkLease lease, CompletableFuture<Boolean> confirmed) {
        return lease.ends(confirmed)
                .handleAsync(
                        (counts, failure) -> {
                            if (failure != null) {
                                throw notEnded(failure);
                            }
                            streams.settled(lease, ctx.path(), counts);
                            if (!counts) {
                                throw stale(lease.job().id());
                            }
                            ctx.status(204);
                            return null;
                        },
                        executor);
    }

    private static RuntimeException notEnded(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof IOException e ? MovieSink.notStored(e) : new CompletionException(cause);
    }

    /** Ends a lease once. The same request again, when the answer to the first was lost, is answered as that was. */
    private Handler once(Handler end) {
        return ctx -> {
            if (streams.isConfirmed(ctx.path(), token(ctx))) {
                RequestBody body = RequestBody.of(ctx, executor);
                ctx.future(() -> body.discard(LINGER).thenRun(() -> ctx.status(204)));
            } else {
                end.handle(ctx);
            }
        };
    }

    private WorkLease claim(Context ctx) {
        WorkLease lease = lease(ctx);
        if (!lease.claim()) {
            throw new ProblemException(
                    ProblemType.RESULT_LOCKED,
                    "Another request is about to end job " + lease.job().id());
        }
        return lease;
    }

    private WorkLease lease(Context ctx) {
        String id = ctx.pathParam("id");
        return streams.find(id, token(ctx)).orElseThrow(() -> stale(id));
    }

    private static String token(Context ctx) {
        String token = ctx.queryParam("token");
        if (token == null) {
            throw Query.invalid("'token' is missing: it came with the job");
        }
        return token;
    }

    static ProblemException stale(String jobId) {
        return new ProblemException(
                ProblemType.STALE_LEASE, "This is not the lease of job " + jobId + ", or it has ended: drop the job");
    }

    private static JobError error(byte[] json) {
        Failure failure;
        try {
            failure = Json.read(json, Failure.class);
        } catch (JacksonException e) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    "The body is not JSON such as {\"message\": \"no such number\", \"permanent\": true}: "
                            + e.getOriginalMessage());
        }
        if (failure == null || failure.message() == null || failure.message().isBlank()) {
            throw new ProblemException(ProblemType.BAD_REQUEST, "'message' is missing: it says what went wrong");
        }
        String code = failure.code() == null ? JobError.EXCEPTION : failure.code();
        if (!CODE.matcher(code).matches() || code.length() > JobError.MAX_CODE) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST, "'code' is made of lower-case letters, digits and single hyphens");
        }
        return new JobError(code, failure.message(), Boolean.TRUE.equals(failure.permanent()));
    }

    /** What curl says of any body says nothing. */
    private static String mediaType(Context ctx) {
        String type = ctx.contentType();
        if (type == null || type.equals(FORM)) {
            return null;
        }
        if (type.length() > LONGEST_MEDIA_TYPE) {
            throw Query.invalid("Content-Type has at most " + LONGEST_MEDIA_TYPE + " characters");
        }
        return type;
    }
}
