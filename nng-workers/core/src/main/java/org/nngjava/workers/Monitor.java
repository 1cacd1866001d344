package org.nngjava.workers;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.nngjava.Message;
import org.nngjava.NngClosedException;
import org.nngjava.NngException;
import org.nngjava.NngOptions;
import org.nngjava.NngTimeoutException;
import org.nngjava.SubSocket;
import org.nngjava.TlsConfig;
import org.nngjava.workers.internal.Access;
import org.nngjava.workers.internal.BadMessageException;
import org.nngjava.workers.internal.Bulletin;
import org.nngjava.workers.internal.Ngw1;
import org.nngjava.workers.internal.ThreadEnd;

/**
 * Watches a {@link JobQueue} and its workers from this process or any other: keeps what they publish of themselves, and says who came, went,
 * or died without a word. Safe for use by many threads.
 *
 * <p>A worker that dies is reported when the queue notices, at the latest two heartbeats after it was heard of last; a queue that dies, two
 * heartbeats after it was. A monitor may be started before its queue, and outlives restarts of it.
 */
public final class Monitor implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Monitor.class.getName());
    private static final int BUFFERED = 8192;
    private static final int REMEMBERED_GONE = 1_000;
    private static final Duration RECONNECT = Duration.ofMillis(100);
    private static final long HEARTBEAT_UNTIL_TOLD_MILLIS = 2_000;

    private final Consumer<QueueReport> queueListener;
    private final Consumer<WorkerReport> workerListener;
    private final SubSocket socket = SubSocket.open();
    private final Thread thread = new Thread(this::run, "nng-workers-monitor");
    private final Map<String, Sighting> workers = new LinkedHashMap<>();
    private QueueReport queue;
    private long queueHeard;
    private long queueSince;
    private long heartbeatMillis = HEARTBEAT_UNTIL_TOLD_MILLIS;
    private volatile boolean closed;

    /** A worker, when it was heard of, by the clock of {@link System#nanoTime}, and of which queue; null if that is not known. */
    private record Sighting(WorkerReport report, long heard, String queueId) {}

    private Monitor(Builder builder) {
        queueListener = builder.queueListener;
        workerListener = builder.workerListener;
        try {
            socket.set(NngOptions.RECV_BUFFER, BUFFERED);
            socket.set(NngOptions.RECONNECT_MIN, RECONNECT);
            socket.set(NngOptions.RECONNECT_MAX, RECONNECT);
            socket.subscribe("queue/");
            socket.subscribe("worker/");
            new Access(builder.tls, null).start(socket.dialer(builder.url));
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
        thread.setDaemon(true);
    }

    /**
     * Begins a monitor.
     *
     * @param url one of a queue's {@link JobQueue#eventUrls()}
     * @return a builder
     */
    public static Builder builder(String url) {
        return new Builder(url);
    }

    /**
     * The queue, as it was heard of last.
     *
     * @return empty before it was heard of
     */
    public synchronized Optional<QueueReport> queue() {
        return Optional.ofNullable(queue);
    }

    /**
     * The workers, as they were heard of last: those that are there, and the last {@value #REMEMBERED_GONE} that are not.
     *
     * @return sorted by name
     */
    public synchronized List<WorkerReport> workers() {
        return workers.values().stream()
                .map(Sighting::report)
                .sorted(Comparator.comparing(WorkerReport::name).thenComparing(WorkerReport::id))
                .toList();
    }

    /** Stops watching. Idempotent. */
    @Override
    public void close() {
        closed = true;
        socket.close();
        if (ThreadEnd.await(thread)) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try (Message message = socket.receive(Duration.ofMillis(Math.max(1, heartbeatMillis / 4)))) {
                received(message);
            } catch (NngTimeoutException e) {
                LOG.log(System.Logger.Level.TRACE, "quiet");
            } catch (NngClosedException e) {
                return;
            } catch (NngException | BadMessageException e) {
                LOG.log(System.Logger.Level.WARNING, "cannot receive what the queue publishes", e);
            }
            missSomebody();
        }
    }

    private void received(Message message) throws BadMessageException {
        ByteBuffer body = message.body();
        while (body.hasRemaining() && body.get() != 0) {
            // The topic, which the header repeats.
        }
        Bulletin bulletin = Ngw1.decode(body, Bulletin.class);
        if (bulletin instanceof Bulletin.OfQueue said) {
            heartbeatMillis = said.heartbeatMs();
            saw(new QueueReport(said.broker(), said.presence(), said.status(), said.figures(), said.at()), true);
        } else if (bulletin instanceof Bulletin.OfWorker said) {
            saw(
                    new WorkerReport(
                            said.worker(),
                            said.name(),
                            said.presence(),
                            said.slots(),
                            said.labels(),
                            said.mode(),
                            said.figures(),
                            said.at()),
                    true);
        }
    }

    /** Whoever should have been heard of and was not. Workers are the queue's to miss, but what it says of them may get lost. */
    private void missSomebody() {
        long now = System.nanoTime();
        QueueReport known = queue;
        if (known == null) {
            return;
        }
        if (known.presence() != Presence.ALIVE) {
            return;
        }
        if (now - queueHeard > Duration.ofMillis(2 * heartbeatMillis).toNanos()) {
            saw(new QueueReport(known.id(), Presence.SILENT, known.status(), known.figures(), known.at()), false);
            return;
        }
        long unheard = Duration.ofMillis(3 * heartbeatMillis).toNanos();
        List<Sighting> all;
        synchronized (this) {
            all = List.copyOf(workers.values());
        }
        for (Sighting worker : all) {
            Presence last = worker.report().presence();
            boolean missed = Math.min(now - worker.heard(), now - queueSince) > unheard;
            if (missed && !known.id().equals(worker.queueId()) && (last == Presence.ALIVE || last == Presence.SILENT)) {
                saw(as(Presence.DEAD, worker.report()), false); // it went with a queue before this one
            } else if (missed && last == Presence.ALIVE) {
                saw(as(Presence.SILENT, worker.report()), false);
            }
        }
    }

    private static WorkerReport as(Presence presence, WorkerReport last) {
        return new WorkerReport(
                last.id(), last.name(), presence, last.slots(), last.labels(), last.mode(), last.figures(), last.at());
    }

    private void saw(QueueReport report, boolean heard) {
        boolean news;
        synchronized (this) {
            boolean another = queue == null || !queue.id().equals(report.id());
            news = another || queue.presence() != report.presence();
            queue = report;
            queueHeard = heard ? System.nanoTime() : queueHeard;
            queueSince = another ? queueHeard : queueSince;
        }
        if (news) {
            tell(queueListener, report);
        }
    }

    private void saw(WorkerReport report, boolean heard) {
        boolean news;
        synchronized (this) {
            Sighting last = workers.remove(report.id());
            news = last == null || last.report().presence() != report.presence();
            String queueId = queue == null ? null : queue.id();
            workers.put(
                    report.id(),
                    heard || last == null
                            ? new Sighting(report, System.nanoTime(), queueId)
                            : new Sighting(report, last.heard(), last.queueId()));
            forgetTheGone();
        }
        if (news) {
            tell(workerListener, report);
        }
    }

    private void forgetTheGone() {
        List<String> gone = workers.values().stream()
                .map(Sighting::report)
                .filter(worker -> worker.presence() != Presence.ALIVE)
                .map(WorkerReport::id)
                .toList();
        gone.stream().limit(Math.max(0, gone.size() - REMEMBERED_GONE)).forEach(workers::remove);
    }

    private static <T> void tell(Consumer<T> listener, T report) {
        try {
            listener.accept(report);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a listener failed", e);
        }
    }

    /** Builds a {@link Monitor}. For one thread. */
    public static final class Builder {
        private final String url;
        private TlsConfig tls;
        private Consumer<QueueReport> queueListener = report -> {};
        private Consumer<WorkerReport> workerListener = report -> {};

        private Builder(String url) {
            this.url = Objects.requireNonNull(url, "url");
        }

        /**
         * Sets the certificates for a queue that publishes at {@code tls+tcp} or {@code wss}.
         *
         * @param config with the CA to trust, and a certificate if the queue asks for one
         * @return this
         */
        public Builder tls(TlsConfig config) {
            tls = Objects.requireNonNull(config, "config");
            return this;
        }

        /**
         * Hears when the queue comes, falls silent, or leaves.
         *
         * @param listener called by the monitor's thread; must not block
         * @return this
         */
        public Builder onQueue(Consumer<QueueReport> listener) {
            queueListener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Hears when workers come, fall silent, leave, or die.
         *
         * @param listener called by the monitor's thread; must not block
         * @return this
         */
        public Builder onWorker(Consumer<WorkerReport> listener) {
            workerListener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Starts watching: returns at once and connects in the background.
         *
         * @return the monitor, to be closed by the caller
         */
        public Monitor start() {
            Monitor monitor = new Monitor(this);
            monitor.thread.start();
            return monitor;
        }
    }
}
