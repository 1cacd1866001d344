package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.nngjava.Dialer;
import org.nngjava.Message;
import org.nngjava.NngException;
import org.nngjava.NngOptions;
import org.nngjava.ReqContext;
import org.nngjava.ReqSocket;
import org.nngjava.Size;
import org.nngjava.workers.Traffic;

/**
 * By connections of REQ sockets, which come and go by themselves.
 *
 * <p>REQ is told not to send again by itself: a lost connection ends the request, and whoever asked asks again, under the
 * same name. Few lines share a connection, so that the broker can answer them all at once.
 */
final class NngLink implements BrokerLink {
    private static final int LINES_PER_SOCKET = 16;
    private static final Duration RECONNECT = Duration.ofMillis(100);

    private final String url;
    private final Access access;
    private final List<ReqSocket> sockets = new ArrayList<>();
    private final List<Dialer> dialers = new ArrayList<>();
    private final TrafficMeter traffic;
    private int linesOfLast = LINES_PER_SOCKET;
    private boolean closed;

    NngLink(String url, Access access) {
        this.url = url;
        this.access = access;
        traffic = new TrafficMeter(url.startsWith("inproc:") ? List::of : this::sockets);
    }

    private synchronized List<ReqSocket> sockets() {
        return List.copyOf(sockets);
    }

    @Override
    public Traffic traffic() {
        return traffic.latest();
    }

    /** On one of the connections, or on a new one. */
    @Override
    public synchronized Line line() {
        if (closed) {
            throw new IllegalStateException("the link to " + url + " is closed");
        }
        if (linesOfLast >= LINES_PER_SOCKET) {
            sockets.add(connect());
            linesOfLast = 0;
        }
        linesOfLast++;
        return new NngLine(sockets.get(sockets.size() - 1).openContext(), access.token());
    }

    @Override
    public String url() {
        return url;
    }

    /** What NNG counts of the first connection, such as refusals. Empty if it does not count. */
    @Override
    public synchronized String counts() {
        try {
            return dialers.isEmpty() ? "" : dialers.get(0).statistics().toString();
        } catch (NngException e) {
            return "";
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        sockets.forEach(ReqSocket::close);
    }

    private ReqSocket connect() {
        ReqSocket socket = ReqSocket.open();
        try {
            socket.set(NngOptions.REQ_RESEND_TIME, NngOptions.INFINITE);
            socket.set(NngOptions.RECONNECT_MIN, RECONNECT);
            socket.set(NngOptions.RECONNECT_MAX, RECONNECT);
            socket.set(NngOptions.RECV_MAX_SIZE, new Size(Limits.MESSAGE));
            Dialer dialer = socket.dialer(url);
            access.start(dialer);
            dialers.add(dialer);
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * A context of one of the sockets.
     *
     * @param token what is shown with each request, or null
     */
    private record NngLine(ReqContext context, String token) implements Line {
        @Override
        public CompletableFuture<Answer> send(Request request, ByteBuffer body) {
            CompletableFuture<Message> reply = request(request, body);
            Awaited answer = new Awaited(reply);
            reply.whenComplete((message, failure) -> {
                if (failure == null) {
                    Answer.complete(answer, message);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
            return answer;
        }

        private CompletableFuture<Message> request(Request request, ByteBuffer body) {
            byte[] header = Ngw1.encode(request, token);
            Message message = Message.allocate(header.length + (body == null ? 0 : body.remaining()));
            ByteBuffer target = message.body().put(header);
            if (body != null) {
                target.put(body.duplicate());
            }
            try {
                return context.requestAsync(message);
            } catch (RuntimeException e) {
                message.close();
                throw e;
            }
        }

        @Override
        public void close() {
            context.close();
        }
    }

    /** An answer. Whoever gives it up gives up the reply first, so that the context is free when the next request is sent. */
    private static final class Awaited extends CompletableFuture<Answer> {
        private final CompletableFuture<Message> reply;

        Awaited(CompletableFuture<Message> reply) {
            this.reply = reply;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            reply.cancel(mayInterruptIfRunning);
            return super.cancel(mayInterruptIfRunning);
        }

        @Override
        public boolean completeExceptionally(Throwable failure) {
            reply.cancel(true);
            return super.completeExceptionally(failure);
        }
    }
}
