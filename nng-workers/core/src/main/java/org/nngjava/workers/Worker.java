package org.nngjava.workers;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.nngjava.TlsConfig;
import org.nngjava.workers.internal.Access;
import org.nngjava.workers.internal.AsyncCrew;
import org.nngjava.workers.internal.Crew;
import org.nngjava.workers.internal.WorkerInfo;

/**
 * Runs jobs of a {@link JobQueue}, in the queue's process or any other. Safe for use by many threads.
 *
 * <p>A worker may be started before its queue, and outlives restarts of it: it keeps trying to connect.
 */
public final class Worker implements AutoCloseable {
    private final Crew crew;

    private Worker(Crew crew) {
        this.crew = crew;
    }

    /**
     * Begins a worker.
     *
     * @return a builder: it needs a queue and at least one handler
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Names this start of the worker.
     *
     * @return unique
     */
    public String id() {
        return crew.info().id();
    }

    /**
     * The worker's name.
     *
     * @return as given to the builder
     */
    public String name() {
        return crew.info().name();
    }

    /**
     * Tells what the worker does with jobs.
     *
     * @return the mode it is in
     */
    public WorkerMode mode() {
        return crew.info().mode();
    }

    /** Finishes what it has and takes no more jobs, until {@link #resume} or an order to resume. */
    public void quiet() {
        crew.change(WorkerMode.QUIET);
    }

    /** Takes jobs again. */
    public void resume() {
        crew.change(WorkerMode.ACTIVE);
    }

    /**
     * Waits until the worker has ended, by {@link #stop} or by an order of its queue.
     *
     * @throws InterruptedException if the caller is interrupted
     */
    public void awaitEnd() throws InterruptedException {
        crew.awaitEnd();
    }

    /**
     * Takes no more jobs, finishes those that run, and closes. What is not finished in time is interrupted and given back,
     * so that another worker starts it at once.
     *
     * @param timeout how long running jobs may take; shortens the time of a stop that is under way, if it is less
     * @return true if all that ran was finished
     * @throws InterruptedException if the caller is interrupted; the worker is closed then, without waiting for running jobs
     */
    public boolean stop(Duration timeout) throws InterruptedException {
        return crew.stop(timeout);
    }

    /** Stops without waiting for running jobs: they are interrupted and given back. Idempotent. */
    @Override
    public void close() {
        try {
            crew.stop(Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Builds a {@link Worker}. For one thread. */
    public static final class Builder {
        private final Map<String, JobHandler> handlers = new HashMap<>();
        private String url;
        private String name = "worker-" + ProcessHandle.current().pid();
        private int slots = 1;
        private TlsConfig tls;
        private String token;
        private final Set<String> labels = new HashSet<>();

        private Builder() {}

        /**
         * Says which queue to work for.
         *
         * @param url one of its {@link JobQueue#workUrls()}
         * @return this
         */
        public Builder connect(String url) {
            this.url = url;
            return this;
        }

        /**
         * Says which queue to work for, in this process.
         *
         * @param queue open
         * @return this
         */
        public Builder queue(JobQueue queue) {
            List<String> urls = queue.workUrls();
            token = queue.token();
            return connect(urls.get(urls.size() - 1));
        }

        /**
         * Sets the certificates for a queue at {@code tls+tcp} or {@code wss}.
         *
         * @param config with the CA to trust, and a certificate if the queue asks for one
         * @return this
         */
        public Builder tls(TlsConfig config) {
            tls = Objects.requireNonNull(config, "config");
            return this;
        }

        /**
         * Sets what to show to a queue that asks for a token.
         *
         * @param token as the queue has it
         * @return this
         */
        public Builder token(String token) {
            this.token = Objects.requireNonNull(token, "token");
            return this;
        }

        /**
         * Sets the name that status and jobs show.
         *
         * @param name 1 to 128 characters; unless set, made of the process id
         * @return this
         */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /**
         * Sets how many jobs run at once.
         *
         * @param count 1 to 256; unless set, 1
         * @return this
         */
        public Builder slots(int count) {
            slots = count;
            return this;
        }

        /**
         * Puts the worker into groups, which orders can name.
         *
         * @param more each of 1 to 128 characters, at most {@value JobRequest#MAX_LABELS} in all
         * @return this
         */
        public Builder labels(String... more) {
            labels.addAll(List.of(more));
            return this;
        }

        /**
         * Sets the handler of a type of jobs. The worker gets jobs of these types only.
         *
         * @param type the type
         * @param handler what runs them
         * @return this
         */
        public Builder handle(String type, JobHandler handler) {
            handlers.put(type, Objects.requireNonNull(handler, "handler"));
            return this;
        }

        /**
         * Runs the tasks of a class, which {@link JobQueue#defer} sends. Their jobs' type is the name of the class.
         *
         * @param <T> the class
         * @param task a record
         * @return this
         */
        public <T extends Record & Task<?>> Builder handle(Class<T> task) {
            return handle(task.getName(), TaskJson.handler(task));
        }

        /**
         * Starts the worker: returns at once and connects in the background.
         *
         * @return the worker, to be stopped or closed by the caller
         * @throws IllegalArgumentException if name, slots, types or labels are out of bounds, or the URL is not secure and not on this machine
         * @throws IllegalStateException if there is no queue to work for
         */
        public Worker start() {
            Crew crew = new Crew(info(handlers.keySet()), handlers, url, new Access(tls, token));
            crew.start();
            return new Worker(crew);
        }

        /**
         * Starts a worker whose jobs are done elsewhere: by other processes, say, or by what is asynchronous itself. Handlers do not
         * count.
         *
         * @param holder is given the jobs
         * @param types the types of jobs that it gets
         * @return the worker, to be closed by the caller; jobs may come before it is returned
         * @throws IllegalArgumentException as for {@link #start}
         * @throws IllegalStateException as for {@link #start}
         */
        public AsyncWorker startAsync(LeaseHolder holder, String... types) {
            AsyncCrew crew = new AsyncCrew(info(Set.of(types)), holder, url, new Access(tls, token));
            crew.start();
            return new AsyncWorker(crew);
        }

        private WorkerInfo info(Set<String> types) {
            if (url == null) {
                throw new IllegalStateException("a worker needs a queue: connect(url) or queue(queue)");
            }
            List<String> sorted = types.stream().sorted().toList();
            return new WorkerInfo(UUID.randomUUID().toString(), name, slots, sorted, labels, WorkerMode.ACTIVE, 0);
        }
    }
}
