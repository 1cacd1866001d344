package org.nngjava.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.nngjava.benchmarks.LocalServer;
import org.nngjava.benchmarks.Trees;

/**
 * nginx with its echo module, answering each request after the same time, however many there are. It takes some 20 us of processor time for
 * an answer: a server in Java took 80 and more, which those who measured it on the same processors had to wait for.
 */
final class Nginx implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/nginx");
    private static final Path ECHO = Path.of("/usr/lib/nginx/modules/ngx_http_echo_module.so");

    private final Path directory = Files.createTempDirectory("nginx-");
    private final int port;
    private final Process server;

    /** Starts a server on a free port of loopback, that ends with this process. */
    Nginx(Duration delay) throws IOException, InterruptedException {
        for (Path needed : List.of(PROGRAM, ECHO)) {
            if (!Files.exists(needed)) {
                throw new IOException(needed + " is missing: ci/setup bench");
            }
        }
        port = LocalServer.freePort();
        Path configuration = Files.writeString(directory.resolve("nginx.conf"), configuration(delay));
        server = LocalServer.start(
                port, PROGRAM.toString(), "-p", directory.toString(), "-c", configuration.toString(), "-e", "stderr");
    }

    private String configuration(Duration delay) {
        return """
                load_module %s;
                daemon off;
                master_process off;
                pid nginx.pid;
                events { worker_connections 4096; }
                http {
                    access_log off;
                    keepalive_requests 1000000000;
                    client_body_temp_path body;
                    proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi;
                    scgi_temp_path scgi;
                    server {
                        listen 127.0.0.1:%d;
                        location / { echo_sleep %d.%03d; echo_exec /answer; }
                        location /answer { internal; return 200 "0123456789"; }
                    }
                }
                """.formatted(ECHO, port, delay.toSeconds(), delay.toMillisPart());
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    @Override
    public void close() throws IOException {
        server.destroyForcibly();
        server.onExit().join();
        Trees.delete(directory);
    }
}
