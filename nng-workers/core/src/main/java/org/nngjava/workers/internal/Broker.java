package org.nngjava.workers.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.nngjava.Message;
import org.nngjava.workers.Blob;
import org.nngjava.workers.BlobStore;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobEvent;
import org.nngjava.workers.JobState;
import org.nngjava.workers.JobStore;
import org.nngjava.workers.Presence;
import org.nngjava.workers.QueueClosedException;
import org.nngjava.workers.QueueFigures;
import org.nngjava.workers.QueueStatus;
import org.nngjava.workers.StoredJob;
import org.nngjava.workers.WorkerMode;
import org.nngjava.workers.WorkerStatus;

/**
 * Connects the {@link Dispatcher} to the world: workers by a raw REP socket or from thread to thread, listeners by PUB, the stores, and the queue's
 * users. All that the dispatcher does happens on one thread; safe for use by many.
 */
public final class Broker implements AutoCloseable {
    private static final long LONGEST_SLEEP_MILLIS = 60_000;
    private static final Duration READ_AGAIN = Duration.ofSeconds(5);

    private final TimeSource time = TimeSource.SYSTEM;
    private final String id;
    private final Settings settings;
    private final JobStore store;
    private final JobBlobs blobs;
    private final EventLoop loop;
    private final GatedOutbox outbox;
    private final Dispatcher dispatcher;
    private final Doorway doorway;
    private final Transfers transfers;
    private final Publisher publisher;
    private final Watch watch;
    private final WorkSocket socket;
    private final LocalWork local;
    private final TrafficMeter traffic;
    private final Map<Object, CompletableFuture<?>> asked = new ConcurrentHashMap<>();
    private final List<Milestone> milestones = new ArrayList<>();
    private long nextPulse = time.millis();
    private volatile boolean closed;

    /** Something that will be so, and who waits for it. */
    private record Milestone(BooleanSupplier condition, CompletableFuture<Void> reached) {}

    /**
     * Binds the sockets and starts the threads.
     *
     * @param settings how to behave
     * @param store where jobs are
     * @param blobs where big payloads and results are
     * @param work where to listen for workers
     * @param events where to publish
     * @param access who may connect
     */
    public Broker(
            Settings settings, JobStore store, BlobStore blobs, List<String> work, List<String> events, Access access) {
        SecureRandom random = new SecureRandom();
        byte[] name = new byte[8];
        random.nextBytes(name);
        id = HexFormat.of().formatHex(name);
        this.settings = settings;
        this.store = store;
        this.blobs = new JobBlobs(blobs, store);
        loop = new EventLoop("nng-workers-broker", new BetweenTasks());
        outbox = new GatedOutbox(store, loop, new Postman());
        dispatcher = new Dispatcher(settings, time, random, outbox);
        doorway = new Doorway(dispatcher, outbox);
        List<StoredJob> known = store.load();
        deleteOrphans(known);
        dispatcher.recover(known);

        transfers = new Transfers(this.blobs, loop);
        publisher = new Publisher(id, time, andOwn(events, "events"), access);
        Requests requests = new Requests();
        WorkSocket bound = null;
        try {
            bound = new WorkSocket(loop, requests, andOwn(work, "work"), access);
            watch = new Watch(this::job, READ_AGAIN);
        } catch (RuntimeException e) {
            if (bound != null) {
                bound.close();
            }
            publisher.close();
            transfers.close();
            throw e;
        }
        socket = bound;
        local = new LocalWork(loop, requests, bound.urls(), access);
        boolean alone = work.isEmpty() && events.isEmpty();
        traffic = new TrafficMeter(() -> alone ? List.of() : List.of(socket.socket(), publisher.socket()));
        watch.start();
        loop.start();
        loop.execute(socket::receive);
    }

    private List<String> andOwn(List<String> urls, String what) {
        List<String> all = new ArrayList<>(urls);
        all.add("inproc://nng-workers-" + id + "/" + what);
        return all;
    }

    /**
     * Where workers connect to.
     *
     * @return as bound, the inproc one last
     */
    public List<String> workUrls() {
        return socket.urls();
    }

    /**
     * Where events are published.
     *
     * @return as bound, the inproc one last
     */
    public List<String> eventUrls() {
        return publisher.urls();
    }

