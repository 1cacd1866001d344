package org.nngjava.gifbroker.load;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.nngjava.workers.JobContext;
import org.nngjava.workers.PermanentFailureException;
import org.nngjava.workers.Task;

/**
 * Prepares a worker: it looks whether something listens at the target, without asking it anything, and sends some requests to a server of
 * its own, so that what is measured later is the target and not a JVM that compiles.
 *
 * @param request what will be sent
 * @param own how many requests go to its own server; 0 for none
 */
public record LoadWarmup(LoadRequest request, int own) implements Task<Void> {
    private static final int CONNECTIONS = 16;
    private static final int NO_CONTENT = 204;

    @Override
    public Void run(JobContext job) throws Exception {
        connect();
        if (own > 0) {
            warmUp();
        }
        return null;
    }

    private void connect() throws PermanentFailureException {
        String target = request.uri().getHost() + ":" + request.port();
        try (Socket socket = new Socket()) {
            InetAddress address = InetAddress.getByName(request.uri().getHost());
            socket.connect(
                    new InetSocketAddress(address, request.port()),
                    Math.toIntExact(request.timeout().toMillis()));
        } catch (UnknownHostException e) {
            throw new PermanentFailureException(
                    "unreachable", "the host " + request.uri().getHost() + " is not known", e);
        } catch (IOException e) {
            throw new PermanentFailureException(
                    "unreachable", "nothing answers at " + target + ": " + e.getMessage(), e);
        }
    }

    private void warmUp() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            server.setExecutor(threads);
            server.createContext("/", exchange -> {
                exchange.sendResponseHeaders(NO_CONTENT, -1);
                exchange.close();
            });
            server.start();
            URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            LoadRequest any = new LoadRequest(address, "GET", List.of(), "", true, Duration.ofSeconds(10));
            try (LoadRun run = new LoadRun(new LoadShare(any, own, Math.min(own, CONNECTIONS), 0))) {
                run.run(progress -> {});
            }
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
