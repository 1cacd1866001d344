package org.nngjava.gifbroker.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Clients that all begin in the same way, and then send a byte now and then for as long as the server bears it. */
final class SlowClients implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int PERIOD_MILLIS = 50;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final List<Socket> clients = new ArrayList<>();

    SlowClients(URI server, int count, String beginning) throws IOException {
        for (int i = 0; i < count; i++) {
            Socket client = new Socket(server.getHost(), server.getPort());
            client.setSoTimeout((int) LONGEST.toMillis());
            client.getOutputStream().write(beginning.getBytes(ISO_8859_1));
            clients.add(client);
        }
        clock.scheduleAtFixedRate(
                () -> clients.forEach(SlowClients::sendAByte), PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static void sendAByte(Socket client) {
        try {
            client.getOutputStream().write('x');
        } catch (IOException e) {
            // The server has ended it.
        }
    }

    /** What each is answered until the server ends its connection. */
    List<String> answers() throws IOException {
        List<String> answers = new ArrayList<>();
        for (Socket client : clients) {
            answers.add(rest(client));
        }
        return answers;
    }

    /** The first line that each is answered. */
    List<String> statusLines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Socket client : clients) {
            lines.add(line(client));
        }
        return lines;
    }

    /** All that a server says until it ends the connection. */
    static String rest(Socket client) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            client.getInputStream().transferTo(all);
        } catch (SocketException e) {
            // A reset, since more was sent than the server wanted to read.
        }
        return all.toString(ISO_8859_1);
    }

    /** The next line that a server says; what there is of it if it ends the connection instead. */
    static String line(Socket client) throws IOException {
        StringBuilder line = new StringBuilder();
        try {
            InputStream in = client.getInputStream();
            for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
                line.append((char) next);
            }
        } catch (SocketException e) {
            // As above.
        }
        return line.toString().stripTrailing();
    }

    @Override
    public void close() throws IOException {
        clock.shutdownNow();
        for (Socket client : clients) {
            client.close();
        }
    }
}
