package org.nngjava.gifbroker.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nngjava.gifbroker.GifJobHandler;
import org.nngjava.gifbroker.media.GifOptions;
import org.nngjava.gifbroker.media.InvalidOptionException;
import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobRequest;

/** Takes movies and gives GIFs: {@code /v1/gifs}. */
final class GifHandlers {
    /** The options that a form may have as fields; a query has them too. */
    static final Set<String> FORM_FIELDS = Stream.concat(GifOptions.NAMES.stream(), Stream.of(GifJobHandler.CALLBACK))
            .collect(Collectors.toUnmodifiableSet());

    private final JobQueue queue;
    private final HttpSettings settings;
    private final Waiting waiting;
    private final GifResource gifs;
    private final Executor executor;
    private final KnownGifs known;
    private final Webhooks webhooks;
    private final FollowUps followUps;

    GifHandlers(
            JobQueue queue,
            HttpSettings settings,
            Waiting waiting,
            KnownGifs known,
            Webhooks webhooks,
            FollowUps followUps,
            Executor executor) {
        this.queue = queue;
        this.settings = settings;
        this.waiting = waiting;
        this.executor = executor;
        this.known = known;
        this.webhooks = webhooks;
        this.followUps = followUps;
        gifs = new GifResource(queue.blobs(), executor);
    }

    void register(RoutesConfig routes) {
        routes.post("/v1/gifs", this::create);
        routes.get("/v1/gifs/{id}", this::result);
        routes.head("/v1/gifs/{id}", this::result);
    }

    private void create(Context ctx) throws IOException, InvalidOptionException {
        Map<String, String> query = query(ctx);
        Optional<String> key = IdempotencyKey.parse(ctx.header("Idempotency-Key"));
        boolean multipart = isMultipart(ctx.contentType());
        long limit = settings.maxUpload() + (multipart ? MultipartSink.MAX_OVERHEAD : 0);
        if (ctx.req().getContentLengthLong() > limit) {
            throw MovieSink.tooLarge(settings.maxUpload());
        }
        if (!queue.status().accepting()) {
            throw HttpProblems.closing();
        }
        RequestBody body = RequestBody.ofMovie(ctx, executor);
        RequestBody.Sink<Movie> sink = multipart
                ? new MultipartSink(ctx.contentType(), queue.blobs(), settings.maxUpload())
                : new MovieSink(queue.blobs(), settings.maxUpload());
        ctx.future(
                () -> body.readInto(sink, settings.idleTimeout()).thenCompose(movie -> accept(ctx, movie, query, key)));
    }

    private CompletableFuture<Void> accept(Context ctx, Movie movie, Map<String, String> query, Optional<String> key) {
        Map<String, String> asked = new HashMap<>(movie.fields());
        asked.keySet().retainAll(FORM_FIELDS);
        asked.putAll(query);
        AcceptedFormat.of(ctx.header("Accept")).ifPresent(format -> asked.putIfAbsent("format", format.extension()));
        GifOptions options = options(movie, asked);
        GifRecipe recipe = GifRecipe.of(movie.blob(), options);
        JobRequest.Builder request = request(movie.blob(), asked, options, recipe);
        key.ifPresent(request::key);
        if (!wantsItMadeAnew(ctx)) {
            known.find(recipe).ifPresent(done -> request.resultOf(done.id()));
        }
        Job job = submit(request.build(), movie.blob());
        if (!job.labels().contains(recipe.label())) {
            throw new ProblemException(
                    ProblemType.KEY_REUSED,
                    "Job " + job.id() + " was submitted under this key with another movie or other options");
        }
        known.add(job);
        followUps.follow(job);
        ctx.header("Location", JobResource.self(job.id()));
        Optional<Duration> wait = Preferences.parse(Collections.list(ctx.req().getHeaders("Prefer")))
                .waitFor();
        if (wait.isEmpty()) {
            accepted(ctx, job);
            return CompletableFuture.completedFuture(null);
        }
        return waiting.forEnd(job.id(), wait.get()).thenCompose(end -> {
            if (end.isEmpty()) {
                accepted(ctx, queue.job(job.id()).orElse(job));
                return CompletableFuture.completedFuture(null);
            }
            ctx.header("Preference-Applied", "wait=" + wait.get().toSeconds());
            return finished(ctx, end.get());
        });
    }

