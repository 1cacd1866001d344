package org.nngjava.benchmarks.queue;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.nngjava.benchmarks.LocalServer;

/** beanstalkd with {@code -f0}: it forces its log to the disk at each change. Each submitter and each worker has a connection. */
final class Beanstalkd implements Subject {
    private static final Path PROGRAM = Path.of("/usr/bin/beanstalkd");

    private final Process server;
    private final int port;
    private final Queue<Connection> all = new ConcurrentLinkedQueue<>();
    private final Map<Thread, Connection> submitters = new ConcurrentHashMap<>();
    private final List<Thread> workers = new ArrayList<>();
    private volatile boolean closed;

    static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /** Starts a server on a free port, that ends with this process. */
    Beanstalkd(Path directory) throws IOException, InterruptedException {
        port = LocalServer.freePort();
        server = LocalServer.start(
                port,
                PROGRAM.toString(),
                "-l",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-b",
                directory.toString(),
                "-f0");
    }

    private Connection connect() throws IOException {
        Connection connection = new Connection(new Socket(InetAddress.getLoopbackAddress(), port));
        all.add(connection);
        return connection;
    }

    @Override
    public void submit() throws IOException {
        Connection connection = submitters.get(Thread.currentThread());
        if (connection == null) {
            connection = connect();
            submitters.put(Thread.currentThread(), connection);
        }
        connection.call("put 0 0 600 4\r\nnoop", "INSERTED");
    }

    @Override
    public void work(int count, Runnable job) throws IOException {
        for (int i = 0; i < count; i++) {
            Connection connection = connect();
            Thread worker = new Thread(() -> work(connection, job), "beanstalkd-worker-" + i);
            worker.start();
            workers.add(worker);
        }
    }

    private void work(Connection connection, Runnable job) {
        try {
            while (true) {
                String[] reserved = connection.call("reserve", "RESERVED").split(" ", -1);
                connection.skip(Integer.parseInt(reserved[2]) + 2);
                job.run();
                connection.call("delete " + reserved[1], "DELETED");
            }
        } catch (IOException e) {
            if (!closed) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        for (Connection connection : all) {
            connection.close();
        }
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        server.destroy();
        server.onExit().join();
    }

    /** One command at a time. For one thread. */
    private static final class Connection implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        private Connection(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        }

        private String call(String command, String expected) throws IOException {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new EOFException("beanstalkd is gone");
                }
                line.append((char) next);
            }
            String answer = line.toString().strip();
            if (!answer.startsWith(expected)) {
                throw new IOException("beanstalkd answers '" + answer + "' to '" + command + "'");
            }
            return answer;
        }

        private void skip(int bytes) throws IOException {
            in.skipNBytes(bytes);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
