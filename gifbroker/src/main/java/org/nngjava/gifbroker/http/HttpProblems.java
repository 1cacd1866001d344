package org.nngjava.gifbroker.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpException;
import org.nngjava.gifbroker.media.InvalidOptionException;
import org.nngjava.workers.JobStoreException;
import org.nngjava.workers.QueueClosedException;
import org.nngjava.workers.QueueFullException;

/** Turns whatever a handler throws into a problem. */
final class HttpProblems {
    private static final System.Logger LOG = System.getLogger(HttpProblems.class.getName());

    private final Executor executor;

    HttpProblems(Executor executor) {
        this.executor = executor;
    }

    void register(RoutesConfig routes) {
        routes.exception(ProblemException.class, (e, ctx) -> answer(ctx, e));
        routes.exception(
                InvalidOptionException.class,
                (e, ctx) -> answer(ctx, new ProblemException(ProblemType.INVALID_OPTION, e.getMessage())));
        routes.exception(
                QueueFullException.class,
                (e, ctx) -> answer(
                        ctx,
                        new ProblemException(
                                Problem.of(ProblemType.QUEUE_FULL, e.getMessage()), Map.of("Retry-After", "5"))));
        routes.exception(JobStoreException.class, (e, ctx) -> {
            LOG.log(Level.ERROR, ctx.req().getMethod() + " " + ctx.path() + " failed", e);
            answer(
                    ctx,
                    new ProblemException(
                            Problem.of(ProblemType.STORE_FAILED, "Nothing was accepted; try again soon"),
                            Map.of("Retry-After", "5")));
        });
        routes.exception(QueueClosedException.class, (e, ctx) -> answer(ctx, closing()));
        routes.exception(
                NoSuchElementException.class,
                (e, ctx) -> answer(ctx, new ProblemException(ProblemType.UNKNOWN_JOB, "The job is no longer known")));
        routes.exception(HttpResponseException.class, (e, ctx) -> answer(ctx, ofJavalin(e, ctx)));
        routes.exception(HttpException.RuntimeException.class, (e, ctx) -> answer(ctx, ofJetty(e)));
        routes.exception(ConnectionFailure.class, this::connectionFailed);
        routes.exception(IOException.class, (e, ctx) -> answer(ctx, MovieSink.notStored(e)));
        routes.exception(Exception.class, (e, ctx) -> {
            LOG.log(Level.ERROR, ctx.req().getMethod() + " " + ctx.path() + " failed", e);
            answer(ctx, new ProblemException(ProblemType.INTERNAL, "See the server's log"));
        });
    }

    /** There will be a result, if all goes well. */
    static ProblemException notReady(String detail) {
        return new ProblemException(Problem.of(ProblemType.NOT_READY, detail), Map.of("Retry-After", "1"));
    }

    static ProblemException unknownJob(String id) {
        return new ProblemException(ProblemType.UNKNOWN_JOB, "There is no job '" + id + "'");
    }

    static ProblemException closing() {
        return new ProblemException(
                Problem.of(ProblemType.CLOSING, "The server takes no more work; try again soon"),
                Map.of("Retry-After", "5"));
    }

    private static ProblemException tooSlow() {
        return new ProblemException(
                Problem.of(ProblemType.TOO_SLOW, "Too little came for too long"), Map.of("Connection", "close"));
    }

    private void connectionFailed(ConnectionFailure e, Context ctx) {
        LOG.log(Level.DEBUG, "A client is gone, or sends what is no body", e);
        answer(
                ctx,
                e.isTimeout()
                        ? tooSlow()
                        : new ProblemException(
                                Problem.of(ProblemType.BAD_REQUEST, "The body cannot be read to its end"),
                                Map.of("Connection", "close")));
    }

    private void answer(Context ctx, ProblemException e) {
        if (!ctx.res().isCommitted()) {
            Answers.problem(ctx, e, executor);
        }
    }

    /** What Jetty finds wrong with a request that a handler has begun to look at. */
    private static ProblemException ofJetty(HttpException.RuntimeException e) {
        return e.getCode() < 500
                ? new ProblemException(ProblemType.BAD_REQUEST, e.getReason())
                : new ProblemException(ProblemType.INTERNAL, "See the server's log");
    }

    private static ProblemException ofJavalin(HttpResponseException e, Context ctx) {
        String request = ctx.req().getMethod() + " " + ctx.path();
        return switch (e.getStatus()) {
            case 404 -> new ProblemException(ProblemType.NOT_FOUND, "There is nothing at " + ctx.path());
            case 405 ->
                new ProblemException(
                        Problem.of(ProblemType.METHOD_NOT_ALLOWED, request + " is not known"),
                        Map.of("Allow", e.getDetails().getOrDefault("availableMethods", "")));
            default ->
                new ProblemException(
                        new Problem(
                                e.getMessage(),
                                e.getStatus(),
                                "http-" + e.getStatus(),
                                request + ": " + e.getMessage()),
                        Map.of());
        };
    }
}
