package org.nngjava.gifbroker.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.nngjava.gifbroker.TlsFiles;

/** Stands before a server and speaks TLS for it. What is within is handed on as it comes. */
final class TlsProxy implements AutoCloseable {
    private static final Path FILES = Path.of("src/test/resources/tls");

    private final ServerSocket listening;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private TlsProxy(ServerSocket listening) {
        this.listening = listening;
    }

    /** Takes a port, and answers once it is known whom to ask. */
    static TlsProxy open() throws IOException {
        TlsFiles shown = new TlsFiles(
                Optional.of(FILES.resolve("server.pem")), Optional.of(FILES.resolve("server.key")), Optional.empty());
        return new TlsProxy(
                shown.context().getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    /** What its clients trust. */
    static TlsFiles trust() {
        return new TlsFiles(Optional.empty(), Optional.empty(), Optional.of(FILES.resolve("ca.pem")));
    }

    /** Where browsers find it. */
    String url() {
        return "https://localhost:" + listening.getLocalPort();
    }

    /** Asks a server from now on. */
    void leadTo(int port) {
        threads.execute(() -> {
            try {
                while (true) {
                    Socket client = keep(listening.accept());
                    Socket server = keep(new Socket(InetAddress.getLoopbackAddress(), port));
                    threads.execute(() -> pump(client, server));
                    threads.execute(() -> pump(server, client));
                }
            } catch (IOException closed) {
                // By close.
            }
        });
    }

    private Socket keep(Socket socket) {
        sockets.add(socket);
        return socket;
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One of the two has gone.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
