package org.nngjava.gifbroker.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.ee10.servlet.SessionHandler;
import org.nngjava.gifbroker.AuditLog;
import org.nngjava.gifbroker.Posters;
import org.nngjava.workers.JobQueue;

/**
 * Serves a queue over HTTP. Its pool of threads is small and fixed: no request waits on a thread, neither for a job nor for its
 * client.
 */
public final class HttpServer {
    private static final int SESSION_SECONDS = 60;

    /** Bytes that a client may say by WebSocket: nothing is expected. */
    private static final int LARGEST_MESSAGE = 1024;

    private final HttpSettings settings;
    private final HttpPort port;
    private final Waiting waiting;
    private final JobEvents events;
    private final LiveFeed live;
    private final KnownGifs known;
    private final Metrics metrics;
    private final Uploads uploads;
    private final Webhooks webhooks;
    private final FollowUps followUps;
    private final WorkStreams work;
    private final Javalin javalin;

    /**
     * A server that is not started.
     *
     * @param queue stays the caller's, as the others do, and open for as long as this server runs
     * @param posters of its GIFs
     * @param audit of its jobs
     */
    public HttpServer(HttpSettings settings, JobQueue queue, Posters posters, AuditLog audit) {
        this.settings = settings;
        port = new HttpPort(settings.address(), settings.tls(), settings.idleTimeout(), settings.maxConnections());
        events = new JobEvents(queue, settings.idleTimeout(), port);
        live = new LiveFeed(queue);
        known = new KnownGifs(queue);
        metrics = new Metrics(queue, port);
        waiting = new Waiting(queue, settings.maxWait(), port);
        webhooks = new Webhooks(queue, settings.webhooks());
        followUps = new FollowUps(queue, webhooks, posters, audit);
        work = new WorkStreams(queue, port);
        GifHandlers gifs = new GifHandlers(queue, settings, waiting, known, webhooks, followUps, port);
        uploads = new Uploads(settings.uploads(), settings.uploadExpiry(), queue.blobs(), gifs::convert);
        Page page = new Page();
        javalin = Javalin.create(config -> {
            configure(config);
            SameSite sameSite = new SameSite(names(), settings.publicUrl());
            boolean secure = settings.publicUrl().filter(PublicUrl::isSecure).isPresent();
            Authentication authentication = new Authentication(settings.token(), open(page), secure);
            config.routes.before(sameSite);
            config.routes.wsBeforeUpgrade(ctx -> beforeUpgrade(sameSite, ctx));
            config.routes.wsBeforeUpgrade(ctx -> beforeUpgrade(authentication, ctx));
            config.routes.wsBeforeUpgrade(ctx -> beforeUpgrade(HttpServer::askForKey, ctx));
            authentication.register(config.routes);
            new HttpProblems(port).register(config.routes);
            metrics.register(config);
            new Health(queue).register(config.routes);
            page.register(config.routes);
            gifs.register(config.routes);
            new PosterHandlers(queue, posters).register(config.routes);
            new UploadHandlers(queue, gifs, uploads, settings, port).register(config.routes);
            new JobHandlers(queue, waiting, events, followUps).register(config.routes);
            new WorkerHandlers(queue).register(config.routes);
            new WorkHandlers(queue, work, settings, port).register(config.routes);
            live.register(config.routes);
        });
    }

    /**
     * Listens.
     *
     * @throws IOException if the address cannot be had, with a sentence that says so
     */
    public void start() throws IOException {
        port.bind();
        try {
            uploads.open();
            live.start();
            javalin.start();
        } catch (IOException | RuntimeException e) {
            live.close();
            uploads.close();
            port.release();
            throw e;
        }
        events.start();
        metrics.start();
        webhooks.start();
        followUps.start();
        work.start();
        port.execute(known::load);
    }

    /** Where it can be reached. Only after the start. */
    public URI uri() {
        return URI.create((settings.tls().isPresent() ? "https://" : "http://")
                + settings.address().withPort(javalin.port()));
    }

    /** All it answers to, such as {@code GET /v1/jobs}. */
    Set<String> routes() {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream()
                .map(route -> route.endpoint.method + " " + route.endpoint.path)
                .collect(Collectors.toSet());
    }

    /** Ends all waiting and all streams, lets answers that are under way go out, for some seconds, and closes. */
    public void stop() {
        waiting.close();
        events.close();
        live.close();
        work.close();
        metrics.close();
        port.awaitAnswers();
        javalin.stop();
        uploads.close();
        followUps.close();
        webhooks.close();
    }

    private void configure(JavalinConfig config) {
        port.configure(config);
        config.jetty.modifyServletContextHandler(context -> context.setSessionHandler(shortSessions()));
        config.jetty.modifyWebSocketServletFactory(sockets -> {
            sockets.setMaxTextMessageSize(LARGEST_MESSAGE);
            sockets.setMaxBinaryMessageSize(LARGEST_MESSAGE);
            sockets.setIdleTimeout(settings.idleTimeout());
        });
    }

    /** What is the same for everybody, and what those ask for who run the server. */
    private static Set<String> open(Page page) {
        Set<String> open = new HashSet<>(page.paths());
        open.addAll(Health.PATHS);
        return open;
    }

    /** Javalin sends no body to a WebSocket that is refused. */
    private static void beforeUpgrade(Handler check, Context ctx) throws Exception {
        try {
            check.handle(ctx);
        } catch (ProblemException e) {
            ctx.res().getOutputStream().write(Json.bytes(e.problem()));
            throw e;
        }
    }

    /** Jetty answers a handshake without a key (RFC 6455, section 4.2.1) by 500. */
    private static void askForKey(Context ctx) {
        if (ctx.header("Sec-WebSocket-Key") == null) {
            throw new ProblemException(ProblemType.BAD_REQUEST, "A WebSocket's handshake has a Sec-WebSocket-Key");
        }
    }

    /** Javalin asks for a session with each WebSocket, and keeps it for ever unless told otherwise; nothing is in it. */
    private static SessionHandler shortSessions() {
        SessionHandler sessions = new SessionHandler();
        sessions.setUsingCookies(false);
        sessions.setMaxInactiveInterval(SESSION_SECONDS);
        return sessions;
    }

    private Set<String> names() {
        Set<String> names = new HashSet<>(settings.allowedHosts());
        names.add(settings.address().host().toLowerCase(Locale.ROOT));
        settings.publicUrl().map(PublicUrl::host).ifPresent(names::add);
        return names;
    }
}
