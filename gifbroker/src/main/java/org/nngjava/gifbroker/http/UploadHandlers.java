package org.nngjava.gifbroker.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.nngjava.gifbroker.http.Uploads.Upload;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.QueueFullException;

/** Takes movies in pieces: {@code /v1/uploads}, by tus 1.0.0 with creation, termination and expiration. */
final class UploadHandlers {
    private static final String PATH = "/v1/uploads";
    private static final String VERSION = "1.0.0";
    private static final String PIECE = "application/offset+octet-stream";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern METADATA =
            Pattern.compile("[!-+\\--~]+( [A-Za-z0-9+/]*={0,2})?(, *[!-+\\--~]+( [A-Za-z0-9+/]*={0,2})?)*");
    private static final int LONGEST_METADATA = 4096;
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final JobQueue queue;
    private final GifHandlers gifs;
    private final Uploads uploads;
    private final long maxUpload;
    private final Duration maxWait;
    private final Duration idleTimeout;
    private final Executor executor;

    UploadHandlers(JobQueue queue, GifHandlers gifs, Uploads uploads, HttpSettings settings, Executor executor) {
        this.queue = queue;
        this.gifs = gifs;
        this.uploads = uploads;
        this.executor = executor;
        maxUpload = settings.maxUpload();
        maxWait = settings.maxWait();
        idleTimeout = settings.idleTimeout();
    }

    void register(RoutesConfig routes) {
        routes.options(PATH, this::describe);
        routes.post(PATH, tus(this::create));
        routes.head(PATH + "/{id}", tus(this::show));
        routes.patch(PATH + "/{id}", tus(this::append));
        routes.delete(PATH + "/{id}", tus(this::delete));
        routes.post(PATH + "/{id}", tus(this::overridden));
    }

    /** Speaks one version. */
    private static Handler tus(Handler handler) {
        return ctx -> {
            ctx.header("Tus-Resumable", VERSION);
            ctx.header("Cache-Control", "no-store");
            if (!VERSION.equals(ctx.header("Tus-Resumable"))) {
                throw new ProblemException(
                        Problem.of(ProblemType.TUS_VERSION, "Tus-Resumable is to be " + VERSION),
                        Map.of("Tus-Version", VERSION));
            }
            handler.handle(ctx);
        };
    }

    private void describe(Context ctx) {
        ctx.header("Tus-Resumable", VERSION);
        ctx.header("Tus-Version", VERSION);
        ctx.header("Tus-Extension", "creation,termination,expiration");
        ctx.header("Tus-Max-Size", Long.toString(maxUpload));
        ctx.status(204);
    }

