package org.nngjava.gifbroker.http;

import io.javalin.http.Context;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Sends bodies without a thread that waits for the client to take them. For asynchronous requests. */
final class Answers {
    /** How long a client may go on sending a body that was refused. */
    private static final Duration LINGER = Duration.ofSeconds(10);

    private Answers() {}

    /**
     * Sends a stream as the body, after the headers that were set.
     *
     * @param body closed in any case
     * @return completes when all is sent; fails if the client is gone
     */
    static CompletableFuture<Void> send(Context ctx, InputStream body, Executor executor) {
        try {
            return new BodyWriter(body, ctx.res().getOutputStream(), executor).write();
        } catch (IOException | IllegalStateException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Answers with a problem. If the client is still sending its body, the answer goes out at once and what comes is thrown away
     * for some seconds, so that the client lives to read it.
     */
    static void problem(Context ctx, ProblemException exception, Executor executor) {
        Problem problem = exception.problem();
        ctx.status(problem.status());
        ctx.contentType(Problem.MEDIA_TYPE);
        ctx.header("Cache-Control", "no-store");
        exception.headers().forEach(ctx::header);
        byte[] body = Json.bytes(problem);
        if (!RequestBody.isUnread(ctx)) {
            ctx.result(body);
            return;
        }
        ctx.header("Connection", "close");
        ctx.res().setContentLength(body.length);
        boolean heldBack = ctx.header("Expect") != null && !RequestBody.isBegun(ctx);
        ctx.future(() -> {
            CompletableFuture<Void> sent = send(ctx, new ByteArrayInputStream(body), executor);
            return heldBack ? sent : sent.thenCompose(done -> discard(ctx, executor));
        });
    }

    private static CompletableFuture<Void> discard(Context ctx, Executor executor) {
        try {
            return RequestBody.of(ctx, executor).discard(LINGER);
        } catch (IOException | IllegalStateException e) {
            return CompletableFuture.completedFuture(null);
        }
    }
}
