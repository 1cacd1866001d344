package org.nngjava.gifbroker.http;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.QueueClosedException;

/** Waits for the end of jobs, at the cost of no thread. */
final class Waiting implements AutoCloseable {
    private final JobQueue queue;
    private final Duration longest;
    private final Executor executor;
    private final Set<Waiter> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param longest how long anyone may wait
     * @param executor where what depends on the futures runs
     */
    Waiting(JobQueue queue, Duration longest, Executor executor) {
        this.queue = queue;
        this.longest = longest;
        this.executor = executor;
    }

    /** Completes with the finished job, or empty when the time is over first. Fails as {@link JobQueue#await} does. */
    CompletableFuture<Optional<Job>> forEnd(String jobId, Duration atMost) {
        Duration time = atMost.compareTo(longest) > 0 ? longest : atMost;
        CompletableFuture<Job> end = queue.await(jobId);
        CompletableFuture<Job> answer = end.copy().completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS);
        Waiter waiter = new Waiter(jobId, answer);
        open.add(waiter);
        if (closed) {
            waiter.dismiss();
        }
        return answer.whenCompleteAsync(
                        (job, failure) -> {
                            open.remove(waiter);
                            end.cancel(true);
                        },
                        executor)
                .thenApply(Optional::ofNullable);
    }

    /** Ends all waiting, while the queue is still open. */
    @Override
    public void close() {
        closed = true;
        open.forEach(Waiter::dismiss);
    }

    /** Someone who waits. */
    private final class Waiter {
        private final String jobId;
        private final CompletableFuture<Job> answer;

        Waiter(String jobId, CompletableFuture<Job> answer) {
            this.jobId = jobId;
            this.answer = answer;
        }

        /** The job may just have finished, and the news of it still be on its way. */
        void dismiss() {
            queue.job(jobId)
                    .filter(job -> job.state().isFinal())
                    .ifPresentOrElse(
                            answer::complete,
                            () -> answer.completeExceptionally(new QueueClosedException("the server is closing")));
        }
    }
}
