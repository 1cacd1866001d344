package org.nngjava.workers;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.nngjava.NngException;
import org.nngjava.TlsConfig;
import org.nngjava.workers.internal.Access;
import org.nngjava.workers.internal.Applicant;
import org.nngjava.workers.internal.Broker;
import org.nngjava.workers.internal.Limits;
import org.nngjava.workers.internal.Settings;

/**
 * A queue of jobs, and the broker that shares them among {@link Worker}s in this process or any other. Safe for use by
 * many threads.
 *
 * <p>A job runs at least once and has exactly one result: each attempt is a {@link Lease}, which ends when its worker dies
 * or falls silent, and what arrives for an ended lease is refused.
 */
public final class JobQueue implements AutoCloseable {
    private final Broker broker;
    private final String token;

    private JobQueue(Broker broker, String token) {
        this.broker = broker;
        this.token = token;
    }

    /** What workers have to show; null for nothing. */
    String token() {
        return token;
    }

    /**
     * Begins a queue.
     *
     * @return a builder with the defaults given at its methods
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Where workers connect to, as bound.
     *
     * @return the URLs asked for, in order, with the port that was chosen for a port 0, and last the queue's own inproc URL
     */
    public List<String> workUrls() {
        return broker.workUrls();
    }

    /**
     * Where events are published, as bound.
     *
     * @return the URLs asked for, in order, with the port that was chosen for a port 0, and last the queue's own inproc URL
     */
    public List<String> eventUrls() {
        return broker.eventUrls();
    }

    /**
     * Submits a job with defaults for all else.
     *
     * @param type which handler runs it
     * @param payload what to work on; may be empty
     * @return the job as accepted
     * @throws QueueFullException if the queue is full
     * @throws QueueClosedException if it drains or is closed; if it is closed meanwhile the job may have been accepted all the same
     * @throws JobStoreException if the job cannot be saved; it is not accepted then
     */
    public Job submit(String type, byte[] payload) {
        return submit(JobRequest.builder(type).payload(payload).build());
    }

    /**
     * Submits a job, or fails at once if the queue is full. When this returns the job is in the store.
     *
     * @param request what to do
     * @return the job as accepted
     * @throws QueueFullException if the queue is full
     * @throws QueueClosedException if it drains or is closed; if it is closed meanwhile the job may have been accepted all the same
     * @throws JobStoreException if the job cannot be saved; it is not accepted then
     */
    public Job submit(JobRequest request) {
        Payload payload = payload(request);
        boolean tooLate = broker.isClosed();
        try {
            return broker.submit(payload.submission());
        } catch (RuntimeException e) {
            if (tooLate || !broker.isClosed()) {
                payload.delete(); // else it may have been accepted; the next start tidies up if it was not
            }
            throw e;
        }
    }