    /**
     * How many jobs may be queued.
     *
     * @return as set
     */
    public int capacity() {
        return settings.capacity();
    }

    /**
     * Where payloads and results are.
     *
     * @return the big and the small ones
     */
    public BlobStore blobs() {
        return blobs;
    }

    /**
     * Whether it is closed.
     *
     * @return true once nothing is accepted any more
     */
    public boolean isClosed() {
        return closed;
    }

    // ---- For the queue's users, on any thread

    /**
     * Accepts a job: returns when it is saved.
     *
     * @param submission what to do
     * @return the job
     */
    public Job submit(Submission submission) {
        return ask(() -> {
            doorway.admit(); // whoever waited for room comes first
            return dispatcher.submit(submission);
        });
    }

    /**
     * Accepts a job as soon as there is room.
     *
     * @param applicant is told
     */
    public void submit(Applicant applicant) {
        CompletableFuture<Job> accepted = applicant.accepted();
        asked.put(applicant, accepted);
        accepted.whenComplete((job, failure) -> {
            asked.remove(applicant);
            loop.execute(() -> doorway.leave(applicant));
        });
        if (closed) {
            accepted.completeExceptionally(new QueueClosedException("the queue is closed"));
        } else {
            loop.execute(() -> doorway.enter(applicant));
        }
    }

    /**
     * Finds a job.
     *
     * @param jobId its id
     * @return the job as it is now
     */
    public Optional<Job> job(String jobId) {
        return store.find(jobId).map(this::now);
    }

    /**
     * Finds a job as it was saved last.
     *
     * @param jobId its id
     * @return all that is stored of it
     */
    public Optional<StoredJob> stored(String jobId) {
        return store.find(jobId);
    }

    /**
     * Lists jobs, newest first.
     *
     * @param limit how many at most
     * @param beforeId where to go on, or null
     * @return the jobs as they are now
     */
    public List<Job> jobs(int limit, String beforeId) {
        return store.list(limit, beforeId).stream().map(this::now).toList();
    }

    /**
     * Cancels a job.
     *
     * @param jobId its id
     * @return false if there is nothing to cancel
     */
    public boolean cancel(String jobId) {
        return ask(() -> dispatcher.cancel(jobId));
    }

    /**
     * Forgets a finished job.
     *
     * @param jobId its id
     * @return false if there is no such finished job
     */
    public boolean remove(String jobId) {
        return ask(() -> dispatcher.remove(jobId));
    }

    /**
     * Lists dead letters, newest first.
     *
     * @param limit how many at most
     * @param beforeId where to go on, or null
     * @return the jobs
     */
    public List<Job> deadLetters(int limit, String beforeId) {
        return dispatcher.deadLetters(limit, beforeId).stream()
                .flatMap(jobId -> job(jobId).stream())
                .filter(job -> job.state() == JobState.FAILED)
                .toList();
    }

    /**
     * Queues a dead letter again.
     *
     * @param jobId its id
     * @return false if there is no such dead letter
     */
    public boolean requeue(String jobId) {
        Optional<StoredJob> dead = store.find(jobId);
        return dead.isPresent() && ask(() -> dispatcher.requeue(dead.get()));
    }

    /**
     * Waits for the end of a job.
     *
     * @param jobId its id
     * @return completes with the finished job
     */
    public CompletableFuture<Job> await(String jobId) {
        return watch.await(jobId);
    }

    /**
     * Hears of changes.
     *
     * @param listener called by the thread of the watch
     */
    public void listen(Consumer<JobEvent> listener) {
        watch.listen(listener);
    }

    /**
     * Hears of changes no more.
     *
     * @param listener as given to {@link #listen}
     */
    public void unlisten(Consumer<JobEvent> listener) {
        watch.unlisten(listener);
    }

    /**
     * The workers.
     *
     * @return those that are known to be alive
     */
    public List<WorkerStatus> workers() {
        return look(dispatcher::workers);
    }

    /**
     * The queue in figures.
     *
     * @return as of now
     */
    public QueueStatus status() {
        return look(() -> dispatcher.status(doorway.size()));
    }

    /**
     * Tells workers to change their mode.
     *
     * @param which decides, on the broker's thread
     * @param mode the mode to change to
     * @param haltTime when halting, how long their jobs may still take
     * @return how many were told
     */
    public int order(Predicate<WorkerStatus> which, WorkerMode mode, Duration haltTime) {
        return look(() -> dispatcher.order(which, mode, haltTime));
    }

