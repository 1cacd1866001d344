package org.nngjava.benchmarks.queue;

import java.io.IOException;

/** A durable job queue that is measured. Its jobs do nothing but tell that they run. */
interface Subject extends AutoCloseable {
    /**
     * Submits a job. When this returns the job is on disk. Called by many threads.
     *
     * @throws IOException if it is not
     */
    void submit() throws IOException;

    /**
     * Submits many jobs, as fast as it can.
     *
     * @param jobs how many
     * @throws IOException if one is not on disk
     */
    default void fill(int jobs) throws IOException {
        for (int i = 0; i < jobs; i++) {
            submit();
        }
    }

    /** How many jobs it takes to see how fast it is. */
    default int leastJobs() {
        return 1_000;
    }

    /** Tells whether jobs can be submitted before it has workers. */
    default boolean takesJobsBeforeItWorks() {
        return true;
    }

    /**
     * Starts workers.
     *
     * @param workers how many jobs run at once
     * @param job what each job does
     * @throws IOException if they cannot start
     */
    void work(int workers, Runnable job) throws IOException;

    /** Ends it, with its workers. Jobs that were not run are lost. */
    @Override
    void close() throws IOException;
}