    /**
     * Submits a job, and waits for room if the queue is full. When this returns the job is in the store.
     *
     * @param request what to do
     * @param timeout how long to wait at most
     * @return the job as accepted
     * @throws QueueFullException if there was no room in time
     * @throws QueueClosedException if the queue drains or is closed; if it is closed meanwhile the job may have been accepted all the same
     * @throws InterruptedException if the caller is interrupted; nothing was submitted then, unless it was accepted at that moment
     */
    public Job submit(JobRequest request, Duration timeout) throws InterruptedException {
        Applicant applicant = apply(request);
        CompletableFuture<Job> accepted = applicant.accepted();
        try {
            return accepted.get(Limits.time(timeout).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            QueueFullException full = new QueueFullException(broker.capacity());
            if (applicant.withdraw(full)) {
                throw full;
            }
            return Broker.answer(accepted);
        } catch (InterruptedException e) {
            applicant.withdraw(e);
            throw e;
        } catch (ExecutionException e) {
            return Broker.answer(accepted);
        }
    }

    /**
     * Submits a job as soon as there is room, without a thread that waits. Those who wait are served in their order.
     *
     * @param request what to do
     * @return completes with the job when it is in the store; fails with {@link QueueClosedException} if the queue drains or is
     *     closed first. Cancelling it withdraws the job, unless that was accepted at the same moment
     */
    public CompletableFuture<Job> submitAsync(JobRequest request) {
        return apply(request).accepted();
    }

    /**
     * Has a task run by a worker, here or elsewhere, with defaults for all else.
     *
     * @param <T> what comes out
     * @param <R> the task's class
     * @param task what to do
     * @return as in {@link #defer(Record, Consumer)}
     * @throws IllegalArgumentException if the task cannot be written as JSON
     * @throws QueueFullException if the queue is full
     * @throws QueueClosedException if it drains or is closed; if it is closed meanwhile the job may have been accepted all the same
     * @throws JobStoreException if the job cannot be saved; it is not accepted then
     */
    public <T, R extends Record & Task<T>> CompletableFuture<T> defer(R task) {
        return defer(task, request -> {});
    }

    /**
     * Has a task run by a worker, here or elsewhere: by any that {@linkplain Worker.Builder#handle(Class) handles} its class. It is a job
     * like others, of that class's name as type.
     *
     * @param <T> what comes out
     * @param <R> the task's class
     * @param task what to do
     * @param options may set time-out, retries, priority and so on
     * @return completes with the result, which is held in memory; fails with {@link JobFailedException} if the job is given up and with
     *     {@link QueueClosedException} if the queue is closed first. Cancelling it cancels the job
     * @throws IllegalArgumentException if the task cannot be written as JSON
     * @throws QueueFullException if the queue is full
     * @throws QueueClosedException if it drains or is closed; if it is closed meanwhile the job may have been accepted all the same
     * @throws JobStoreException if the job cannot be saved; it is not accepted then
     */
    public <T, R extends Record & Task<T>> CompletableFuture<T> defer(R task, Consumer<JobRequest.Builder> options) {
        JobRequest.Builder request =
                JobRequest.builder(task.getClass().getName()).payload(TaskJson.write(task));
        options.accept(request);
        String id = submit(request.build()).id();
        CompletableFuture<T> result = new CompletableFuture<>();
        await(id).whenCompleteAsync((done, failure) -> settle(result, task.getClass(), done, failure));
        result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                cancel(id);
            }
        });
        return result;
    }

    @SuppressWarnings("unchecked") // a task's class says what comes out
    private <T> void settle(CompletableFuture<T> result, Class<?> task, Job done, Throwable failure) {
        if (failure != null) {
            result.completeExceptionally(failure);
        } else if (done.state() == JobState.CANCELLED) {
            result.cancel(false);
        } else if (done.state() == JobState.FAILED) {
            result.completeExceptionally(new JobFailedException(done));
        } else if (done.result() == null) {
            result.complete(null);
        } else {
            try (InputStream bytes = blobs().open(done.result())) {
                result.complete((T) TaskJson.result(bytes, task));
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        }
    }

    private Payload payload(JobRequest request) {
        StoredJob done = request.resultOf() == null
                ? null
                : broker.stored(request.resultOf()).orElse(null);
        return Payload.of(request, done, broker.blobs());
    }

    private Applicant apply(JobRequest request) {
        Payload payload = payload(request);
        Applicant applicant = new Applicant(payload.submission(), payload::delete);
        broker.submit(applicant);
        return applicant;
    }

    /**
     * Finds a job.
     *
     * @param id the job's id
     * @return the job as it is now; empty if it was never known or is forgotten
     */
    public Optional<Job> job(String id) {
        return broker.job(id);
    }

    /**
     * Lists jobs, newest first.
     *
     * @param limit how many at most
     * @param beforeId where to go on: only jobs submitted before this one; null begins with the newest
     * @return the jobs as they are now
     */
    public List<Job> jobs(int limit, String beforeId) {
        return broker.jobs(limit, beforeId);
    }

    /**
     * Cancels a job that is not finished. A running handler is interrupted; its result is refused.
     *
     * @param id the job's id
     * @return false if there is no such job or it is finished already
     * @throws JobStoreException if that cannot be saved; it is cancelled all the same, and saved when the store is back
     */
    public boolean cancel(String id) {
        return broker.cancel(id);
    }

    /**
     * Forgets a finished job and deletes its blobs, as {@link Retention} would later.
     *
     * @param id the job's id
     * @return false if there is no such job or it is not finished
     * @throws JobStoreException if that cannot be saved; it is forgotten when the store is back
     */
    public boolean remove(String id) {
        return broker.remove(id);
    }

    /**
     * Lists the dead letters: the jobs that were given up, newest first. They are remembered as long as other finished jobs, with their
     * payloads.
     *
     * @param limit how many at most
     * @param beforeId where to go on: only jobs submitted before this one; null begins with the newest
     * @return failed jobs; {@link Job#error()} says why each was given up
     */
    public List<Job> deadLetters(int limit, String beforeId) {
        return broker.deadLetters(limit, beforeId);
    }

    /**
     * Queues a dead letter again, as if it had never failed. It keeps its id, its place and its count of attempts. If its payload was
     * not kept ({@link Retention.Keeper#keepsPayload}) it runs with an empty one.
     *
     * @param id the job's id
     * @return false if there is no such job or it has not failed
     * @throws QueueFullException if the queue is full
     * @throws QueueClosedException if it drains or is closed
     */
    public boolean requeue(String id) {
        return broker.requeue(id);
    }

    /**
     * Waits for a job's end without a thread. Cancel the future to stop waiting.
     *
     * @param id the job's id
     * @return completes with the job in its final state; fails with {@link java.util.NoSuchElementException} if there is no
     *     such job and with {@link QueueClosedException} if the queue is closed first. Dependent stages run on the thread that
     *     tells all waiters: use the async forms for whatever may block
     */
    public CompletableFuture<Job> await(String id) {
        return broker.await(id);
    }

    /**
     * Hears of changes. What is missed is not repeated.
     *
     * @param listener called by one thread, one event at a time: must not block
     * @return close it to stop
     */
    public Subscription events(Consumer<JobEvent> listener) {
        broker.listen(listener);
        return () -> broker.unlisten(listener);
    }

    /**
     * Where payloads and results are.
     *
     * @return the store; knows every blob that a job of this queue names
     */
    public BlobStore blobs() {
        return broker.blobs();
    }

    /**
     * The workers that are known to be alive.
     *
     * @return sorted by name
     */
    public List<WorkerStatus> workers() {
        return broker.workers();
    }

    /**
     * The queue in figures.
     *
     * @return as of now
     */
    public QueueStatus status() {
        return broker.status();
    }

    /**
     * What the queue counts.
     *
     * @return as of now
     */
    public QueueFigures figures() {
        return broker.figures();
    }

    /**
     * Takes no more jobs and waits until all are finished.
     *
     * @param timeout how long to wait
     * @return true if no job is left; false if the time was over first. The queue takes no jobs in either case
     * @throws InterruptedException if the caller is interrupted
     */
    public boolean drain(Duration timeout) throws InterruptedException {
        return broker.drain(timeout, any -> true);
    }

    /**
     * Takes no more jobs and waits until some are finished. The others go on meanwhile.
     *
     * @param timeout how long to wait
     * @param which the jobs to wait for; called by the queue's thread, must not block. What it throws ends the waiting, and is thrown
     * @return true if none of them is left; false if the time was over first. The queue takes no jobs in either case
     * @throws InterruptedException if the caller is interrupted
     */
    public boolean drain(Duration timeout, Predicate<Job> which) throws InterruptedException {
        return broker.drain(timeout, which);
    }

    /**
     * Ends the queue in an orderly way, and leaves its jobs to the next start: takes and starts no more jobs, waits for those that run, and
     * closes. What is not finished in time is taken back from its workers: it counts as never started.
     *
     * @param timeout how long running jobs may take
     * @return true if all that ran was finished
     * @throws InterruptedException if the caller is interrupted; the queue is closed then
     */
    public boolean stop(Duration timeout) throws InterruptedException {
        return broker.stop(timeout);
    }

    /**
     * Orders workers to finish what they have and to take no more jobs, until they are told to {@link #resume}. They get no more from
     * this queue at once; they stay quiet if it is restarted.
     *
     * @param which chooses among the workers that are known now: one by its id or name, a group by a label, or all; called by
     *     the queue's thread, must not block
     * @return how many were chosen
     */
    public int quiet(Predicate<WorkerStatus> which) {
        return broker.order(which, WorkerMode.QUIET, Duration.ZERO);
    }

    /**
     * Orders quiet workers to take jobs again.
     *
     * @param which as in {@link #quiet}
     * @return how many were chosen
     */
    public int resume(Predicate<WorkerStatus> which) {
        return broker.order(which, WorkerMode.ACTIVE, Duration.ZERO);
    }

    /**
     * Orders workers to end, as by {@link Worker#stop}: they take no more jobs, finish those that run, and give back what is not finished
     * in time. Returns at once.
     *
     * @param which as in {@link #quiet}
     * @param timeout how long running jobs may take
     * @return how many were chosen
     */
    public int halt(Predicate<WorkerStatus> which, Duration timeout) {
        return broker.order(which, WorkerMode.HALTING, timeout);
    }

    /**
     * Closes sockets and threads. Whoever waits gets a {@link QueueClosedException}, and whoever asks later. Jobs that are not finished stay in the store as they are. The stores that were given to
     * the builder stay open. Idempotent.
     */
    @Override
    public void close() {
        broker.close();
    }

    /** Ends a registration. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        /** Stops it. Idempotent. */
        @Override
        void close();
    }

    /** Builds a {@link JobQueue}. For one thread. */
    public static final class Builder {
        private final List<String> workUrls = new ArrayList<>();
        private final List<String> eventUrls = new ArrayList<>();
        private JobStore store = new MemoryJobStore();
        private BlobStore blobs = new MemoryBlobStore();
        private Duration lease = Settings.DEFAULTS.lease();
        private Duration heartbeat = Settings.DEFAULTS.heartbeat();
        private Duration grace = Settings.DEFAULTS.grace();
        private Duration parkTime = Settings.DEFAULTS.parkTime();
        private TlsConfig tls;
        private String token;
        private int capacity = Settings.DEFAULTS.capacity();
        private Retention retention = Settings.DEFAULTS.retention();

        private Builder() {}

        /**
         * Lets workers of other processes connect. May be called for several URLs; an inproc one is always there. Beyond loopback that is
         * {@code tls+tcp} only, with client certificates or a token.
         *
         * @param url where to listen, such as {@code tcp://127.0.0.1:5555} or {@code ipc:///run/queue}
         * @return this
         */
        public Builder listen(String url) {
            workUrls.add(url);
            return this;
        }

        /**
         * Publishes events to other processes. May be called for several URLs; an inproc one is always there. Beyond loopback that is
         * {@code tls+tcp} only, with client certificates: whoever listens cannot be asked for a token.
         *
         * @param url where to listen
         * @return this
         */
        public Builder events(String url) {
            eventUrls.add(url);
            return this;
        }

        /**
         * Sets the certificates for addresses of {@code tls+tcp} and {@code wss}.
         *
         * @param config with the queue's certificate; with {@link org.nngjava.TlsAuthMode#REQUIRED} only those get in who have one that
         *     its CA has signed
         * @return this
         */
        public Builder tls(TlsConfig config) {
            tls = Objects.requireNonNull(config, "config");
            return this;
        }

        /**
         * Asks all workers for a token.
         *
         * @param token a secret of 16 to 128 characters, the same for queue and workers
         * @return this
         */
        public Builder token(String token) {
            this.token = Objects.requireNonNull(token, "token");
            return this;
        }

        /**
         * Sets where jobs are remembered. Unless set: in memory.
         *
         * @param store stays the caller's, to be closed after the queue
         * @return this
         */
        public Builder store(JobStore store) {
            this.store = store;
            return this;
        }

        /**
         * Sets where payloads and results lie. Unless set: in memory. Blobs that no job of the store names are deleted when
         * the queue opens.
         *
         * @param blobs for this queue alone; stays the caller's, to be closed after the queue
         * @return this
         */
        public Builder blobs(BlobStore blobs) {
            this.blobs = blobs;
            return this;
        }

        /**
         * Sets how long a worker may be silent before its jobs are given to others.
         *
         * @param time unless set, 10 s
         * @return this
         */
        public Builder lease(Duration time) {
            lease = time;
            return this;
        }

        /**
         * Sets how often workers say that they are alive.
         *
         * @param time unless set, 2 s; at most a third of the lease
         * @return this
         */
        public Builder heartbeat(Duration time) {
            heartbeat = time;
            return this;
        }

        /**
         * Sets how long a worker may take to come back when its connection was closed.
         *
         * @param time unless set, 1 s
         * @return this
         */
        public Builder grace(Duration time) {
            grace = time;
            return this;
        }

        /**
         * Sets how long a worker's question for a job may stay open before it is answered that there is none.
         *
         * @param time unless set, 20 s
         * @return this
         */
        public Builder parkTime(Duration time) {
            parkTime = time;
            return this;
        }

        /**
         * Sets how many jobs may be queued. One more is refused, or waits, as the submitter likes.
         *
         * @param jobs unless set, 10,000
         * @return this
         */
        public Builder capacity(int jobs) {
            capacity = jobs;
            return this;
        }

        /**
         * Sets how long finished jobs are remembered.
         *
         * @param retention unless set, the last 10,000 for a day
         * @return this
         */
        public Builder retention(Retention retention) {
            this.retention = retention;
            return this;
        }

        /**
         * Opens the queue: binds its sockets and starts its threads.
         *
         * @return the queue, to be closed by the caller
         * @throws NngException if a URL cannot be bound
         * @throws IllegalArgumentException if the times do not fit together, or a URL would be open to everybody
         */
        public JobQueue open() {
            Settings settings =
                    new Settings(lease, heartbeat, grace, parkTime, capacity, Settings.DEFAULTS.deaths(), retention);
            Access access = new Access(tls, token);
            access.check(workUrls, eventUrls);
            return new JobQueue(new Broker(settings, store, blobs, workUrls, eventUrls, access), token);
        }
    }
}
