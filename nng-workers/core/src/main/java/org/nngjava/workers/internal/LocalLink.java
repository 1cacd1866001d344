package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.nngjava.workers.QueueClosedException;
import org.nngjava.workers.Traffic;

/** To a broker in the same process: requests go from hand to hand, and are not written down. */
final class LocalLink implements BrokerLink {
    private static final AtomicInteger LINKS = new AtomicInteger();

    private final String url;
    private final String token;
    /** In place of the id of a pipe, which is positive. */
    private final int id = LINKS.decrementAndGet();

    private final TrafficMeter traffic = new TrafficMeter(List::of);
    private final List<LocalLine> lines = new ArrayList<>();
    private boolean closed;

    LocalLink(String url, Access access) {
        this.url = url;
        token = access.token();
    }

    @Override
    public synchronized Channel open() {
        if (closed) {
            throw new IllegalStateException("the link to " + url + " is closed");
        }
        LocalLine line = new LocalLine();
        lines.add(line);
        return new Channel(line);
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public Traffic traffic() {
        return traffic.latest();
    }

    @Override
    public String counts() {
        return "";
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            List.copyOf(lines).forEach(LocalLine::close);
            LocalWork.at(url).ifPresent(broker -> broker.linkGone(id));
        }
    }

    private synchronized void ended(LocalLine line) {
        lines.remove(line);
    }

    private final class LocalLine implements Line {
        private CompletableFuture<Answer> underWay = new CompletableFuture<>();
        private boolean closed;

        /** As with a context of REQ, a new request is the end of the one before. */
        @Override
        public CompletableFuture<Answer> send(Request request, ByteBuffer body) {
            CompletableFuture<Answer> answer = LocalWork.at(url)
                    .map(broker -> broker.ask(id, token, request, copy(body)))
                    .orElseGet(() ->
                            CompletableFuture.failedFuture(new QueueClosedException("there is no queue at " + url)));
            synchronized (this) {
                underWay.cancel(false);
                underWay = answer;
                if (closed) {
                    end();
                }
            }
            return answer;
        }

        private void end() {
            underWay.completeExceptionally(new QueueClosedException("the worker is closed"));
        }

        @Override
        public void close() {
            synchronized (this) {
                closed = true;
                end();
            }
            ended(this);
        }

        private static ByteBuffer copy(ByteBuffer body) {
            return body == null
                    ? ByteBuffer.allocate(0)
                    : ByteBuffer.allocate(body.remaining())
                            .put(body.duplicate())
                            .flip();
        }
    }
}
