package org.nngjava.benchmarks.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;

/** Answers each request after the same time, however many there are. No thread waits for that. */
final class FixedDelayServer implements AutoCloseable {
    private final Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

    FixedDelayServer(Duration delay) throws Exception {
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                server.getScheduler()
                        .schedule(
                                () -> Content.Sink.write(response, true, "0123456789", callback),
                                delay.toNanos(),
                                TimeUnit.NANOSECONDS);
                return true;
            }
        });
        server.start();
    }

    URI uri() {
        return server.getURI();
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
    }
}