    private void create(Context ctx) throws Exception {
        long length = number(ctx, "Upload-Length");
        String metadata = ctx.header("Upload-Metadata");
        if (metadata != null
                && (metadata.length() > LONGEST_METADATA
                        || !METADATA.matcher(metadata).matches())) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    "Upload-Metadata is a list of keys with values in Base64, of " + LONGEST_METADATA
                            + " characters at most");
        }
        if (length == 0) {
            throw new ProblemException(ProblemType.EMPTY_BODY, "A movie of no bytes");
        }
        if (length > maxUpload) {
            throw MovieSink.tooLarge(maxUpload);
        }
        Map<String, String> options = gifs.query(ctx);
        if (!queue.status().accepting()) {
            throw HttpProblems.closing();
        }
        // Each becomes a job, so that there are to be no more of them than of jobs.
        int capacity = queue.status().capacity();
        if (queue.status().queued() + uploads.unfinished() >= capacity) {
            throw new QueueFullException(capacity);
        }
        Upload upload = uploads.create(length, options, metadata);
        ctx.header("Location", PATH + "/" + upload.id());
        ctx.header("Upload-Expires", date(uploads.expires(upload)));
        ctx.status(201);
    }

    private void show(Context ctx) throws IOException {
        Upload upload = upload(ctx);
        ctx.header("Upload-Length", Long.toString(upload.length()));
        if (upload.metadata() != null) {
            ctx.header("Upload-Metadata", upload.metadata());
        }
        answer(ctx, upload);
        ctx.status(200);
    }

    private void append(Context ctx) throws IOException {
        String type = ctx.contentType();
        if (type == null || !type.equalsIgnoreCase(PIECE)) {
            throw new ProblemException(ProblemType.UNSUPPORTED_TYPE, "The Content-Type of a piece is " + PIECE);
        }
        long offset = number(ctx, "Upload-Offset");
        String id = claim(ctx);
        try {
            Upload upload = upload(ctx);
            long expected = uploads.offset(upload);
            if (offset != expected) {
                throw new ProblemException(
                        ProblemType.OFFSET_MISMATCH, "The next byte is that at offset " + expected + ", not " + offset);
            }
            if (offset + Math.max(0, ctx.req().getContentLengthLong()) > upload.length()) {
                throw UploadSink.tooMuch(upload.length());
            }
            RequestBody body = RequestBody.ofMovie(ctx, executor);
            UploadSink sink = upload.job() == null ? uploads.sink(upload) : null;
            ctx.future(() -> receive(ctx, upload, body, sink));
        } catch (IOException | RuntimeException e) {
            uploads.release(id);
            throw e;
        }
    }

    private CompletableFuture<Void> receive(Context ctx, Upload upload, RequestBody body, UploadSink sink) {
        if (sink == null) {
            uploads.release(upload.id());
            answer(ctx, upload);
            ctx.status(204);
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Upload> received = body.readInto(sink, idleTimeout)
                .thenCompose(offset ->
                        offset == upload.length() ? uploads.finish(upload) : CompletableFuture.completedFuture(upload))
                .whenComplete((done, failure) -> uploads.release(upload.id()));
        return received.copy()
                .completeOnTimeout(upload, maxWait.toMillis(), TimeUnit.MILLISECONDS)
                .thenAcceptAsync(
                        now -> {
                            answer(ctx, now);
                            ctx.status(204);
                        },
                        executor);
    }

    private void delete(Context ctx) throws IOException {
        String id = claim(ctx);
        try {
            uploads.delete(upload(ctx).id());
            ctx.status(204);
        } finally {
            uploads.release(id);
        }
    }

    /** For clients that can send GET and POST only. */
    private void overridden(Context ctx) throws IOException {
        String method = String.valueOf(ctx.header("X-HTTP-Method-Override"));
        switch (method) {
            case "PATCH" -> append(ctx);
            case "DELETE" -> delete(ctx);
            case "HEAD" -> show(ctx);
            default ->
                throw new ProblemException(
                        ProblemType.METHOD_NOT_ALLOWED, "POST needs X-HTTP-Method-Override: PATCH, DELETE or HEAD");
        }
    }

    private String claim(Context ctx) {
        String id = upload(ctx).id();
        if (!uploads.claim(id)) {
            throw new ProblemException(ProblemType.UPLOAD_LOCKED, "Another request is at it; try again soon");
        }
        return id;
    }

    private Upload upload(Context ctx) {
        String id = ctx.pathParam("id");
        return uploads.find(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.UNKNOWN_UPLOAD, "There is no upload '" + id + "'; it may have expired"));
    }

    private void answer(Context ctx, Upload upload) {
        try {
            ctx.header("Upload-Offset", Long.toString(uploads.offset(upload)));
            if (upload.job() == null) {
                ctx.header("Upload-Expires", date(uploads.expires(upload)));
            } else {
                ctx.header("Location", JobResource.self(upload.job()));
            }
        } catch (IOException e) {
            throw new ProblemException(ProblemType.UNKNOWN_UPLOAD, "The upload was removed");
        }
    }

    private static long number(Context ctx, String header) {
        String value = ctx.header(header);
        if (value == null || !NUMBER.matcher(value).matches()) {
            throw new ProblemException(ProblemType.BAD_REQUEST, header + " is to be a number of bytes");
        }
        return Long.parseLong(value);
    }

    private static String date(Instant time) {
        return HTTP_DATE.format(time);
    }
}
