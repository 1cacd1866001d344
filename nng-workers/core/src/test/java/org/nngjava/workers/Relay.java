package org.nngjava.workers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A wire between a worker and its queue that can be cut: then nothing gets through, and neither end is told. */
final class Relay implements AutoCloseable {
    private final int target;
    private final ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Object lock = new Object();
    private boolean cut;
    private volatile boolean closed;

    /**
     * Begins to relay.
     *
     * @param url where to, as {@code tcp://127.0.0.1:port}
     */
    Relay(String url) throws IOException {
        target = Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    String url() {
        return "tcp://127.0.0.1:" + server.getLocalPort();
    }

    void cut() {
        synchronized (lock) {
            cut = true;
        }
    }

    /** Lets through what was held back, and what follows. */
    void mend() {
        synchronized (lock) {
            cut = false;
            lock.notifyAll();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        mend();
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        while (!closed) {
            try {
                Socket near = server.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.addAll(List.of(near, far));
                start(() -> pump(near, far));
                start(() -> pump(far, near));
            } catch (IOException e) {
                if (!closed) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[65_536];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                synchronized (lock) {
                    while (cut) {
                        lock.wait();
                    }
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException | InterruptedException e) {
            sockets.remove(from);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }
}
