package org.nngjava.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.nngjava.Message;
import org.nngjava.NngClosedException;
import org.nngjava.RepSocket;
import org.nngjava.ReqSocket;
import org.nngjava.Request;

/**
 * Plain NIO channels and NNG sockets in one loop: TCP clients send lines, each of which becomes a request over NNG, and get the replies.
 *
 * <p>Java's {@link Selector} cannot wait for NNG's descriptors, and Java keeps those of its channels to itself; so the loop waits by a
 * selector, and is an {@link Executor}: what NNG has completed it hands over by {@code thenAcceptAsync(..., loop)}, which wakes the
 * selector up. That needs neither another library nor a flag for the JVM, all state stays with the loop's thread, and the next
 * receive is started by the loop when it is done with the last one, so that a slow loop slows the peer down. Loops of
 * other libraries, such as Netty's, are executors as well.
 */
public final class NioGateway implements Executor, AutoCloseable {
    private final Queue<Runnable> handedOver = new ConcurrentLinkedQueue<>();
    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final ReqSocket workers;

    NioGateway(ReqSocket workers) throws IOException {
        this.workers = workers;
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
    }

    public static void main(String[] args) throws Exception {
        run(System.out::println);
    }

    static void run(Consumer<String> out) throws Exception {
        Thread loop;
        try (RepSocket worker = RepSocket.open();
                ReqSocket workers = ReqSocket.open();
                NioGateway gateway = new NioGateway(workers)) {
            workers.dial(worker.listen("tcp://127.0.0.1:0").url());
            new Thread(() -> shout(worker)).start();
            loop = new Thread(gateway::loop);
            loop.start();
            try (java.net.Socket client = new java.net.Socket()) {
                client.connect(gateway.server.getLocalAddress());
                BufferedReader replies = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
                for (String line : new String[] {"hello", "world"}) {
                    client.getOutputStream().write((line + "\n").getBytes(UTF_8));
                    out.accept(line + " " + replies.readLine());
                }
            }
        }
        loop.join();
    }

    private static void shout(RepSocket worker) {
        try {
            while (true) {
                try (Request request = worker.receiveRequest()) {
                    String text = UTF_8.decode(request.message().body()).toString();
                    request.reply(text.toUpperCase(java.util.Locale.ROOT).getBytes(UTF_8));
                }
            }
        } catch (NngClosedException closed) {
            // the end
        }
    }

    /** Runs something on the loop's thread. */
    @Override
    public void execute(Runnable task) {
        handedOver.add(task);
        selector.wakeup();
    }

    private void loop() {
        try {
            while (selector.isOpen()) {
                selector.select(this::ready);
                for (Runnable task = handedOver.poll(); task != null; task = handedOver.poll()) {
                    task.run();
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (java.nio.channels.ClosedSelectorException closed) {
            // the end
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                server.accept().configureBlocking(false).register(selector, SelectionKey.OP_READ, new Line());
            } else {
                read(key, ((Line) key.attachment()).text);
            }
        } catch (IOException e) {
            key.cancel();
        }
    }

    private void read(SelectionKey key, StringBuilder text) throws IOException {
        SocketChannel client = (SocketChannel) key.channel();
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        if (client.read(buffer) < 0) {
            client.close();
            return;
        }
        text.append(UTF_8.decode(buffer.flip()));
        for (int end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
            Message line = Message.of(text.substring(0, end).getBytes(UTF_8));
            text.delete(0, end + 1);
            workers.requestAsync(line).thenAcceptAsync(reply -> write(client, reply), this);
        }
    }

    private static void write(SocketChannel client, Message reply) {
        try (reply) {
            reply.append("\n".getBytes(UTF_8));
            client.write(reply.body()); // a short one; a long one may need OP_WRITE
        } catch (IOException e) {
            // the client is gone
        }
    }

    /** What a client has sent of a line so far. */
    private static final class Line {
        private final StringBuilder text = new StringBuilder();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        server.close();
    }
}
