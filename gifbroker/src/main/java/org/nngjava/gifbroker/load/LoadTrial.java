package org.nngjava.gifbroker.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleConsumer;
import org.nngjava.workers.JobEvent;
import org.nngjava.workers.JobFailedException;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobRequest;
import org.nngjava.workers.JobState;

/**
 * Conducts a load test: each of a queue's idle workers warms up, and then all get their shares at once. For one thread.
 *
 * <p>A share is not repeated when its worker dies, since the figures would not be of one test any more: the test fails.
 */
public final class LoadTrial {
    private static final Duration FOREVER = Duration.ofDays(365);
    private static final long LOOK_MS = 200;

    private final JobQueue queue;
    private final LoadShare whole;
    private final int workers;
    private final int warmup;
    private final Map<String, Double> begun = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> lost = new CompletableFuture<>();

    /**
     * A test, to be run.
     *
     * @param queue stays the caller's; nothing else goes on there
     * @param whole what all workers do together
     * @param workers how many there are, of one slot each
     * @param warmup requests that each sends to itself before
     */
    public LoadTrial(JobQueue queue, LoadShare whole, int workers, int warmup) {
        this.queue = queue;
        this.whole = whole;
        this.workers = workers;
        this.warmup = warmup;
    }

    /**
     * Runs it.
     *
     * @param told how much is done from time to time, from 0 to 1, once the workers are warm
     * @throws IOException if the target cannot be reached or a worker is lost, with a sentence that says so
     * @throws InterruptedException if the caller is interrupted; the workers go on until the queue is closed
     */
    public LoadReport run(DoubleConsumer told) throws IOException, InterruptedException {
        JobQueue.Subscription events = queue.events(this::watch);
        try {
            List<CompletableFuture<Void>> warm = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                warm.add(queue.defer(new LoadWarmup(whole.request(), warmup), LoadTrial::once));
            }
            results(warm, fraction -> {});
            List<CompletableFuture<LoadResult>> shares = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                shares.add(queue.defer(whole.part(workers, i), LoadTrial::once));
            }
            return LoadReport.of(whole, results(shares, told));
        } finally {
            events.close();
        }
    }

    private static void once(JobRequest.Builder job) {
        job.retries(0).timeout(FOREVER);
    }

    private <T> List<T> results(List<CompletableFuture<T>> futures, DoubleConsumer told)
            throws IOException, InterruptedException {
        CompletableFuture<Void> all = CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new));
        futures.forEach(future -> future.exceptionally(failure -> {
            lost.completeExceptionally(failure);
            return null;
        }));
        CompletableFuture<Object> end = CompletableFuture.anyOf(all, lost);
        try {
            while (true) {
                try {
                    end.get(LOOK_MS, TimeUnit.MILLISECONDS);
                    return futures.stream().map(CompletableFuture::join).toList();
                } catch (TimeoutException e) {
                    told.accept(begun.values().stream()
                                    .mapToDouble(Double::doubleValue)
                                    .sum()
                            / workers);
                }
            }
        } catch (ExecutionException e) {
            throw said(e.getCause());
        }
    }

    private static IOException said(Throwable failure) {
        if (failure instanceof IOException known) {
            return known;
        }
        if (failure instanceof JobFailedException failed) {
            return new IOException(failed.job().error().message(), failed);
        }
        return new IOException("the test was broken off: " + failure, failure);
    }

    /** On the thread that tells all listeners. */
    private void watch(JobEvent event) {
        boolean measured = event.type().equals(LoadShare.class.getName());
        if (event.state() == JobState.RUNNING) {
            begun.put(event.jobId(), measured ? event.progress() : 0);
        } else if (event.state() == JobState.SUCCEEDED && measured) {
            begun.put(event.jobId(), 1.0);
        } else if (event.state() == JobState.QUEUED && begun.containsKey(event.jobId())) {
            lost.completeExceptionally(new IOException("worker " + event.worker() + " was lost"));
        }
    }
}
