package org.nngjava.gifbroker.http;

import io.javalin.http.Context;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The body of one request, read as its bytes come, so that a slow client costs no thread.
 *
 * <p>A body that is refused half-way is still read for a while and thrown away. A server that answers and closes instead makes the
 * client's system report a reset connection, and the answer that was on its way is lost with it.
 *
 * <p>A client that is slow holds no buffer here, and one that is quick gives way to others after each mebibyte. One that sends less than
 * {@value #LEAST_RATE} bytes a second is given up, for a byte now and then would keep its connection for ever.
 */
final class RequestBody implements ReadListener {
    private static final int BUFFER = 64 * 1024;
    private static final int TURN = 1024 * 1024;
    private static final int LEAST_RATE = 1024;
    private static final String ATTRIBUTE = RequestBody.class.getName();

    /** Takes the bytes of a body. For one thread at a time. */
    interface Sink<T> {
        /** Takes the bytes between position and limit. */
        void write(ByteBuffer bytes) throws IOException;

        /** Called after the last byte. */
        T finish() throws IOException;

        /** Called instead of {@link #finish} when the body is cut or refused: nothing may be left. */
        void abort();
    }

    private final ServletInputStream in;
    private final Executor executor;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private boolean listening;
    private Reception<?> reception;

    private RequestBody(ServletInputStream in, Executor executor) {
        this.in = in;
        this.executor = executor;
    }

    /**
     * The body of a request, always the same for the same request.
     *
     * @param executor where the futures of this body complete
     * @throws ProblemException 501 if it is coded in a way that is not known here (RFC 9112, 6.1)
     */
    static RequestBody of(Context ctx, Executor executor) throws IOException {
        RequestBody body = ctx.attribute(ATTRIBUTE);
        if (body == null) {
            String coding = ctx.header("Transfer-Encoding");
            if (coding != null && !coding.equalsIgnoreCase("chunked")) {
                throw new ProblemException(
                        ProblemType.UNKNOWN_CODING,
                        "A body may be sent chunked, but not with Transfer-Encoding: " + coding);
            }
            body = new RequestBody(ctx.req().getInputStream(), executor);
            ctx.attribute(ATTRIBUTE, body);
        }
        return body;
    }

    /**
     * The body of a request whose bytes are a movie, or a part of one.
     *
     * @throws ProblemException 415 if they are compressed
     */
    static RequestBody ofMovie(Context ctx, Executor executor) throws IOException {
        String encoding = ctx.header("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new ProblemException(
                    Problem.of(
                            ProblemType.UNSUPPORTED_TYPE, "A movie is to be sent as it is, not encoded as " + encoding),
                    Map.of("Accept-Encoding", "identity"));
        }
        return of(ctx, executor);
    }

    /** Whether reading has begun, which a client that sent {@code Expect: 100-continue} waits for. */
    static boolean isBegun(Context ctx) {
        return ctx.attribute(ATTRIBUTE) != null;
    }

    /** Whether the request says that it has a body, and not all of it was read yet. */
    static boolean isUnread(Context ctx) {
        RequestBody body = ctx.attribute(ATTRIBUTE);
        if (body != null) {
            return !body.ended.isDone();
        }
        return ctx.req().getContentLengthLong() > 0 || ctx.header("Transfer-Encoding") != null;
    }

    /**
     * Reads the body into a sink. Within an asynchronous request, once. The sink is aborted if the future fails.
     *
     * @param patience fails with a {@link ConnectionFailure} if too little has come in a time of this length
     */
    <T> CompletableFuture<T> readInto(Sink<T> sink, Duration patience) {
        Reception<T> begun = new Reception<>(sink, patience);
        synchronized (this) {
            reception = begun;
        }
        listen();
        return begun.result;
    }

    /** Reads what is left and throws it away, until it ends or the time is over. Within an asynchronous request. */
    CompletableFuture<Void> discard(Duration atMost) {
        listen();
        return ended.copy().completeOnTimeout(null, atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void listen() {
        synchronized (this) {
            if (listening) {
                return;
            }
            listening = true;
        }
        in.setReadListener(this);
    }

    @Override
    public void onDataAvailable() throws IOException {
        byte[] buffer = new byte[BUFFER];
        int taken = 0;
        while (in.isReady() && !in.isFinished()) {
            if (taken >= TURN) {
                executor.execute(this::takeNextTurn);
                return;
            }
            int length = in.read(buffer);
            Reception<?> current = current();
            if (length > 0) {
                taken += length;
                if (current != null && !current.take(ByteBuffer.wrap(buffer, 0, length))) {
                    forget();
                }
            }
        }
    }

    /** The stream has said that it is ready, so nobody else reads. */
    private void takeNextTurn() {
        try {
            onDataAvailable();
        } catch (IOException | RuntimeException e) {
            onError(e);
        }
    }

    @Override
    public void onAllDataRead() {
        Reception<?> current = current();
        ended.complete(null);
        if (current != null) {
            current.end();
        }
    }

    @Override
    public void onError(Throwable failure) {
        Reception<?> current = current();
        ended.complete(null);
        if (current != null) {
            current.fail(new ConnectionFailure(failure));
        }
    }

    private synchronized Reception<?> current() {
        return reception;
    }

    private synchronized void forget() {
        reception = null;
    }

    /** A sink and what becomes of it. */
    private final class Reception<T> {
        private final Sink<T> sink;
        private final Pace pace;
        private final CompletableFuture<T> result = new CompletableFuture<>();

        Reception(Sink<T> sink, Duration patience) {
            this.sink = sink;
            pace = new Pace(patience);
        }

        boolean take(ByteBuffer bytes) {
            try {
                pace.keep(bytes.remaining());
                sink.write(bytes);
                return true;
            } catch (IOException | RuntimeException e) {
                fail(e);
                return false;
            }
        }

        void end() {
            try {
                T value = sink.finish();
                executor.execute(() -> result.complete(value));
            } catch (IOException | RuntimeException e) {
                fail(e);
            }
        }

        void fail(Throwable failure) {
            sink.abort();
            executor.execute(() -> result.completeExceptionally(failure));
        }
    }
    /** Whether bytes come quickly enough. */
    private static final class Pace {
        private final long period;
        private long begun = System.nanoTime();
        private long came;

        Pace(Duration patience) {
            period = patience.toNanos();
        }

        void keep(int bytes) throws ConnectionFailure {
            came += bytes;
            long took = System.nanoTime() - begun;
            if (took >= period) {
                if (came < LEAST_RATE * (took / 1e9)) {
                    throw new ConnectionFailure(new TimeoutException(came + " bytes in " + took / 1_000_000 + " ms"));
                }
                begun += took;
                came = 0;
            }
        }
    }
}
