package org.nngjava.workers.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import org.nngjava.workers.Job;

/** A submission that waits for room in the queue. Either the queue takes it or whoever submitted it withdraws it, never both. */
public final class Applicant {
    private final Submission submission;
    private final Runnable withdrawn;
    private final CompletableFuture<Job> accepted = new CompletableFuture<>();
    private final AtomicBoolean decided = new AtomicBoolean();

    /**
     * Somebody who waits.
     *
     * @param submission what is submitted
     * @param withdrawn run when it is certain that the queue does not take it
     */
    public Applicant(Submission submission, Runnable withdrawn) {
        this.submission = submission;
        this.withdrawn = withdrawn;
        accepted.whenComplete((job, failure) -> {
            if (failure != null) {
                withdraw(failure);
            }
        });
    }

    Submission submission() {
        return submission;
    }

    /**
     * The answer.
     *
     * @return completes when the job is saved; fails if it is refused
     */
    public CompletableFuture<Job> accepted() {
        return accepted;
    }

    /**
     * Does not wait any longer.
     *
     * @param reason what the answer fails with
     * @return false if the queue has taken it
     */
    public boolean withdraw(Throwable reason) {
        if (!decided.compareAndSet(false, true)) {
            return false;
        }
        withdrawn.run();
        accepted.completeExceptionally(reason);
        return true;
    }

    /** The queue takes it. False if it was withdrawn. */
    boolean take() {
        return decided.compareAndSet(false, true);
    }

    /** The job is saved. Whatever depends on that runs on another thread than the queue's. */
    void accept(Job job) {
        ForkJoinPool.commonPool().execute(() -> accepted.complete(job));
    }

    /** The queue takes it after all not. */
    void refuse(RuntimeException reason) {
        decided.set(false);
        ForkJoinPool.commonPool().execute(() -> accepted.completeExceptionally(reason));
    }
}
