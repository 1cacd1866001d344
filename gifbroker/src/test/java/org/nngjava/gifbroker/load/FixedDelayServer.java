package org.nngjava.gifbroker.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;

/** Answers each request after the same time, however many there are, and counts them. A path such as {@code /503} is answered with that status. */
public final class FixedDelayServer implements AutoCloseable {
    private final Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private final AtomicInteger requests = new AtomicInteger();

    /** Starts it. */
    public FixedDelayServer(Duration delay) throws Exception {
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                requests.incrementAndGet();
                String path = request.getHttpURI().getPath();
                server.getScheduler()
                        .schedule(
                                () -> {
                                    response.setStatus(path.length() > 1 ? Integer.parseInt(path.substring(1)) : 200);
                                    Content.Sink.write(response, true, "0123456789", callback);
                                },
                                delay.toNanos(),
                                TimeUnit.NANOSECONDS);
                return true;
            }
        });
        server.start();
    }

    /** Where it is, such as {@code http://127.0.0.1:1234/}. */
    public URI uri() {
        return server.getURI();
    }

    /** How many there were. */
    public int requests() {
        return requests.get();
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
    }
}
