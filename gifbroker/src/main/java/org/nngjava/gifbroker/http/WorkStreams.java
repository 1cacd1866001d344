package org.nngjava.gifbroker.http;

import jakarta.servlet.ServletOutputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.Worker;

/** The workers that are at the other end of a stream, and what they have. Safe for any thread. */
final class WorkStreams implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WorkStreams.class.getName());

    /** Also how often a line is written where there is nothing to say: two of these, and a broken connection is noticed. */
    private static final int TICK_MS = 1_000;

    private static final int REMEMBERED = 10_000;

    private final JobQueue queue;
    private final Executor executor;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "http-work");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<WorkStream> open = ConcurrentHashMap.newKeySet();
    private final Map<String, WorkLease> leases = new ConcurrentHashMap<>();
    private long lastTick = System.nanoTime();
    private volatile boolean closed;

    /** The leases that were ended last, and the paths of the requests that did: who has not heard the answer asks again. */
    private final Map<String, String> confirmed = new LinkedHashMap<>();

    /**
     * @param executor writes to the workers, and waits for the queue for a moment when one of them goes
     */
    WorkStreams(JobQueue queue, Executor executor) {
        this.queue = queue;
        this.executor = executor;
    }

    /** Begins to look after the streams. */
    void start() {
        timer.scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        long now = System.nanoTime();
        boolean slept = now - lastTick > TimeUnit.MILLISECONDS.toNanos(3 * TICK_MS);
        lastTick = now;
        open.forEach(stream -> tick(stream, slept));
    }

    private static void tick(WorkStream stream, boolean slept) {
        try {
            stream.tick(slept);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "A stream of jobs could not be looked after", e);
        }
    }

    /** Opens a stream. The future completes when it is over. */
    CompletableFuture<Void> open(
            ServletOutputStream out, String worker, Set<String> types, int credit, Duration lease) {
        WorkStream stream = new WorkStream(this, out, executor, lease);
        CompletableFuture<Void> ended =
                stream.run(Worker.builder().queue(queue).name(worker).slots(credit), types);
        open.add(stream);
        ended.whenComplete((done, failure) -> open.remove(stream));
        if (closed) {
            stream.close();
        }
        return ended;
    }

    void add(WorkLease lease) {
        leases.put(lease.job().token(), lease);
    }

    void remove(WorkLease lease) {
        leases.remove(lease.job().token());
    }

    /** The lease in force with this token, if it is one of this job. */
    Optional<WorkLease> find(String jobId, String token) {
        return Optional.ofNullable(leases.get(token))
                .filter(lease -> lease.job().id().equals(jobId));
    }

    /**
     * The queue has answered to how a lease ended.
     *
     * @param path of the request that ended it: which job, and how
     */
    void settled(WorkLease lease, String path, boolean counts) {
        lease.stream().settled(lease);
        if (counts) {
            synchronized (confirmed) {
                confirmed.put(lease.job().token(), path);
                if (confirmed.size() > REMEMBERED) {
                    confirmed.remove(confirmed.keySet().iterator().next());
                }
            }
        }
    }

    /** True if the same request was confirmed, not long ago. */
    boolean isConfirmed(String path, String token) {
        synchronized (confirmed) {
            return path.equals(confirmed.get(token));
        }
    }

    /** Ends all streams, so that the server can stop. */
    @Override
    public void close() {
        closed = true;
        timer.shutdownNow();
        open.forEach(WorkStream::close);
    }
}
