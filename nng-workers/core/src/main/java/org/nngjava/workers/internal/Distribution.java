package org.nngjava.workers.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.nngjava.Message;
import org.nngjava.Pipe;
import org.nngjava.PipeEvent;
import org.nngjava.workers.PipelineFullException;
import org.nngjava.workers.SinkStatus;

/**
 * Shares messages out to sinks, to each in its turn, and takes back what a sink that goes away has not got or not acknowledged. Safe for use by many
 * threads.
 *
 * <p>Its lock is held for moments only, by NNG's threads as well; nothing is sent, cancelled or closed in it that could wait.
 */
public final class Distribution implements AutoCloseable {
    /** The most bytes of a message. */
    public static final int MAX_MESSAGE = Limits.CHUNK;

    private final int buffer;
    private final Duration acknowledgement;
    private final Consumer<SinkStatus> listener;
    private final List<Outlet> outlets = new ArrayList<>();
    /** What came back, while no sink has room for it: it goes before all that is new. */
    private final Deque<Delivery> returned = new ArrayDeque<>();

    private int turn;
    private boolean ending;
    private boolean closed;

    /**
     * Opens and connects in the background.
     *
     * @param urls where the sinks are
     * @param access how to connect
     * @param buffer how many messages a sink may have that are not delivered yet
     * @param acknowledgement how long a sink that has messages may take to acknowledge one; null if it does not
     * @param listener hears of sinks that come and go
     */
    public Distribution(
            List<String> urls, Access access, int buffer, Duration acknowledgement, Consumer<SinkStatus> listener) {
        this.buffer = buffer;
        this.listener = listener;
        this.acknowledgement = acknowledgement;
        if (new HashSet<>(urls).size() < urls.size()) {
            throw new IllegalArgumentException("a sink is named twice: " + String.join(", ", urls));
        }
        try {
            for (String url : urls) {
                Outlet outlet = acknowledgement == null ? Outlet.plain(url) : Outlet.acknowledged(url);
                outlets.add(outlet);
                outlet.connect(access, (event, pipe) -> changed(outlet, event, pipe));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        if (acknowledgement != null) {
            lookAfter(acknowledgement);
        }
    }

    /**
     * Waits for connections.
     *
     * @param number how many there have to be
     * @param timeout at most
     * @return whether there are so many
     * @throws InterruptedException if the caller is interrupted
     */
    public synchronized boolean awaitSinks(int number, Duration timeout) throws InterruptedException {
        return await(timeout, () -> requireOpen() && connected() >= number);
    }

    /**
     * Sends a message, now or not at all.
     *
     * @param message at most {@link #MAX_MESSAGE} bytes
     * @return completes when it is delivered
     * @throws PipelineFullException if no sink has room
     */
    public CompletableFuture<Void> send(byte[] message) {
        Delivery delivery = delivery(message);
        synchronized (this) {
            if (!place(delivery)) {
                throw full();
            }
        }
        return follow(delivery);
    }

    /**
     * Sends a message as soon as there is room.
     *
     * @param message at most {@link #MAX_MESSAGE} bytes
     * @param timeout how long to wait for room
     * @return completes when it is delivered
     * @throws PipelineFullException if there was no room in time
     * @throws InterruptedException if the caller is interrupted
     */
    public CompletableFuture<Void> send(byte[] message, Duration timeout) throws InterruptedException {
        Delivery delivery = delivery(message);
        synchronized (this) {
            if (!await(timeout, () -> place(delivery))) {
                throw full();
            }
        }
        return follow(delivery);
    }

    /**
     * The sinks as they are now.
     *
     * @return in their order
     */
    public synchronized List<SinkStatus> sinks() {
        return outlets.stream().map(Outlet::status).toList();
    }

    /**
     * Takes no more messages and waits until all are delivered.
     *
     * @param timeout at most
     * @return whether all are
     * @throws InterruptedException if the caller is interrupted
     */
    public boolean drain(Duration timeout) throws InterruptedException {
        long begun = System.nanoTime();
        List<Outlet> toFlush;
        synchronized (this) {
            ending = true;
            notifyAll();
            if (!await(timeout, () -> returned.isEmpty() && outlets.stream().allMatch(Outlet::isIdle))) {
                return false;
            }
            toFlush = acknowledgement == null
                    ? outlets.stream().filter(Outlet::isConnected).toList()
                    : List.of();
        }
        boolean flushed = true;
        for (Outlet outlet : toFlush) {
            Duration left = timeout.minusNanos(System.nanoTime() - begun);
            flushed &= outlet.flush(left.isNegative() ? Duration.ZERO : left);
        }
        return flushed;
    }

    @Override
    public void close() {
        List<Delivery> abandoned = new ArrayList<>();
        synchronized (this) {
            ending = true;
            closed = true;
            outlets.forEach(outlet -> abandoned.addAll(outlet.abandon()));
            abandoned.addAll(returned);
            returned.clear();
            notifyAll();
        }
        outlets.forEach(Outlet::close);
        abandoned.forEach(delivery -> delivery.done().cancel(false));
    }

    private static Delivery delivery(byte[] message) {
        if (message.length > MAX_MESSAGE) {
            throw new IllegalArgumentException(
                    "a message has at most " + MAX_MESSAGE + " bytes, not " + message.length);
        }
        return new Delivery(message);
    }

    private boolean requireOpen() {
        if (ending) {
            throw new IllegalStateException("the pipeline is closed");
        }
        return true;
    }

    private PipelineFullException full() {
        long connected = connected();
        return new PipelineFullException(
                connected == 0
                        ? "no sink is connected"
                        : "the buffers of all connected sinks are full (" + connected + " of " + outlets.size() + ")");
    }

    private long connected() {
        return outlets.stream().filter(Outlet::isConnected).count();
    }

    /** Gives a new message to the next sink that has room; outside the lock it is to be followed. */
    private boolean place(Delivery delivery) {
        requireOpen();
        Outlet outlet = returned.isEmpty() ? next() : null;
        if (outlet == null) {
            return false;
        }
        outlet.take(delivery);
        return true;
    }

    /** Gives what came back to those that have room; outside the lock each is to be followed. */
    private List<Delivery> placeReturned() {
        List<Delivery> placed = new ArrayList<>();
        while (!returned.isEmpty()) {
            Outlet outlet = next();
            if (outlet == null) {
                break;
            }
            Delivery delivery = returned.poll();
            outlet.take(delivery);
            placed.add(delivery);
        }
        return placed;
    }

    /** Whose turn it is, of those that have room; null if none has. */
    private Outlet next() {
        for (int i = 0; i < outlets.size(); i++) {
            int candidate = (turn + i) % outlets.size();
            if (outlets.get(candidate).hasRoom(buffer)) {
                turn = (candidate + 1) % outlets.size();
                return outlets.get(candidate);
            }
        }
        return null;
    }

    private CompletableFuture<Void> follow(Delivery delivery) {
        Outlet outlet = delivery.outlet();
        Pipe pipe = delivery.pipe();
        delivery.transfer().whenComplete((answer, failure) -> {
            if (answer instanceof Message message) {
                message.close();
            }
            if (failure == null) {
                delivered(outlet, delivery);
            } else {
                failed(outlet, pipe, delivery);
            }
        });
        return delivery.done();
    }

    private void delivered(Outlet outlet, Delivery delivery) {
        List<Delivery> placed;
        synchronized (this) {
            if (!outlet.delivered(delivery)) {
                return; // closed meanwhile
            }
            placed = placeReturned();
            notifyAll();
        }
        delivery.done().complete(null);
        placed.forEach(this::follow);
    }

    /** Whatever the reason, its sink gets no more over this connection. */
    private void failed(Outlet outlet, Pipe pipe, Delivery delivery) {
        boolean disconnected;
        List<Delivery> placed;
        synchronized (this) {
            if (!outlet.returned(delivery)) {
                return; // closed meanwhile
            }
            disconnected = outlet.disconnected(pipe);
            returned.add(delivery);
            placed = placeReturned();
            notifyAll();
        }
        if (disconnected) {
            pipe.close(); // unless it is closed already
        }
        placed.forEach(this::follow);
    }

    private void changed(Outlet outlet, PipeEvent event, Pipe pipe) {
        if (event == PipeEvent.ADD_POST) {
            came(outlet, pipe);
        } else {
            went(outlet, pipe);
        }
    }

    private void came(Outlet outlet, Pipe pipe) {
        List<Delivery> placed;
        SinkStatus status;
        synchronized (this) {
            outlet.connected(pipe);
            status = outlet.status();
            placed = placeReturned();
            notifyAll();
        }
        placed.forEach(this::follow);
        listener.accept(status);
    }

    private void went(Outlet outlet, Pipe pipe) {
        List<CompletableFuture<?>> stranded;
        SinkStatus status;
        synchronized (this) {
            outlet.disconnected(pipe);
            stranded = outlet.transfersOver(pipe);
            status = outlet.status();
        }
        // Each message comes back by its transfer's failure. Some may have come back already, and be on their way
        // elsewhere.
        stranded.forEach(transfer -> transfer.cancel(false));
        listener.accept(status);
    }

    private void lookAfter(Duration time) {
        CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
                .execute(this::look);
    }

    /** Disconnects those that do not acknowledge in time, and looks again when the next one could be late. */
    private void look() {
        List<Pipe> late = new ArrayList<>();
        Duration next = acknowledgement;
        synchronized (this) {
            if (closed) {
                return;
            }
            for (Outlet outlet : outlets) {
                Duration left = acknowledgement.minus(outlet.owing());
                if (!outlet.isConnected() || left.compareTo(next) >= 0) {
                    continue;
                }
                if (left.isNegative() || left.isZero()) {
                    late.add(outlet.pipe());
                } else {
                    next = left;
                }
            }
        }
        late.forEach(Pipe::close);
        lookAfter(next.plusMillis(1));
    }

    /** Waits in the lock. */
    private boolean await(Duration timeout, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Limits.time(timeout).toNanos();
        while (!condition.getAsBoolean()) {
            long left = (deadline - System.nanoTime() + 999_999) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
