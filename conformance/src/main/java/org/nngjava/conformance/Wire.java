package org.nngjava.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** Bytes to and from an endpoint, each step with a deadline. Used by one thread at a time. */
final class Wire implements AutoCloseable {
    private static final int BUFFER = 1 << 15;
    private static final int SEND_BUFFER = 1 << 17;
    private static final int MOST_UNREAD = 1 << 20;
    private static final Duration GREETING = Duration.ofMillis(300);

    private final SocketChannel channel;
    private final Selector selector;
    private ByteBuffer inbox = ByteBuffer.allocate(BUFFER);
    private boolean ended;

    private Wire(SocketChannel channel) throws IOException {
        this.channel = channel;
        this.selector = Selector.open();
        channel.configureBlocking(false);
        channel.register(selector, 0);
    }

    /** Connects, and sends nothing. The buffers are small, so that a peer that does not read is noticed soon. */
    static Wire connect(Address address) throws IOException {
        boolean inet = address.socket() instanceof InetSocketAddress;
        SocketChannel channel = SocketChannel.open(inet ? StandardProtocolFamily.INET : StandardProtocolFamily.UNIX);
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
            if (inet) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            channel.connect(address.socket());
            return new Wire(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Connects to see whether anybody listens there, and leaves after the greeting: some implementations do not take it well if a
     * peer leaves before it.
     *
     * @throws IOException if nobody does
     */
    static void probe(Address address) throws IOException {
        try (Wire wire = connect(address)) {
            if (address.transport() != Transport.WS) {
                wire.readable(GREETING);
            }
        }
    }

    /** Before the next connection to an endpoint that has just closed one: without it an endpoint has more to clean up than to serve. */
    static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Writes all of it.
     *
     * @throws Closed if the endpoint has closed the connection
     * @throws Late if the endpoint does not read it in time
     */
    void write(byte[] bytes, Duration patience) throws IOException {
        int left = write(ByteBuffer.wrap(bytes), patience);
        if (left > 0) {
            throw new Late("the endpoint does not read: " + left + " of " + bytes.length + " bytes are not taken");
        }
    }

    /** Writes as much as the endpoint takes until it has taken nothing for a while; gives the number of bytes left. */
    int write(ByteBuffer bytes, Duration patience) throws IOException {
        while (bytes.hasRemaining()) {
            try {
                if (channel.write(bytes) > 0) {
                    continue;
                }
            } catch (IOException e) {
                throw new Closed(e);
            }
            if (!ready(SelectionKey.OP_WRITE, System.nanoTime() + patience.toNanos())) {
                break;
            }
        }
        return bytes.remaining();
    }

    /**
     * Reads exactly so many bytes. If they do not come, those that did are there for the next one who reads.
     *
     * @throws Closed if the endpoint closes the connection first
     * @throws Late if they do not come in time
     */
    byte[] read(int length, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (inbox.position() < length) {
            if (!fill() && !ready(SelectionKey.OP_READ, deadline)) {
                throw new Late("nothing came for " + patience.toMillis() + " ms after " + inbox.position()
                        + " bytes of " + length);
            }
            if (ended && inbox.position() < length) {
                throw new Closed(null);
            }
        }
        byte[] bytes = new byte[length];
        inbox.flip().get(bytes);
        inbox.compact();
        return bytes;
    }

    /** Waits until there is something to read, or the end. */
    boolean readable(Duration patience) throws IOException {
        return inbox.position() > 0 || ended || ready(SelectionKey.OP_READ, System.nanoTime() + patience.toNanos());
    }

    /** Whether the endpoint is seen to have closed the connection by now. */
    boolean closed() throws IOException {
        boolean more = !ended;
        while (more) {
            more = fill() && !ended && inbox.position() < MOST_UNREAD;
        }
        return ended;
    }

    /** Whether the endpoint closes the connection in time; what it still sends is thrown away. */
    boolean closes(Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!closed()) {
            inbox.clear();
            if (!ready(SelectionKey.OP_READ, deadline)) {
                return false;
            }
        }
        return true;
    }

    /** Ends what goes to the endpoint, and still takes what comes from it. */
    void halfClose() throws IOException {
        channel.shutdownOutput();
    }

    /** Closes without a farewell: on TCP by a reset. */
    void abort() throws IOException {
        if (channel.getRemoteAddress() instanceof InetSocketAddress) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        close();
    }

    @Override
    public void close() {
        try {
            selector.close();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads what is there; false if that is nothing. The end counts as something. */
    private boolean fill() throws IOException {
        if (!inbox.hasRemaining()) {
            inbox = ByteBuffer.allocate(inbox.capacity() * 2).put(inbox.flip());
        }
        int count;
        try {
            count = channel.read(inbox);
        } catch (IOException e) {
            count = -1; // by a reset
        }
        ended = count < 0;
        return count != 0;
    }

    private boolean ready(int operation, long deadline) throws IOException {
        channel.keyFor(selector).interestOps(operation);
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        selector.selectedKeys().clear();
        return (millis > 0 ? selector.select(millis) : selector.selectNow()) > 0;
    }

    /** The endpoint has closed the connection. */
    static final class Closed extends IOException {
        private static final long serialVersionUID = 1;

        Closed(IOException cause) {
            super("the endpoint closed the connection", cause);
        }
    }

    /** The endpoint did not do in time what it should. */
    static final class Late extends IOException {
        private static final long serialVersionUID = 1;

        Late(String message) {
            super(message);
        }
    }
}
