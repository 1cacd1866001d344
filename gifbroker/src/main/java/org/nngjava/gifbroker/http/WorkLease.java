package org.nngjava.gifbroker.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.nngjava.workers.LeasedJob;

/** A job that a worker at the other end of a stream has, for as long as the worker lets hear of it. Safe for any thread. */
final class WorkLease {
    private final LeasedJob job;
    private final WorkStream stream;
    private final long given = System.nanoTime();
    private final AtomicBoolean claimed = new AtomicBoolean();
    private volatile long renewed = given;
    private volatile boolean begun;
    private volatile CompletableFuture<Boolean> ending = CompletableFuture.completedFuture(false);

    WorkLease(LeasedJob job, WorkStream stream) {
        this.job = job;
        this.stream = stream;
    }

    LeasedJob job() {
        return job;
    }

    WorkStream stream() {
        return stream;
    }

    /** When the worker was given the job, for {@link System#nanoTime}. */
    long given() {
        return given;
    }

    /** When the lease began for the last time. */
    long renewed() {
        return renewed;
    }

    /** True if the worker has said that it is at the job. */
    boolean isBegun() {
        return begun;
    }

    /** Reserves the lease for one request that ends it. False if another one is at that. */
    boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    /** The request that was to end it has failed. */
    void unclaim() {
        claimed.set(false);
    }

    /** The worker was heard of with this job: the lease begins anew. */
    void renew() {
        renewed = System.nanoTime();
        stream.heard();
    }

    /** The worker is at the job. */
    void begin() {
        begun = true;
        renew();
    }

    /** The worker has told how it ended, and the queue is asked whether that counts. */
    CompletableFuture<Boolean> ends(CompletableFuture<Boolean> confirmed) {
        ending = confirmed;
        return confirmed;
    }

    /** Completes when no answer of the queue is outstanding. */
    CompletableFuture<Void> settled() {
        return ending.handle((confirmed, failure) -> null);
    }
}
