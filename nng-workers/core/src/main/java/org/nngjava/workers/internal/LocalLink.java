package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.nngjava.workers.QueueClosedException;
import org.nngjava.workers.Traffic;

/**
 * To a broker in the same process: requests go from hand to hand, and are not written down. Where there is none they go by NNG, to whatever
 * is at the address or comes there.
 */
final class LocalLink implements BrokerLink {
    private static final AtomicInteger LINKS = new AtomicInteger();

    private final String url;
    private final Access access;
    /** In place of the id of a pipe, which is positive. */
    private final int id = LINKS.decrementAndGet();

    private final List<LocalLine> lines = new ArrayList<>();
    private NngLink byNng;
    private boolean closed;

    LocalLink(String url, Access access) {
        this.url = url;
        this.access = access;
    }

    @Override
    public synchronized Line line() {
        if (closed) {
            throw new IllegalStateException("the link to " + url + " is closed");
        }
        LocalLine line = new LocalLine();
        lines.add(line);
        return line;
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public Traffic traffic() {
        return Traffic.NONE;
    }

    @Override
    public synchronized String counts() {
        return byNng == null ? "" : byNng.counts();
    }

    @Override
    public void close() {
        List<LocalLine> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(lines);
        }
        open.forEach(LocalLine::close); // nothing is sent after that
        LocalWork.at(url).ifPresent(broker -> broker.linkGone(id));
        closeNng();
    }

    private synchronized void closeNng() {
        if (byNng != null) {
            byNng.close();
        }
    }

    private synchronized Line lineByNng() {
        if (byNng == null) {
            byNng = new NngLink(url, access);
        }
        return byNng.line();
    }

    private synchronized void ended(LocalLine line) {
        lines.remove(line);
    }

    private final class LocalLine implements Line {
        private CompletableFuture<Answer> underWay = new CompletableFuture<>();
        private Line byNng;
        private boolean closed;

        /** As with a context of REQ, a new request is the end of the one before. */
        @Override
        public synchronized CompletableFuture<Answer> send(Request request, ByteBuffer body) {
            underWay.cancel(false);
            underWay = closed
                    ? CompletableFuture.failedFuture(closedException())
                    : LocalWork.at(url)
                            .map(broker -> broker.ask(id, url, access.token(), request, copy(body)))
                            .orElseGet(() -> sendByNng(request, body));
            return underWay;
        }

        private CompletableFuture<Answer> sendByNng(Request request, ByteBuffer body) {
            if (byNng == null) {
                byNng = lineByNng();
            }
            return byNng.send(request, body);
        }

        @Override
        public synchronized void close() {
            closed = true;
            underWay.completeExceptionally(closedException());
            if (byNng != null) {
                byNng.close();
            }
            ended(this);
        }

        private static QueueClosedException closedException() {
            return new QueueClosedException("the worker is closed");
        }

        private static ByteBuffer copy(ByteBuffer body) {
            return body == null ? ByteBuffer.allocate(0) : SmallBlobs.copy(body);
        }
    }
}
