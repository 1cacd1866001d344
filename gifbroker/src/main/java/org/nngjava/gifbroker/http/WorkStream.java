package org.nngjava.gifbroker.http;

import jakarta.servlet.ServletOutputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.nngjava.workers.AsyncWorker;
import org.nngjava.workers.JobError;
import org.nngjava.workers.LeaseHolder;
import org.nngjava.workers.LeasedJob;
import org.nngjava.workers.Worker;

/**
 * A worker at the other end of a stream: a worker of the queue for as long as the stream lasts, and is told each job as a line. It is held
 * for dead when the stream breaks, or when nothing is heard of it while a lease runs out.
 */
final class WorkStream implements LeaseHolder {
    private static final System.Logger LOG = System.getLogger(WorkStream.class.getName());
    private static final String LAST = "";
    private static final String BLANK = "\n";
    private static final Duration TO_HAND_OVER = Duration.ofSeconds(1);

    private final WorkStreams all;
    private final Duration lease;
    private final Executor executor;
    private final EventStream lines;
    private final Map<String, WorkLease> leases = new ConcurrentHashMap<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile long heard = System.nanoTime();
    private volatile Long haltAt;
    private volatile String reason;
    private volatile AsyncWorker worker;

    /** The jobs that the worker was told of and that it has, by the tokens of their leases. For the one who writes. */
    private final Map<String, String> told = new ConcurrentHashMap<>();

    /**
     * @param all is told of each lease
     * @param out of a request that is asynchronous
     * @param executor writes, and waits for the queue for a moment when the worker goes
     * @param lease how long the worker may let hear nothing of a job
     */
    WorkStream(WorkStreams all, ServletOutputStream out, Executor executor, Duration lease) {
        this.all = all;
        this.lease = lease;
        this.executor = executor;
        lines = new EventStream(out, executor, BLANK, this::line);
    }

    /** Begins to write, and to take jobs. Completes when the stream is over, whoever ended it. */
    CompletableFuture<Void> run(Worker.Builder presented, Set<String> types) {
        lines.open();
        lines.beat();
        worker = presented.startAsync(this, types.toArray(String[]::new));
        return lines.ended().whenComplete((done, failure) -> end(WorkLine.BROKEN, true));
    }

    @Override
    public void leased(LeasedJob job) {
        WorkLease given = new WorkLease(job, this);
        leases.put(job.token(), given);
        all.add(given);
        if (over.get()) {
            forget(given);
            job.giveBack();
        } else {
            lines.tell(job.token(), 0);
        }
    }

    @Override
    public void lost(LeasedJob job) {
        WorkLease ended = leases.get(job.token());
        if (ended != null) {
            forget(ended);
            lines.tell(job.token(), 0);
        }
    }

    @Override
    public void halting(Duration timeout) {
        haltAt = System.nanoTime() + timeout.toNanos();
    }

    /** Something was heard of the worker. */
    void heard() {
        heard = System.nanoTime();
    }

    /** The worker has told how a job ended. */
    void settled(WorkLease ended) {
        told.remove(ended.job().token());
        forget(ended);
    }

    /**
     * Looks after the stream. To be called about once a second.
     *
     * @param slept true if this process could not hear of anybody for a while, which is nobody else's fault: leases begin anew
     */
    void tick(boolean slept) {
        if (over.get()) {
            return;
        }
        if (slept) {
            leases.values().forEach(WorkLease::renew);
        }
        long now = System.nanoTime();
        lines.beat();
        List<WorkLease> late = leases.values().stream()
                .filter(held -> now - held.renewed() > lease.toNanos())
                .filter(held -> !held.job().cancelled())
                .toList();
        if (!late.isEmpty() && now - heard > lease.dividedBy(2).toNanos()) {
            end(WorkLine.SILENT, true);
        } else {
            late.forEach(this::expire);
        }
        Long limit = haltAt;
        if (limit != null && (leases.isEmpty() || now - limit > 0)) {
            end(WorkLine.HALTED, false);
        }
    }

    /** Ends the stream for a server that stops: what the worker has is given back. */
    void close() {
        if (finish(WorkLine.CLOSING)) {
            worker.close();
        }
    }

    /** The worker lives, and says nothing of this job. */
    private void expire(WorkLease late) {
        lost(late.job());
        String why = "nothing was heard of it for " + lease.toSeconds() + " s";
        late.job().fail(new JobError(JobError.LOST, why, false));
    }

    private void forget(WorkLease ended) {
        leases.remove(ended.job().token());
        all.remove(ended);
    }

    private void end(String why, boolean dead) {
        if (finish(why)) {
            executor.execute(() -> handOver(dead));
        }
    }

    private boolean finish(String why) {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        reason = why;
        lines.tell(LAST, 0);
        lines.endAfterwards();
        return true;
    }

    /**
     * Gives to others what the worker had. Of a dead one the jobs that it was at count its death, so that a job which kills its workers
     * is set aside: the one that it had for longest, and those that it said that it had begun. The others were only on their way.
     */
    private void handOver(boolean dead) {
        worker.quiet();
        List<WorkLease> held = leases.values().stream()
                .sorted(Comparator.comparingLong(WorkLease::given))
                .toList();
        held.forEach(this::forget);
        List<CompletableFuture<?>> answers = new ArrayList<>();
        int suspects = 0;
        for (WorkLease one : held) {
            if (one.job().cancelled()) {
                answers.add(one.settled());
            } else if (dead && told.containsKey(one.job().token()) && (suspects == 0 || one.isBegun())) {
                suspects++;
            } else {
                answers.add(one.job().giveBack());
            }
        }
        if (suspects == 0) {
            worker.close();
            return;
        }
        LOG.log(Level.INFO, "Worker {0} is gone ({1}) and had {2} jobs", worker.name(), reason, held.size());
        CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                .orTimeout(TO_HAND_OVER.toMillis(), TimeUnit.MILLISECONDS)
                .whenCompleteAsync((done, failure) -> worker.abort(), executor);
    }

    /** What there is to say of a lease. */
    private Optional<String> line(String token, long number) {
        if (token.equals(LAST)) {
            return Optional.of(Json.text(new WorkLine.Notice(WorkLine.END, null, null, reason)) + "\n");
        }
        WorkLease held = leases.get(token);
        if (held != null) {
            return told.putIfAbsent(token, held.job().id()) == null
                    ? Optional.of(Json.text(WorkLine.of(held.job(), lease)) + "\n")
                    : Optional.empty();
        }
        return Optional.ofNullable(told.remove(token))
                .map(job -> Json.text(new WorkLine.Notice(WorkLine.CANCEL, job, token, null)) + "\n");
    }
}