    /** Has a movie converted that was not the body of one request, as soon as the queue has room. */
    CompletableFuture<Job> convert(Blob movie, Map<String, String> asked, String key) {
        try {
            GifOptions options = options(asked);
            GifRecipe recipe = GifRecipe.of(movie, options);
            JobRequest.Builder request = request(movie, asked, options, recipe).key(key);
            known.find(recipe).ifPresent(done -> request.resultOf(done.id()));
            return queue.submitAsync(request.build()).whenComplete((job, failure) -> {
                if (failure == null) {
                    known.add(job);
                    followUps.follow(job);
                } else {
                    delete(movie, failure);
                }
            });
        } catch (InvalidOptionException | RuntimeException e) {
            delete(movie, e);
            return CompletableFuture.failedFuture(e);
        }
    }

    private JobRequest.Builder request(Blob movie, Map<String, String> asked, GifOptions options, GifRecipe recipe) {
        JobRequest.Builder request = JobRequest.builder(GifJobHandler.TYPE)
                .payload(movie)
                .options(options.toMap())
                .labels(recipe.label())
                .timeout(settings.jobTimeout());
        String callback = asked.get(GifJobHandler.CALLBACK);
        return callback == null ? request : request.options(Map.of(GifJobHandler.CALLBACK, callback));
    }

    private GifOptions options(Movie movie, Map<String, String> asked) {
        try {
            return options(asked);
        } catch (InvalidOptionException e) {
            delete(movie.blob(), e);
            throw new CompletionException(e);
        }
    }

    private Job submit(JobRequest request, Blob movie) {
        try {
            return queue.submit(request);
        } catch (RuntimeException e) {
            delete(movie, e);
            throw e;
        }
    }

    private void delete(Blob movie, Throwable because) {
        try {
            queue.blobs().delete(movie.id());
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    /** {@code Cache-Control: no-cache} asks for a GIF that is made now, even if there is one that is the same. */
    private static boolean wantsItMadeAnew(Context ctx) {
        String cache = ctx.header("Cache-Control");
        return cache != null && cache.toLowerCase(Locale.ROOT).contains("no-cache");
    }

    private static void accepted(Context ctx, Job job) {
        ctx.status(202);
        ctx.header("Cache-Control", "no-store");
        ctx.contentType(Json.MEDIA_TYPE).result(Json.bytes(JobResource.of(job)));
    }

    /** The job that a request names, whose result is a GIF. */
    static Job job(JobQueue queue, Context ctx) {
        return queue.job(ctx.pathParam("id"))
                .filter(known -> known.type().equals(GifJobHandler.TYPE))
                .orElseThrow(() -> HttpProblems.unknownJob(ctx.pathParam("id")));
    }

    private void result(Context ctx) {
        Job job = job(queue, ctx);
        if (!job.state().isFinal()) {
            throw HttpProblems.notReady(
                    "The job is " + JobResource.of(job).state() + "; see " + JobResource.self(job.id()));
        }
        ctx.future(() -> finished(ctx, job));
    }

    private CompletableFuture<Void> finished(Context ctx, Job job) {
        return switch (job.state()) {
            case SUCCEEDED -> {
                ctx.header("Content-Location", "/v1/gifs/" + job.id());
                yield gifs.send(ctx, job);
            }
            case CANCELLED ->
                throw new ProblemException(ProblemType.CANCELLED, "The job was cancelled before its GIF was made");
            case FAILED -> throw new ProblemException(Problem.of(job.error()), Map.of());
            case QUEUED, RUNNING -> throw new IllegalStateException("job " + job.id() + " is not finished");
        };
    }

    /** The options that a request asks for. */
    Map<String, String> query(Context ctx) throws InvalidOptionException {
        Map<String, String> options = new HashMap<>();
        for (Map.Entry<String, List<String>> parameter : ctx.queryParamMap().entrySet()) {
            if (parameter.getValue().size() > 1) {
                throw new InvalidOptionException(parameter.getKey(), "is given twice");
            }
            options.put(parameter.getKey(), parameter.getValue().get(0));
        }
        options(options);
        return options;
    }

    private GifOptions options(Map<String, String> asked) throws InvalidOptionException {
        Map<String, String> ofTheGif = new HashMap<>(asked);
        String callback = ofTheGif.remove(GifJobHandler.CALLBACK);
        if (callback != null) {
            webhooks.check(callback);
        }
        GifOptions options = GifOptions.parse(ofTheGif);
        settings.limits().check(options);
        return options;
    }

    private static boolean isMultipart(String contentType) {
        return contentType != null
                && contentType.regionMatches(true, 0, "multipart/form-data", 0, "multipart/form-data".length());
    }
}