    /**
     * What the queue counts.
     *
     * @return as of now
     */
    public QueueFigures figures() {
        return look(this::counted);
    }

    /**
     * Takes no more jobs and waits until there are none of some.
     *
     * @param timeout how long
     * @param which the jobs to wait for; asked on the broker's thread
     * @return false if that was not long enough
     * @throws InterruptedException if the caller is interrupted
     */
    public boolean drain(Duration timeout, Predicate<Job> which) throws InterruptedException {
        return await(timeout, dispatcher::stopAccepting, () -> dispatcher.hasNone(which));
    }

    /**
     * Takes and starts no more jobs, waits for those that run, takes back what is not finished in time, and closes all.
     *
     * @param timeout how long
     * @return false if something was taken back
     * @throws InterruptedException if the caller is interrupted; all is closed then
     */
    public boolean stop(Duration timeout) throws InterruptedException {
        try {
            boolean finished = await(
                    timeout,
                    () -> {
                        dispatcher.stopAccepting();
                        dispatcher.stopStarting();
                    },
                    dispatcher::isIdle);
            if (!finished) {
                ask(() -> {
                    dispatcher.takeBack();
                    return null;
                });
            }
            return finished;
        } finally {
            close();
        }
    }

    private boolean await(Duration timeout, Runnable begin, BooleanSupplier condition) throws InterruptedException {
        Milestone milestone = new Milestone(condition, new CompletableFuture<>());
        asked.put(milestone, milestone.reached());
        try {
            look(() -> {
                begin.run();
                return milestones.add(milestone);
            });
            milestone.reached().get(Limits.time(timeout).toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw asThrown(e);
        } finally {
            asked.remove(milestone);
            loop.execute(() -> milestones.remove(milestone));
        }
    }

    /** Closes all; jobs stay in the store as they are. Idempotent. */
    @Override
    public void close() {
        synchronized (asked) {
            if (closed) {
                return;
            }
            closed = true;
        }
        loop.stop();
        outbox.close();
        QueueClosedException reason = new QueueClosedException("the queue is closed");
        asked.values().forEach(future -> future.completeExceptionally(reason));
        pulse(Presence.LEFT);
        watch.close();
        transfers.close();
        local.close();
        socket.close();
        publisher.close();
    }

    /** Has something done on the broker's thread and waits until what it changed is saved. */
    private <T> T ask(Supplier<T> question) {
        return call(
                question, (answer, value) -> outbox.then(() -> answer.complete(value), answer::completeExceptionally));
    }

    /** Has something looked up on the broker's thread. */
    private <T> T look(Supplier<T> question) {
        return call(question, CompletableFuture::complete);
    }

    private <T> T call(Supplier<T> question, BiConsumer<CompletableFuture<T>, T> complete) {
        if (loop.isCurrent()) {
            return question.get();
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        Object ticket = new Object();
        asked.put(ticket, answer);
        try {
            if (closed) {
                throw new QueueClosedException("the queue is closed");
            }
            loop.execute(() -> {
                try {
                    complete.accept(answer, question.get());
                } catch (RuntimeException | Error e) {
                    answer.completeExceptionally(e);
                }
            });
            return answer(answer);
        } finally {
            asked.remove(ticket);
        }
    }

    /**
     * Waits for an answer of the broker.
     *
     * @param future completes with it
     * @return the answer, or the exception that the broker threw
     */
    public static <T> T answer(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw asThrown(e);
        }
    }

    private static RuntimeException asThrown(Exception wrapper) {
        return wrapper.getCause() instanceof RuntimeException cause
                ? cause
                : new CompletionException(wrapper.getCause());
    }

    /** Tells those who watch how it goes. On the broker's thread, or after its end. */
    private void pulse(Presence presence) {
        publisher.publish(presence, settings.heartbeat().toMillis(), dispatcher.status(doorway.size()), counted());
    }

    private QueueFigures counted() {
        return dispatcher.figures(traffic.latest());
    }

    /** A job with what changes about it without being saved. */
    private Job now(StoredJob stored) {
        Job job = stored.job();
        return Lifecycle.now(stored, dispatcher.progress(job), dispatcher.position(job));
    }

    private void deleteOrphans(List<StoredJob> known) {
        Set<String> named = new HashSet<>();
        for (StoredJob stored : known) {
            Optional.ofNullable(stored.job().payload()).map(Blob::id).ifPresent(named::add);
            Optional.ofNullable(stored.job().result()).map(Blob::id).ifPresent(named::add);
        }
        try {
            for (String blob : blobs.ids()) {
                if (!named.contains(blob)) {
                    blobs.delete(blob);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tidy up the blob store", e);
        }
    }

    // ---- For workers, on the broker's thread

    private final class Requests implements Desk {
        @Override
        public boolean serve(Caller caller, Request request, Message message, ByteBuffer body) {
            if (request instanceof Request.Ready ready) {
                dispatcher.ready(caller, ready, body, uploaded(ready.report()));
            } else if (request instanceof Request.Heartbeat heartbeat) {
                dispatcher.heartbeat(caller, heartbeat);
            } else if (request instanceof Request.Leave leave) {
                dispatcher.leave(caller, leave);
            } else if (request instanceof Request.Get get) {
                get(caller, get);
            } else if (request instanceof Request.Put put) {
                return put(caller, put, message, body);
            }
            return false;
        }

        @Override
        public void pipeGone(int pipe) {
            dispatcher.pipeGone(pipe);
        }

        private void get(Caller caller, Request.Get get) {
            Optional<Blob> payload =
                    dispatcher.leased(get.token()).map(stored -> stored.job().payload());
            if (payload.isPresent()) {
                transfers.get(caller, payload.get(), get);
            } else {
                stale(caller);
            }
        }

        private boolean put(Caller caller, Request.Put put, Message message, ByteBuffer body) {
            if (dispatcher.leased(put.token()).isEmpty()) {
                stale(caller);
                return false;
            }
            transfers.put(caller, put, message, body);
            return true;
        }

        private void stale(Caller caller) {
            outbox.reply(caller, new Reply.Refused(Reply.Refused.STALE, "the lease has ended"), null);
        }

        private Blob uploaded(Report report) {
            boolean expected =
                    report != null && report.result() != null && report.result().upload() != null;
            return expected ? transfers.take(report.token(), report.result().upload()) : null;
        }
    }

    private final class BetweenTasks implements EventLoop.Owner {
        @Override
        public void afterTasks() {
            if (time.millis() >= dispatcher.nextDeadline()) {
                dispatcher.tick();
            }
            doorway.admit();
            if (time.millis() >= nextPulse) {
                nextPulse = time.millis() + settings.heartbeat().toMillis();
                pulse(Presence.ALIVE);
            }
            for (Milestone milestone : List.copyOf(milestones)) {
                try {
                    if (milestone.condition().getAsBoolean()) {
                        milestones.remove(milestone);
                        outbox.then(() -> milestone.reached().complete(null));
                    }
                } catch (RuntimeException | Error e) {
                    milestones.remove(milestone);
                    milestone.reached().completeExceptionally(e);
                }
            }
            outbox.flush();
        }

        @Override
        public long sleepMillis() {
            long deadline = Math.min(dispatcher.nextDeadline(), nextPulse);
            return Math.max(0, Math.min(deadline - time.millis(), LONGEST_SLEEP_MILLIS));
        }
    }

    private final class Postman implements GatedOutbox.Postman {
        @Override
        public void reply(Caller caller, Reply reply, ByteBuffer body) {
            if (reply instanceof Reply.Run run && dispatcher.leased(run.token()).isEmpty()) {
                caller.answer(new Reply.Nothing(run.verdict()), null);
            } else {
                caller.answer(reply, body);
            }
        }

        @Override
        public void withdraw(String jobId) {
            dispatcher.withdraw(jobId);
        }

        @Override
        public void leaseEnded(String token) {
            transfers.leaseEnded(token);
        }

        @Override
        public void discard(Blob blob) {
            transfers.discard(blob);
        }

        @Override
        public void publish(Job job, double progress) {
            Instant at = time.now();
            publisher.publish(job, progress, at);
            watch.hear(job, progress, at);
        }

        @Override
        public void publish(WorkerStatus worker, Presence presence) {
            publisher.publish(worker, presence);
        }
    }
}
