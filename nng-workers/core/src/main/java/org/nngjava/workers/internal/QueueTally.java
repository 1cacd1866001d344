package org.nngjava.workers.internal;

import java.time.Duration;
import java.time.Instant;
import org.nngjava.workers.Job;
import org.nngjava.workers.QueueFigures;
import org.nngjava.workers.StoredJob;
import org.nngjava.workers.Traffic;

/** Counts what happens to the jobs of a queue. For the broker's thread. */
final class QueueTally {
    private final TimeSource time;
    private final Latencies wait;
    private final Latencies run;
    private long accepted;
    private long started;
    private long succeeded;
    private long failed;
    private long cancelled;
    private long retried;
    private long orphaned;
    private long refused;

    QueueTally(TimeSource time) {
        this.time = time;
        wait = new Latencies(time.millis());
        run = new Latencies(time.millis());
    }

    void accepted() {
        accepted++;
    }

    /** A job that was accepted could not be saved. */
    void withdrawn() {
        accepted--;
    }

    /** A job is about to be started. */
    void started(StoredJob queued) {
        started++;
        Job job = queued.job();
        if (job.startedAt() == null) {
            Instant dueAt = queued.dueAt();
            Instant ready = dueAt == null || dueAt.isBefore(job.createdAt()) ? job.createdAt() : dueAt;
            wait.add(Duration.between(ready, time.now()), time.millis());
        }
    }

    void finished(Job job) {
        switch (job.state()) {
            case SUCCEEDED -> {
                succeeded++;
                if (job.startedAt() != null) {
                    run.add(job.runTime(), time.millis());
                }
            }
            case FAILED -> failed++;
            case CANCELLED -> cancelled++;
            default -> throw new IllegalStateException("job " + job.id() + " is " + job.state());
        }
    }

    void retried() {
        retried++;
    }

    void orphaned() {
        orphaned++;
    }

    void refused() {
        refused++;
    }

    QueueFigures figures(Traffic traffic) {
        long now = time.millis();
        return new QueueFigures(
                accepted,
                started,
                succeeded,
                failed,
                cancelled,
                retried,
                orphaned,
                refused,
                wait.read(now),
                run.read(now),
                traffic);
    }
}
