package org.nngjava.workers.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.nngjava.NngException;
import org.nngjava.Socket;
import org.nngjava.Statistic;
import org.nngjava.workers.Traffic;

/**
 * Adds up what some sockets carry. NNG counts for each pipe, and a pipe takes its counters along when it closes, so they are read again and
 * again. Reading takes a lock of NNG's, and milliseconds where there are a thousand pipes: never on the asking thread. Safe for use by many
 * threads.
 */
final class TrafficMeter {
    private static final System.Logger LOG = System.getLogger(TrafficMeter.class.getName());
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<List<? extends Socket>> sockets;
    private final AtomicBoolean reading = new AtomicBoolean();
    private volatile Traffic total = Traffic.NONE;
    private volatile long readAt = System.nanoTime() - FRESH_NANOS;
    private Map<Integer, Traffic> pipes = Map.of();

    /**
     * @param sockets those to be read; may come and go
     */
    TrafficMeter(Supplier<List<? extends Socket>> sockets) {
        this.sockets = sockets;
    }

    /** What is known, and reads again in the background if that is old. */
    Traffic latest() {
        if (System.nanoTime() - readAt > FRESH_NANOS && reading.compareAndSet(false, true)) {
            CompletableFuture.runAsync(this::read);
        }
        return total;
    }

    private void read() {
        try {
            Map<Integer, Traffic> now = new HashMap<>();
            Traffic sum = total;
            for (Socket socket : sockets.get()) {
                for (Statistic.Scope pipe : socket.statistics().scopes("pipe")) {
                    Traffic carried = new Traffic(
                            pipe.value("tx_msgs"),
                            pipe.value("tx_bytes"),
                            pipe.value("rx_msgs"),
                            pipe.value("rx_bytes"));
                    int id = pipe.id().orElseThrow();
                    now.put(id, carried);
                    sum = grown(sum, pipes.getOrDefault(id, Traffic.NONE), carried);
                }
            }
            pipes = now;
            total = sum;
        } catch (NngException e) {
            LOG.log(System.Logger.Level.DEBUG, "no statistics", e); // closed, or built without
        } finally {
            readAt = System.nanoTime();
            reading.set(false);
        }
    }

    private static Traffic grown(Traffic sum, Traffic before, Traffic now) {
        return new Traffic(
                sum.sentMessages() + now.sentMessages() - before.sentMessages(),
                sum.sentBytes() + now.sentBytes() - before.sentBytes(),
                sum.receivedMessages() + now.receivedMessages() - before.receivedMessages(),
                sum.receivedBytes() + now.receivedBytes() - before.receivedBytes());
    }
}
