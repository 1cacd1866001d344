package org.nngjava.workers.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobEvent;
import org.nngjava.workers.QueueClosedException;

/**
 * Waits for the ends of jobs, for any number of waiters with one thread, and tells those who listen. What it hears is a hint:
 * the state that counts is read. It is read again when it could not keep all that it heard, and every few seconds in any case.
 */
final class Watch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Watch.class.getName());
    private static final Duration READ_AGAIN_AFTER_LOSS = Duration.ofMillis(50);
    private static final int BUFFERED = 8192;

    private final Function<String, Optional<Job>> jobs;
    private final Duration readAgain;
    private final BlockingQueue<Runnable> news = new LinkedBlockingQueue<>(BUFFERED);
    private final Map<String, Map<Object, CompletableFuture<Job>>> waiting = new ConcurrentHashMap<>();
    private final List<Consumer<JobEvent>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "nng-workers-watch");
    private long nextReading;
    private long heard;
    private volatile boolean lost;
    private volatile boolean closed;

    /**
     * To be started.
     *
     * @param jobs reads a job
     * @param readAgain how often states are read in any case
     */
    Watch(Function<String, Optional<Job>> jobs, Duration readAgain) {
        this.jobs = jobs;
        this.readAgain = readAgain;
        nextReading = System.nanoTime() + readAgain.toNanos();
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Waits, and only then reads, so that no end falls between. */
    CompletableFuture<Job> await(String id) {
        CompletableFuture<Job> waiter = new CompletableFuture<>();
        Object ticket = new Object();
        waiting.compute(id, (key, others) -> {
            Map<Object, CompletableFuture<Job>> all = others == null ? new ConcurrentHashMap<>() : others;
            all.put(ticket, waiter);
            return all;
        });
        waiter.whenComplete((job, failure) -> waiting.computeIfPresent(id, (key, all) -> {
            all.remove(ticket);
            return all.isEmpty() ? null : all;
        }));
        if (closed) {
            waiter.completeExceptionally(closedException());
        } else {
            read(id);
        }
        return waiter;
    }

    void listen(Consumer<JobEvent> listener) {
        listeners.add(listener);
    }

    void unlisten(Consumer<JobEvent> listener) {
        listeners.remove(listener);
    }

    @Override
    public void close() {
        closed = true;
        news.offer(() -> LOG.log(System.Logger.Level.TRACE, "woken to end")); // if there is no room it is awake
        boolean interrupted = ThreadEnd.await(thread);
        waiting.values()
                .forEach(all -> all.values().forEach(waiter -> waiter.completeExceptionally(closedException())));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A job has changed. For the broker's thread, which does not wait: what nobody wants to know is not even kept. */
    void hear(Job job, double progress, Instant at) {
        long number = ++heard;
        boolean awaited = job.state().isFinal() && waiting.containsKey(job.id());
        if (awaited || !listeners.isEmpty()) {
            JobEvent event =
                    new JobEvent(number, job.id(), job.type(), job.state(), job.attempt(), progress, job.worker(), at);
            if (!news.offer(() -> pass(event))) {
                lost = true;
            }
        }
    }

    private void run() {
        while (!closed) {
            try {
                long left = Math.max(1, (nextReading - System.nanoTime()) / 1_000_000);
                Runnable next = news.poll(left, TimeUnit.MILLISECONDS);
                if (next != null) {
                    next.run();
                }
            } catch (InterruptedException e) {
                LOG.log(System.Logger.Level.DEBUG, "interrupted by nobody that should");
            }
            long now = System.nanoTime();
            if (lost) {
                lost = false;
                nextReading = Math.min(nextReading, now + READ_AGAIN_AFTER_LOSS.toNanos());
            }
            if (now - nextReading >= 0) {
                nextReading = now + readAgain.toNanos();
                waiting.keySet().forEach(this::read);
            }
        }
    }

    private void pass(JobEvent event) {
        if (event.state().isFinal() && waiting.containsKey(event.jobId())) {
            read(event.jobId());
        }
        for (Consumer<JobEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException | Error e) {
                LOG.log(System.Logger.Level.WARNING, "a listener failed", e);
            }
        }
    }

    private void read(String id) {
        try {
            Optional<Job> job = jobs.apply(id);
            if (job.isEmpty()) {
                waiters(id)
                        .forEach(waiter ->
                                waiter.completeExceptionally(new NoSuchElementException("there is no job " + id)));
            } else if (job.get().state().isFinal()) {
                waiters(id).forEach(waiter -> waiter.complete(job.get()));
            }
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.WARNING, "cannot read job " + id + "; trying again soon", e);
        }
    }

    private Collection<CompletableFuture<Job>> waiters(String id) {
        return waiting.getOrDefault(id, Map.of()).values();
    }

    private static QueueClosedException closedException() {
        return new QueueClosedException("the queue was closed before the job was finished");
    }
}
