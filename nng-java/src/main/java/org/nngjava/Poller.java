package org.nngjava;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Waits until one of many sockets can receive or send, so that one thread can serve them all: what
 * {@link java.nio.channels.Selector} is for channels.
 *
 * <pre>{@code
 * try (Poller poller = Poller.open()) {
 *     poller.register(requests, Readiness.RECEIVE);
 *     poller.register(events, Readiness.RECEIVE);
 *     while (true) {
 *         for (PollKey key : poller.select()) {
 *             ...
 *             while ((message = socket.tryReceive()).isPresent()) { ... }
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Readiness is a hint: another thread may have taken the message meanwhile. So receive by {@link Receiver#tryReceive()} and send by
 * {@link Sender#trySend}, which never wait. A socket is reported as long as it is ready, again by each select, so it is not necessary to
 * receive all there is at once. A socket that can nearly always send, such as PUB, is registered for that only while there is something
 * to send.
 *
 * <p>A socket may be registered with any number of pollers, once for each {@link Readiness} with the same one. Contexts cannot: NNG has a
 * descriptor for sockets only.
 *
 * <p>Nor can plain NIO channels, since Java keeps their descriptors to itself. A program that has both waits by a
 * {@link java.nio.channels.Selector}, makes its loop an {@link java.util.concurrent.Executor} that wakes the selector up, and lets the
 * loop run what depends on the futures of {@link Receiver#receiveAsync()} and the like: {@code thenAcceptAsync(..., loop)}.
 *
 * <p>One thread at a time selects; all else may be done by any thread at any moment, also during a select, and takes effect on it at once.
 * A socket that closes leaves its pollers, and a select under way returns so that the program can see to it. A select is a native call: a
 * virtual thread that selects holds its carrier, so give it a thread of its own. Needs Linux.
 *
 * <p>A poller holds its sockets open: they are not forgotten as long as it is in use. A poller that is forgotten without being closed is
 * closed when it is garbage collected.
 */
public final class Poller implements AutoCloseable {
    private static final int NO_WAIT = 0;

    private final Epoll epoll = new Epoll();
    private final Closing closing = new Closing(this, epoll::close);
    private final Interruption interruption = new Interruption();

    /** The lock of all that follows, and of the use of {@link #epoll} other than waiting. Taken inside a socket's, never the reverse. */
    private final Object lock = new Object();

    private final Map<Long, PollKey> keys = new HashMap<>();
    private long registrations;
    private boolean selecting;
    private boolean woken;
    private boolean closed;

    private Poller() {}

    /**
     * Opens one.
     *
     * @throws UnsupportedOperationException if this is not Linux
     * @throws NngException if the process may not open more files
     */
    public static Poller open() {
        return new Poller();
    }

    /** Registers a socket. See {@link #register(Socket, Readiness, Object)}. */
    public PollKey register(Socket socket, Readiness readiness) {
        return register(socket, readiness, null);
    }

    /**
     * Registers a socket, also for a select under way.
     *
     * @param attachment anything, to be found in the key when it is ready; may be null
     * @throws NngException with {@link NngError#ENOTSUP} if the socket's protocol does not receive or does not send
     * @throws NngClosedException if the socket or this poller is closed
     * @throws IllegalStateException if it is registered for that already
     */
    public PollKey register(Socket socket, Readiness readiness, Object attachment) {
        Objects.requireNonNull(socket, "socket");
        Objects.requireNonNull(readiness, "readiness");
        return socket.state().register("register " + socket, () -> {
            int descriptor = socket.get(readiness.descriptor());
            synchronized (lock) {
                requireOpen("register " + socket);
                PollKey key = new PollKey(this, socket, readiness, attachment, registrations++, descriptor);
                if (!epoll.add(descriptor, key.id)) {
                    throw new IllegalStateException(readiness + " of " + socket + " is registered already");
                }
                keys.put(key.id, key);
                return key;
            }
        });
    }

    /** The registrations there are now. */
    public Set<PollKey> keys() {
        synchronized (lock) {
            return Set.copyOf(keys.values());
        }
    }

    /**
     * Waits until a socket is ready, and tells which are.
     *
     * <p>It also returns, perhaps with none, when {@link #wakeup()} is called, when the thread is interrupted, which it then still is, and
     * when one of the sockets closes.
     *
     * @throws NngClosedException if this poller is closed or gets closed meanwhile
     * @throws IllegalStateException if another thread selects, or on a thread of NNG's, which must not wait
     */
    public List<PollKey> select() {
        return select(Timeouts.INFINITE);
    }

    /** Like {@link #select()}, but returns after {@code timeout} in any case. */
    public List<PollKey> select(Duration timeout) {
        return select(Timeouts.millis(timeout));
    }

    /** Tells which sockets are ready, without waiting. It also takes back a {@link #wakeup()}. */
    public List<PollKey> selectNow() {
        return select(NO_WAIT);
    }

    /** Lets the select under way return, or else the next one. May be called by any thread, at any rate. */
    public void wakeup() {
        synchronized (lock) {
            if (!closed && !woken) {
                woken = true;
                epoll.wakeup();
            }
        }
    }

    /** Whether it has not been closed. */
    public boolean isOpen() {
        synchronized (lock) {
            return !closed;
        }
    }

    /** Ends all registrations, and a select under way. Idempotent; may be called by any thread, and does not wait. */
    @Override
    public void close() {
        List<PollKey> ended;
        boolean last;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            last = !selecting;
            epoll.wakeup();
            ended = List.copyOf(keys.values());
            keys.clear();
        }
        for (PollKey key : ended) {
            key.invalidate();
            key.socket().state().forget(key);
        }
        if (last) {
            closing.close();
        }
    }

    /** The key's descriptor is still open: its socket does not close before this has returned. */
    void cancel(PollKey key) {
        synchronized (lock) {
            if (keys.remove(key.id) != null) {
                epoll.remove(key.descriptor);
            }
            key.invalidate();
        }
    }

    void wakeupIfSelecting() {
        synchronized (lock) {
            if (selecting) {
                wakeup();
            }
        }
    }

    private List<PollKey> select(int milliseconds) {
        if (milliseconds != NO_WAIT && NngThread.isCurrent()) {
            throw new IllegalStateException("select: must not block NNG's thread");
        }
        int registered;
        synchronized (lock) {
            requireOpen("select");
            if (selecting) {
                throw new IllegalStateException("select: another thread selects");
            }
            selecting = true;
            registered = keys.size();
        }
        try {
            int ready = interruption.await(registered, milliseconds);
            synchronized (lock) {
                requireOpen("select");
                return ready(ready);
            }
        } finally {
            boolean last;
            synchronized (lock) {
                selecting = false;
                last = closed;
            }
            if (last) {
                closing.close();
            }
        }
    }

    private List<PollKey> ready(int number) {
        List<PollKey> ready = new ArrayList<>(number);
        for (int i = 0; i < number; i++) {
            long id = epoll.id(i);
            PollKey key = keys.get(id);
            if (key != null) {
                ready.add(key);
            } else if (id < 0) {
                epoll.clearWakeup();
                woken = false;
            }
        }
        return Collections.unmodifiableList(ready);
    }

    private void requireOpen(String attempted) {
        if (closed) {
            throw new NngClosedException(attempted + ": the poller");
        }
    }

    /** Hears of {@link Thread#interrupt()} while a thread waits, as the JDK's own selectors do; it is no selector otherwise. */
    private final class Interruption extends AbstractSelector {
        Interruption() {
            super(null);
        }

        int await(int registered, int milliseconds) {
            if (milliseconds == NO_WAIT) {
                return epoll.await(registered, NO_WAIT);
            }
            begin();
            try {
                return milliseconds < 0 ? awaitAny(registered) : awaitUntil(registered, milliseconds);
            } finally {
                end();
            }
        }

        private int awaitAny(int registered) {
            int ready;
            do {
                ready = epoll.await(registered, Timeouts.INFINITE);
            } while (ready == 0);
            return ready;
        }

        private int awaitUntil(int registered, int milliseconds) {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
            int left = milliseconds;
            int ready;
            do {
                ready = epoll.await(registered, left);
                left = (int) TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime() + 999_999);
            } while (ready == 0 && left > 0);
            return ready;
        }

        @Override
        public Selector wakeup() {
            Poller.this.wakeup();
            return this;
        }

        @Override
        protected void implCloseSelector() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<SelectionKey> keys() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<SelectionKey> selectedKeys() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int selectNow() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int select(long timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int select() {
            throw new UnsupportedOperationException();
        }
    }
}
