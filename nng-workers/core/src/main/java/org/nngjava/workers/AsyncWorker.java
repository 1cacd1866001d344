package org.nngjava.workers;

import org.nngjava.workers.internal.AsyncCrew;

/**
 * A worker whose jobs are done elsewhere, or later: it takes them, keeps their leases and reports how they ended, and no thread waits for
 * any of it. Made by {@link Worker.Builder#startAsync}. Safe for use by many threads.
 *
 * <p>To the queue it is a worker like any other, with as many jobs at once as it has slots. Whoever has its jobs done must know what has
 * become of them: a lease is kept until somebody says how the job ended, or that all of them are lost ({@link #abort}).
 */
public final class AsyncWorker implements AutoCloseable {
    private final AsyncCrew crew;

    AsyncWorker(AsyncCrew crew) {
        this.crew = crew;
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

    /** Takes no more jobs, until an order of its queue to {@linkplain JobQueue#resume resume}. One that is on its way is given back. */
    public void quiet() {
        crew.quiet();
    }

    /**
     * Ends without a word, as a process does that is killed: the jobs that it has go to others after the queue's grace, and for each it
     * counts that a worker died with it. Blocks for a moment. Idempotent.
     */
    public void abort() {
        crew.abort();
    }

    /** Waits a moment for reports that are under way, gives back what it has, and ends. Idempotent. */
    @Override
    public void close() {
        crew.close();
    }
}
