package org.nngjava.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server that is compared with or aimed at: a process that listens on loopback and ends with this one. */
public final class LocalServer {
    private static final long PATIENCE_MS = 10_000;
    private static final long LOOK_MS = 10;

    private LocalServer() {}

    /**
     * A port of loopback on which nothing listens at the moment.
     *
     * @throws IOException if there is none
     */
    public static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /**
     * Starts one, and waits until it takes connections.
     *
     * @param port where it listens
     * @throws IOException if it ends before, or takes none within 10 s
     * @throws InterruptedException if the caller is interrupted
     */
    public static Process start(int port, String... command) throws IOException, InterruptedException {
        Process server = new ProcessBuilder(
                        Stream.concat(Stream.of("setpriv", "--pdeathsig", "KILL"), Stream.of(command))
                                .toList())
                .inheritIO()
                .start();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return server;
            } catch (IOException e) {
                if (System.nanoTime() > deadline || !server.isAlive()) {
                    server.destroyForcibly();
                    throw new IOException(List.of(command) + " does not listen", e);
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
            }
        }
    }
}
