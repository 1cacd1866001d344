package org.nngjava.gifbroker.http;

import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.nngjava.workers.Pipeline;
import org.nngjava.workers.PipelineFullException;

/**
 * Pushes each request into a pipeline, as the message of HTTP/1.1 that it is ({@code message/http}, RFC 9112), and answers 202 as soon as a sink has
 * room for it; 503 if none has. What says who sent it (tokens, cookies) does not go along.
 */
public final class PipelineServer {
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);
    private static final int MOST_CONNECTIONS = 4_000;
    private static final String RETRY_SECONDS = "1";
    private static final byte[] NO_BODY = {};

    /** What concerns the connection, or is a secret (RFC 9110, 7.6.1 and 11.6). */
    private static final Set<String> KEPT_BACK = Set.of(
            "authorization",
            "connection",
            "content-length",
            "cookie",
            "expect",
            "keep-alive",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final HostPort address;
    private final int maxBody;
    private final Pipeline pipeline;
    private final HttpPort port;
    private final Javalin javalin;
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean open;

    /**
     * A server that is not started.
     *
     * @param maxBody bytes that the body of a request may have
     * @param pipeline stays the caller's
     */
    public PipelineServer(HostPort address, int maxBody, Pipeline pipeline) {
        this.address = address;
        this.maxBody = maxBody;
        this.pipeline = pipeline;
        port = new HttpPort(address, Optional.empty(), IDLE_TIMEOUT, MOST_CONNECTIONS);
        javalin = Javalin.create(config -> {
            port.configure(config);
            config.routes.before(new SameSite(Set.of(address.host().toLowerCase(Locale.ROOT)), Optional.empty()));
            new HttpProblems(port).register(config.routes);
            register(config.routes, this::push);
        });
    }

    private static void register(RoutesConfig routes, Handler handler) {
        String all = "/*";
        routes.get(all, handler);
        routes.post(all, handler);
        routes.put(all, handler);
        routes.patch(all, handler);
        routes.delete(all, handler);
    }

    /**
     * Listens. Until it is opened all requests are answered by 503.
     *
     * @throws IOException if the address cannot be had, with a sentence that says so
     */
    public void start() throws IOException {
        port.bind();
        try {
            javalin.start();
        } catch (RuntimeException e) {
            port.release();
            throw e;
        }
    }

    /** Takes requests from now on. */
    public void open() {
        open = true;
    }

    /** Where it can be reached. Only after the start. */
    public URI uri() {
        return URI.create("http://" + address.withPort(javalin.port()));
    }

    /** Requests that were pushed. */
    public long accepted() {
        return accepted.get();
    }

    /** Requests for which no sink had room. */
    public long refused() {
        return refused.get();
    }

    /** Lets answers that are under way go out, for some seconds, and closes. */
    public void stop() {
        open = false;
        port.awaitAnswers();
        javalin.stop();
    }

    private void push(Context ctx) throws IOException {
        if (!open) {
            throw new ProblemException(
                    Problem.of(ProblemType.UNREADY, "The sinks are not connected yet, or the server is closing"),
                    Map.of("Retry-After", RETRY_SECONDS));
        }
        if (!RequestBody.isUnread(ctx)) {
            push(ctx, NO_BODY);
            return;
        }
        if (ctx.req().getContentLengthLong() > maxBody) {
            throw tooLarge();
        }
        RequestBody body = RequestBody.of(ctx, port);
        ctx.future(() -> body.readInto(new Bytes(), IDLE_TIMEOUT).thenAccept(bytes -> push(ctx, bytes)));
    }

    private void push(Context ctx, byte[] body) {
        try {
            pipeline.send(message(ctx, body));
        } catch (PipelineFullException e) {
            refused.incrementAndGet();
            throw new ProblemException(
                    new Problem("No sink takes the message now", 503, "pipeline-full", e.getMessage()),
                    Map.of("Retry-After", RETRY_SECONDS));
        }
        accepted.incrementAndGet();
        ctx.status(202);
    }

    private static byte[] message(Context ctx, byte[] body) {
        String query = ctx.req().getQueryString();
        StringBuilder head = new StringBuilder()
                .append(ctx.req().getMethod())
                .append(' ')
                .append(ctx.req().getRequestURI())
                .append(query == null ? "" : "?" + query)
                .append(" HTTP/1.1\r\n");
        ctx.headerMap().forEach((name, value) -> {
            if (!KEPT_BACK.contains(name.toLowerCase(Locale.ROOT))) {
                head.append(name).append(": ").append(value).append("\r\n");
            }
        });
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        ByteArrayOutputStream message = new ByteArrayOutputStream(head.length() + body.length);
        message.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        message.writeBytes(body);
        return message.toByteArray();
    }

    private ProblemException tooLarge() {
        return new ProblemException(
                new Problem(
                        "The body is larger than this server takes",
                        413,
                        "too-large",
                        "A body may have " + maxBody + " bytes here"),
                Map.of());
    }

    /** A body in memory, which is small. */
    private final class Bytes implements RequestBody.Sink<byte[]> {
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();

        @Override
        public void write(ByteBuffer bytes) {
            if (read.size() + bytes.remaining() > maxBody) {
                throw tooLarge();
            }
            read.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        }

        @Override
        public byte[] finish() {
            return read.toByteArray();
        }

        @Override
        public void abort() {
            read.reset();
        }
    }
}
