package org.nngjava.workers.internal;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.nngjava.Message;
import org.nngjava.NngOptions;
import org.nngjava.Pipe;
import org.nngjava.PipeListener;
import org.nngjava.Poller;
import org.nngjava.PushSocket;
import org.nngjava.Readiness;
import org.nngjava.ReqSocket;
import org.nngjava.Size;
import org.nngjava.Socket;
import org.nngjava.workers.SinkStatus;

/**
 * The way to one sink: a socket of its own, so that it is known what the sink has and can be taken back. What changes belongs to the lock of the
 * {@link Distribution}.
 */
final class Outlet implements AutoCloseable {
    private static final Duration RECONNECT = Duration.ofMillis(100);
    private static final int LONGEST_ANSWER = 1024;

    private final String url;
    private final Socket socket;
    private final Function<Message, CompletableFuture<?>> transfer;
    private final Set<Delivery> underWay = new HashSet<>();
    /** Connections that came, since one was fit to stay. */
    private final AtomicInteger met = new AtomicInteger();

    private Pipe pipe;
    private long delivered;
    private long returned;
    private long owingSince;

    private Outlet(String url, Socket socket, Function<Message, CompletableFuture<?>> transfer) {
        this.url = url;
        this.socket = socket;
        this.transfer = transfer;
    }

    /** To a sink that takes what it gets. */
    static Outlet plain(String url) {
        PushSocket socket = PushSocket.open();
        return new Outlet(url, socket, socket::sendAsync);
    }

    /** To a sink that acknowledges each message. */
    static Outlet acknowledged(String url) {
        ReqSocket socket = ReqSocket.open();
        // Whom an unanswered message goes to, and when, is decided here.
        socket.set(NngOptions.REQ_RESEND_TIME, NngOptions.INFINITE);
        socket.set(NngOptions.RECV_MAX_SIZE, new Size(LONGEST_ANSWER));
        return new Outlet(url, socket, socket::requestAsync);
    }

    /** Connects in the background, and again whenever the connection is lost. */
    void connect(Access access, PipeListener listener) {
        socket.set(NngOptions.RECONNECT_MIN, RECONNECT);
        socket.set(NngOptions.RECONNECT_MAX, RECONNECT);
        socket.acceptPipes(ignored -> {
            met.incrementAndGet();
            return true;
        });
        socket.onPipe(listener);
        access.start(socket.dialer(url));
    }

    boolean isConnected() {
        return pipe != null;
    }

    boolean hasRoom(int buffer) {
        return pipe != null && underWay.size() < buffer;
    }

    boolean isIdle() {
        return underWay.isEmpty();
    }

    void connected(Pipe connection) {
        pipe = connection;
        met.set(0);
        owingSince = System.nanoTime();
    }

    /**
     * Gives it no more until it is connected again.
     *
     * @return whether this was its connection
     */
    boolean disconnected(Pipe connection) {
        if (!connection.equals(pipe)) {
            return false;
        }
        pipe = null;
        return true;
    }

    /** Gives the sink a message. */
    void take(Delivery delivery) {
        CompletableFuture<?> begun;
        try {
            begun = transfer.apply(Message.of(delivery.message()));
        } catch (RuntimeException e) {
            begun = CompletableFuture.failedFuture(e);
        }
        if (underWay.isEmpty()) {
            owingSince = System.nanoTime();
        }
        underWay.add(delivery);
        delivery.begins(this, pipe, begun);
    }

    /** False if the message was not under way any more. */
    boolean delivered(Delivery delivery) {
        boolean removed = underWay.remove(delivery);
        delivered += removed ? 1 : 0;
        owingSince = System.nanoTime();
        return removed;
    }

    /** False if the message was not under way any more. */
    boolean returned(Delivery delivery) {
        boolean removed = underWay.remove(delivery);
        returned += removed ? 1 : 0;
        return removed;
    }

    /** How long it has had messages and delivered none. */
    Duration owing() {
        return isIdle() ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - owingSince);
    }

    Pipe pipe() {
        return pipe;
    }

    /** The transfers over a connection that have not ended. */
    List<CompletableFuture<?>> transfersOver(Pipe connection) {
        return underWay.stream()
                .filter(delivery -> connection.equals(delivery.pipe()))
                .<CompletableFuture<?>>map(Delivery::transfer)
                .toList();
    }

    /** Gives up what is under way. */
    List<Delivery> abandon() {
        List<Delivery> all = List.copyOf(underWay);
        underWay.clear();
        return all;
    }

    /** Waits until NNG has written to the system what a plain sink was given: then it could send more. */
    boolean flush(Duration timeout) {
        try (Poller poller = Poller.open()) {
            poller.register(socket, Readiness.SEND);
            return !poller.select(timeout).isEmpty();
        }
    }

    SinkStatus status() {
        SinkStatus.Link link =
                pipe != null ? SinkStatus.Link.CONNECTED : met.get() > 1 ? SinkStatus.Link.UNFIT : SinkStatus.Link.AWAY;
        return new SinkStatus(url, link, underWay.size(), delivered, returned);
    }

    @Override
    public void close() {
        socket.close();
    }
}
