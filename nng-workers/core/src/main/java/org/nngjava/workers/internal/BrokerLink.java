package org.nngjava.workers.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.nngjava.Dialer;
import org.nngjava.NngException;
import org.nngjava.NngOptions;
import org.nngjava.ReqSocket;
import org.nngjava.Size;
import org.nngjava.workers.Traffic;

/**
 * A worker's connections to its broker. They come and go by themselves; requests wait for them. Safe for use by many
 * threads.
 *
 * <p>REQ is told not to send again by itself: a lost connection ends the request, and whoever asked asks again, under the
 * same name. Few channels share a connection, so that the broker can answer them all at once.
 */
final class BrokerLink implements AutoCloseable {
    private static final int CHANNELS_PER_SOCKET = 16;
    private static final Duration RECONNECT = Duration.ofMillis(100);

    private final String url;
    private final Access access;
    private final List<ReqSocket> sockets = new ArrayList<>();
    private final List<Dialer> dialers = new ArrayList<>();
    private final TrafficMeter traffic;
    private int channelsOfLast = CHANNELS_PER_SOCKET;
    private boolean closed;

    BrokerLink(String url, Access access) {
        this.url = url;
        this.access = access;
        traffic = new TrafficMeter(url.startsWith("inproc:") ? List::of : this::sockets);
    }

    private synchronized List<ReqSocket> sockets() {
        return List.copyOf(sockets);
    }

    /** What the connections carried. */
    Traffic traffic() {
        return traffic.latest();
    }

    /** Opens a channel on one of the connections, or on a new one. */
    synchronized Channel open() {
        if (closed) {
            throw new IllegalStateException("the link to " + url + " is closed");
        }
        if (channelsOfLast >= CHANNELS_PER_SOCKET) {
            sockets.add(connect());
            channelsOfLast = 0;
        }
        channelsOfLast++;
        return new Channel(sockets.get(sockets.size() - 1).openContext(), access.token());
    }

    /** Where the broker is. */
    String url() {
        return url;
    }

    /** For people: what NNG counts of the first connection, such as refusals. Empty if it does not count. */
    synchronized String counts() {
        try {
            return dialers.get(0).statistics().toString();
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
}
