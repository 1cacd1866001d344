package org.nngjava;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Forwards messages between two raw sockets, in both directions where the protocol has both, without the program taking part: a broker
 * between many requesters and many repliers, say, or a bridge between two transports.
 *
 * <p>Replies find their way back, since a raw socket keeps the path of a message in its header. Each device is a hop on that path, and
 * sockets drop what has made more than {@link NngOptions#MAX_TTL} of them.
 *
 * <p>It runs on NNG's own threads. A message waits in the device until the other side takes it, so that a slow side slows the other one
 * down. The sockets belong to the device: it ends when one of them closes, and closes both when it ends; what had not been sent
 * by then is lost. Safe for use by several threads.
 */
public final class Device implements AutoCloseable {
    // Not by nng_device: it takes a thread for good, shuts the sockets down behind the binding's back on the threads
    // that the shutdown
    // waits for, and is no faster.

    private final List<RawSocket> sockets;
    private final CompletableFuture<Void> ended;

    private Device(List<RawSocket> sockets, List<Forwarding> forwardings) {
        this.sockets = sockets;
        this.ended = CompletableFuture.allOf(
                forwardings.stream().map(Forwarding::ended).toArray(CompletableFuture<?>[]::new));
        forwardings.forEach(forwarding -> forwarding.ended().whenComplete((ignored, failure) -> close()));
        // A forwarding that waits for the one socket does not notice when the other one closes.
        sockets.forEach(socket -> socket.state().closes.thenRunAsync(this::close, NngThread.HANDED_OVER));
    }

    /**
     * Forwards between two sockets.
     *
     * @throws IllegalArgumentException if they do not fit: the protocol of the one must be that of the other one's peers, as for REP and
     *     REQ, PULL and PUSH, SUB and PUB, RESPONDENT and SURVEYOR, BUS and BUS, and both versions of PAIR
     * @throws NngClosedException if one of them is closed
     */
    public static Device start(RawSocket first, RawSocket second) {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(second, "second");
        if (first.protocol().peer() != second.protocol()) {
            throw new IllegalArgumentException(
                    "forward between " + first + " and " + second + ": their protocols do not fit");
        }
        List<RawSocket> sockets = first == second ? List.of(first) : List.of(first, second);
        for (RawSocket socket : sockets) {
            if (socket.state().aios.isClosed()) {
                throw new NngClosedException("forward between " + first + " and " + second);
            }
        }
        List<Forwarding> forwardings = sockets.stream()
                .filter(socket -> socket.protocol().receives())
                .map(socket -> new Forwarding(socket, socket == first ? second : first))
                .toList();
        Device device = new Device(sockets, forwardings);
        forwardings.forEach(Forwarding::start);
        return device;
    }

    /**
     * Sends back what a socket receives: a BUS to all its peers but the one it came from.
     *
     * @throws IllegalArgumentException if its protocol is not its peers' as well: only that of BUS and PAIR is
     */
    public static Device start(RawSocket reflector) {
        return start(Objects.requireNonNull(reflector, "reflector"), reflector);
    }

    /**
     * The end of the device. It completes when nothing is forwarded any more: normally if the device or one of its sockets was closed,
     * otherwise with the {@link NngException} that ended it. What depends on it may block. Completing it has no effect on the device.
     */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    /** Closes both sockets. Idempotent; may be called by any thread. On NNG's own thread it returns at once and they close soon after. */
    @Override
    public void close() {
        sockets.forEach(Socket::close);
    }
}
