package org.nngjava.gifbroker;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Many clients of one server, each with a connection of its own, that wait for server-sent events. For one thread, which reads for all. */
public final class EventClients implements AutoCloseable {
    private static final int KEPT = 4096;

    private final Selector selector;
    private final List<Client> clients = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);

    private EventClients(Selector selector) {
        this.selector = selector;
    }

    /**
     * Connects, and asks for the events.
     *
     * @param server its address
     * @param count how many clients
     * @param path what the client of a number asks for
     */
    public static EventClients connect(URI server, int count, IntFunction<String> path) throws IOException {
        EventClients all = new EventClients(Selector.open());
        try {
            for (int i = 0; i < count; i++) {
                SocketChannel channel = SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
                String request =
                        "GET " + path.apply(i) + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n";
                channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
                channel.configureBlocking(false);
                all.clients.add(new Client(channel.register(all.selector, SelectionKey.OP_READ)));
            }
            return all;
        } catch (IOException e) {
            all.close();
            throw e;
        }
    }

    /**
     * Reads until each client has heard a text since the last call.
     *
     * @param text that is sought; by the number of the client
     * @param atMost how long
     * @return when each heard it, as {@link System#nanoTime} has it, in rising order
     * @throws TimeoutException if not all did in that time
     */
    public long[] awaitAll(IntFunction<String> text, Duration atMost) throws IOException, TimeoutException {
        int missing = 0;
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).seek(text.apply(i));
            missing += clients.get(i).hasHeard() ? 0 : 1;
        }
        long end = System.nanoTime() + atMost.toNanos();
        while (missing > 0) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new TimeoutException(missing + " of " + clients.size() + " clients heard nothing in " + atMost);
            }
            selector.select(Math.max(1, left / 1_000_000));
            for (SelectionKey key : selector.selectedKeys()) {
                Client client = (Client) key.attachment();
                boolean waited = !client.hasHeard();
                client.read(buffer);
                missing -= waited && client.hasHeard() ? 1 : 0;
            }
            selector.selectedKeys().clear();
        }
        return clients.stream().mapToLong(client -> client.heardAt).sorted().toArray();
    }

    /** As {@link #awaitAll(IntFunction, Duration)}, the same text for all. */
    public long[] awaitAll(String text, Duration atMost) throws IOException, TimeoutException {
        return awaitAll(client -> text, atMost);
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    /** One of them, with what it heard of late. */
    private static final class Client {
        private final SocketChannel channel;
        private final StringBuilder heard = new StringBuilder();
        private String sought;
        private long heardAt;

        Client(SelectionKey key) {
            channel = (SocketChannel) key.channel();
            key.attach(this);
        }

        void seek(String text) {
            sought = text;
            heardAt = 0;
            look();
        }

        boolean hasHeard() {
            return heardAt != 0;
        }

        void read(ByteBuffer buffer) throws IOException {
            buffer.clear();
            if (channel.read(buffer) < 0) {
                throw new EOFException("the server ended a stream after: " + heard);
            }
            heard.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
            look();
        }

        private void look() {
            int at = hasHeard() ? -1 : heard.indexOf(sought);
            if (at >= 0) {
                heardAt = System.nanoTime();
                heard.delete(0, at + sought.length());
            } else if (heard.length() > KEPT) {
                heard.delete(0, heard.length() - KEPT);
            }
        }
    }
}
