package org.nngjava.gifbroker.http;

import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
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

/** Where HTTP is served, and what is the same whatever is served there: a small fixed pool of threads, headers, an end in order. */
final class HttpPort implements Executor {
    private static final int THREADS = 16;
    private static final int BACKLOG = 1024;
    private static final Duration ANSWERS_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration IDLE_AT_STOP = Duration.ofMillis(100);

    private final HostPort address;
    private final Optional<SSLContext> tls;
    private final Duration idleTimeout;
    private final int maxConnections;
    private final QueuedThreadPool threads = new QueuedThreadPool(THREADS, THREADS);
    private final GracefulHandler requests = new GracefulHandler();
    private final RequestDeadline deadline;
    private ServerSocketChannel listening;

    /**
     * @param tls with the certificate to show, where HTTPS is to be spoken
     * @param idleTimeout after which a connection is closed on which nothing moves
     * @param maxConnections how many clients may be connected at once; more wait until others leave
     */
    HttpPort(HostPort address, Optional<SSLContext> tls, Duration idleTimeout, int maxConnections) {
        this.address = address;
        this.tls = tls;
        this.idleTimeout = idleTimeout;
        this.maxConnections = maxConnections;
        deadline = new RequestDeadline(idleTimeout, () -> threads.getQueueSize() > 0);
        threads.setName("http");
    }

    /**
     * Takes the address, before a server starts there.
     *
     * @throws IOException if it cannot be had, with a sentence that says so
     */
    void bind() throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listening = channel.bind(new InetSocketAddress(address.host(), address.port()), BACKLOG);
        } catch (IOException | UnresolvedAddressException e) {
            channel.close();
            String reason = e instanceof UnresolvedAddressException ? "the host is not known" : e.getMessage();
            throw new IOException("cannot listen on " + address + ": " + reason, e);
        }
    }

    /** Gives the address back, if no server has started there. */
    void release() throws IOException {
        listening.close();
    }

    void configure(JavalinConfig config) {
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
            if (tls.isPresent()) {
                http.addCustomizer(new SecureRequestCustomizer(false)); // which host is asked for is checked elsewhere
            }
        });
        config.jetty.modifyServer(this::configure);
        config.jetty.addConnector((server, http) -> {
            ServerConnector connector = tls.map(
                            context -> new ServerConnector(server, secured(context), new HttpConnectionFactory(http)))
                    .orElseGet(() -> new ServerConnector(server, new HttpConnectionFactory(http)));
            open(connector);
            connector.setIdleTimeout(idleTimeout.toMillis());
            connector.setShutdownIdleTimeout(IDLE_AT_STOP.toMillis());
            connector.addEventListener(deadline);
            return connector;
        });
        config.routes.before(HttpPort::harden);
    }

    /** When Jetty stops it cuts connections on which nothing moved of late, though an answer may be on its way to them. */
    void awaitAnswers() {
        long end = System.nanoTime() + ANSWERS_TIMEOUT.toNanos();
        try {
            while (requests.getCurrentRequestCount() > 0 && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs a task by the pool. */
    @Override
    public void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
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
        server.addBean(new NetworkConnectionLimit(maxConnections, server));
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

    private void open(ServerConnector connector) {
        try {
            connector.open(listening);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
