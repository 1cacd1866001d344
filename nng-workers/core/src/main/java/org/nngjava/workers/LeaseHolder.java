package org.nngjava.workers;

import java.time.Duration;

/** Whoever has the jobs of an {@link AsyncWorker} done. Called by several threads, some of them NNG's: must not block. */
public interface LeaseHolder {
    /**
     * Here is a job. It is to be ended by one of its own methods, whenever it is done.
     *
     * @param job under a lease, which the worker keeps
     */
    void leased(LeasedJob job);

    /**
     * The result of a job is not wanted any more: it was cancelled, ran out of time, or was given to another worker.
     *
     * @param job as it was given to {@link #leased}; what is said of it from now on is not heard
     */
    void lost(LeasedJob job);

    /**
     * The worker was told to end. It takes no more jobs; the holder closes it when those that it has are done.
     *
     * @param timeout how long they may take
     */
    void halting(Duration timeout);
}
