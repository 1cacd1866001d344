package org.nngjava.gifbroker.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.ee10.servlet.SessionHandler;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LowResourceMonitor;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.nngjava.workers.JobQueue;

/**
 * Serves a queue over HTTP. Its pool of threads is small and fixed: no request waits on a thread, neither for a job nor for its
 * client.
 */
public final class HttpServer {
    private static final int THREADS = 16;
    private static final int BACKLOG = 1024;
    private static final int SESSION_SECONDS = 60;

    /** Bytes that a client may say by WebSocket: nothing is expected. */
    private static final int LARGEST_MESSAGE = 1024;

    private static final Duration ANSWERS_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration IDLE_AT_STOP = Duration.ofMillis(100);

    private final HttpSettings settings;
    private final QueuedThreadPool threads = new QueuedThreadPool(THREADS, THREADS);
    private final GracefulHandler requests = new GracefulHandler();
    private final RequestDeadline deadline;
    private final Waiting waiting;
    private final JobEvents events;
    private final LiveFeed live;
    private final KnownGifs known;
    private final Metrics metrics;
    private final Uploads uploads;
    private final Webhooks webhooks;
    private final WorkStreams work;
    private final Javalin javalin;
    private ServerSocketChannel listening;

    /**
     * A server that is not started.
     *
     * @param queue stays the caller's, and open for as long as this server runs
     */
    public HttpServer(HttpSettings settings, JobQueue queue) {
        this.settings = settings;
        deadline = new RequestDeadline(settings.idleTimeout(), () -> threads.getQueueSize() > 0);
        threads.setName("http");
        Executor executor = this::execute;
        events = new JobEvents(queue, settings.idleTimeout(), executor);
        live = new LiveFeed(queue);
        known = new KnownGifs(queue);
        metrics = new Metrics(queue, executor);
        waiting = new Waiting(queue, settings.maxWait(), executor);
        webhooks = new Webhooks(queue, settings.webhooks(), executor);
        work = new WorkStreams(queue, executor);
        GifHandlers gifs = new GifHandlers(queue, settings, waiting, known, webhooks, executor);
        uploads = new Uploads(settings.uploads(), settings.uploadExpiry(), queue.blobs(), gifs::convert);
        Page page = new Page();
        javalin = Javalin.create(config -> {
            configure(config);
            config.routes.before(HttpServer::harden);
            SameSite sameSite = new SameSite(names(), settings.publicUrl());
            boolean secure = settings.publicUrl().filter(PublicUrl::isSecure).isPresent();
            Authentication authentication = new Authentication(settings.token(), open(page), secure);
            config.routes.before(sameSite);
            config.routes.wsBeforeUpgrade(ctx -> beforeUpgrade(sameSite, ctx));
            config.routes.wsBeforeUpgrade(ctx -> beforeUpgrade(authentication, ctx));
            authentication.register(config.routes);
            new HttpProblems(executor).register(config.routes);
            metrics.register(config);
            new Health(queue).register(config.routes);
            page.register(config.routes);
            gifs.register(config.routes);
            new UploadHandlers(queue, gifs, uploads, settings, executor).register(config.routes);
            new JobHandlers(queue, waiting, events, webhooks).register(config.routes);
            new WorkerHandlers(queue).register(config.routes);
            new WorkHandlers(queue, work, settings, executor).register(config.routes);
            live.register(config.routes);
        });
    }

    /**
     * Listens.
     *
     * @throws IOException if the address cannot be had, with a sentence that says so
     */
    public void start() throws IOException {
        listening = bind();
        try {
            uploads.open();
            javalin.start();
        } catch (IOException | RuntimeException e) {
            uploads.close();
            listening.close();
            throw e;
        }
        events.start();
        live.start();
        metrics.start();
        webhooks.start();
        work.start();
        threads.execute(known::load);
    }

    private ServerSocketChannel bind() throws IOException {
        HostPort address = settings.address();
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            return channel.bind(new InetSocketAddress(address.host(), address.port()), BACKLOG);
        } catch (IOException | UnresolvedAddressException e) {
            channel.close();
            String reason = e instanceof UnresolvedAddressException ? "the host is not known" : e.getMessage();
            throw new IOException("cannot listen on " + address + ": " + reason, e);
        }
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
        awaitAnswers();
        javalin.stop();
        uploads.close();
        webhooks.close();
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        // One that implies no charset: Jetty would keep it for whatever type follows.
        config.http.defaultContentType = "application/octet-stream";
        config.jetty.threadPool = threads;
        config.jetty.modifyHttpConfiguration(http -> {
            http.setUriCompliance(UriCompliance.DEFAULT);
            if (settings.tls().isPresent()) {
                http.addCustomizer(new SecureRequestCustomizer(false)); // which host is asked for is checked elsewhere
            }
        });
        config.jetty.modifyServer(this::configure);
        config.jetty.modifyServletContextHandler(context -> context.setSessionHandler(shortSessions()));
        config.jetty.modifyWebSocketServletFactory(sockets -> {
            sockets.setMaxTextMessageSize(LARGEST_MESSAGE);
            sockets.setMaxBinaryMessageSize(LARGEST_MESSAGE);
            sockets.setIdleTimeout(settings.idleTimeout());
        });
        config.jetty.addConnector((server, http) -> {
            ServerConnector connector = settings.tls()
                    .map(tls -> new ServerConnector(server, secured(tls), new HttpConnectionFactory(http)))
                    .orElseGet(() -> new ServerConnector(server, new HttpConnectionFactory(http)));
            open(connector);
            connector.setIdleTimeout(settings.idleTimeout().toMillis());
            connector.setShutdownIdleTimeout(IDLE_AT_STOP.toMillis());
            connector.addEventListener(deadline);
            return connector;
        });
    }

    private static SslConnectionFactory secured(SSLContext tls) {
        SslContextFactory.Server factory = new SslContextFactory.Server();
        factory.setSslContext(tls);
        return new SslConnectionFactory(factory, HttpVersion.HTTP_1_1.asString());
    }

    private void configure(Server server) {
        LowResourceMonitor monitor = server.getBean(LowResourceMonitor.class);
        if (monitor != null) {
            // It would cut connections short whenever the small pool is busy.
            server.removeBean(monitor);
        }
        server.addBean(new NetworkConnectionLimit(settings.maxConnections(), server));
        server.setErrorHandler(new ProblemErrorHandler());
        server.insertHandler(requests);
        server.insertHandler(deadline);
        server.setStopTimeout(STOP_TIMEOUT.toMillis());
    }

    private static void harden(Context ctx) {
        ctx.header("X-Content-Type-Options", "nosniff");
        ctx.header("Cross-Origin-Resource-Policy", "same-origin");
        ctx.header("Referrer-Policy", "no-referrer");
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

    /** When Jetty stops it cuts connections on which nothing moved of late, though an answer may be on its way to them. */
    private void awaitAnswers() {
        long end = System.nanoTime() + ANSWERS_TIMEOUT.toNanos();
        try {
            while (requests.getCurrentRequestCount() > 0 && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    private void open(ServerConnector connector) {
        try {
            connector.open(listening);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
