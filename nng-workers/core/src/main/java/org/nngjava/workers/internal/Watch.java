package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.nngjava.Message;
import org.nngjava.NngClosedException;
import org.nngjava.NngException;
import org.nngjava.NngOptions;
import org.nngjava.NngTimeoutException;
import org.nngjava.SubSocket;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobEvent;
import org.nngjava.workers.QueueClosedException;

/**
 * Waits for the ends of jobs, for any number of waiters with one subscription and one thread. What is published is a hint:
 * the state that counts is read. It is read again after a gap in the numbers and every few seconds in any case.
 */
final class Watch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Watch.class.getName());
    private static final Duration READ_AGAIN_AFTER_GAP = Duration.ofMillis(50);
    private static final int BUFFERED = 8192;

    private final Function<String, Optional<Job>> jobs;
    private final Duration readAgain;
    private final SubSocket socket = SubSocket.open();
    private final Map<String, Map<Object, CompletableFuture<Job>>> waiting = new ConcurrentHashMap<>();
    private final List<Consumer<JobEvent>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "nng-workers-watch");
    private String broker = "";
    private long lastNumber;
    private long nextReading;
    private volatile boolean closed;

    /**
     * Subscribes.
     *
     * @param readAgain how often states are read in any case
     */
    Watch(String url, Function<String, Optional<Job>> jobs, Duration readAgain) {
        this.jobs = jobs;
        this.readAgain = readAgain;
        nextReading = System.nanoTime() + readAgain.toNanos();
        try {
            socket.set(NngOptions.RECV_BUFFER, BUFFERED);
            socket.subscribe("");
            socket.dial(url);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Subscribed long since; now waits, and only then reads, so that no end falls between. */
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
        socket.close();
        boolean interrupted = ThreadEnd.await(thread);
        waiting.values()
                .forEach(all -> all.values().forEach(waiter -> waiter.completeExceptionally(closedException())));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try {
                long left = Math.max(1, (nextReading - System.nanoTime()) / 1_000_000);
                try (Message message = socket.receive(Duration.ofMillis(left))) {
                    received(message);
                }
            } catch (NngTimeoutException e) {
                LOG.log(System.Logger.Level.TRACE, "quiet");
            } catch (NngClosedException e) {
                return;
            } catch (NngException | BadMessageException e) {
                LOG.log(System.Logger.Level.WARNING, "cannot receive what the queue publishes", e);
            }
            if (System.nanoTime() - nextReading >= 0) {
                nextReading = System.nanoTime() + readAgain.toNanos();
                waiting.keySet().forEach(this::read);
            }
        }
    }

    /** Without anybody who wants to know it is not even read: whoever comes reads the state, and this looks like a gap then. */
    private void received(Message message) throws BadMessageException {
        if (waiting.isEmpty() && listeners.isEmpty()) {
            return;
        }
        ByteBuffer body = message.body();
        while (body.hasRemaining() && body.get() != 0) {
            // The topic: all are wanted.
        }
        Bulletin bulletin = Ngw1.decode(body, Bulletin.class);
        boolean gap = !bulletin.broker().equals(broker) || bulletin.number() != lastNumber + 1;
        broker = bulletin.broker();
        lastNumber = bulletin.number();
        if (gap) {
            nextReading = Math.min(nextReading, System.nanoTime() + READ_AGAIN_AFTER_GAP.toNanos());
        }
        if (bulletin instanceof Bulletin.OfJob job) {
            if (job.state().isFinal() && waiting.containsKey(job.job())) {
                read(job.job());
            }
            tell(new JobEvent(
                    job.number(),
                    job.job(),
                    job.type(),
                    job.state(),
                    job.attempt(),
                    job.progress(),
                    job.worker(),
                    job.at()));
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
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot read job " + id + "; trying again soon", e);
        }
    }

    private Collection<CompletableFuture<Job>> waiters(String id) {
        return waiting.getOrDefault(id, Map.of()).values();
    }

    private void tell(JobEvent event) {
        for (Consumer<JobEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a listener failed", e);
            }
        }
    }

    private static QueueClosedException closedException() {
        return new QueueClosedException("the queue was closed before the job was finished");
    }
}
