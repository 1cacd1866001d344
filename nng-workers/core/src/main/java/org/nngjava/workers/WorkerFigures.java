package org.nngjava.workers;

import java.util.Objects;

/**
 * What a worker counts, since its start unless said otherwise.
 *
 * @param busy jobs that it runs now
 * @param stuck threads given up now, since their handlers do not heed the interrupt
 * @param succeeded attempts whose handler returned normally
 * @param failed attempts that failed, those that took too long among them
 * @param returned attempts given back unfinished
 * @param dropped attempts halted since nobody wanted their result any more
 * @param refused reports that came too late to count
 * @param runTime how long the attempts that succeeded took
 * @param traffic what its connections to the queue carried
 */
public record WorkerFigures(
        int busy,
        int stuck,
        long succeeded,
        long failed,
        long returned,
        long dropped,
        long refused,
        Latency runTime,
        Traffic traffic) {
    /** Of a worker that counts nothing. */
    public static final WorkerFigures NONE = new WorkerFigures(0, 0, 0, 0, 0, 0, 0, Latency.NONE, Traffic.NONE);

    /** Knows what workers say that measure no times and no traffic. */
    public WorkerFigures {
        runTime = Objects.requireNonNullElse(runTime, Latency.NONE);
        traffic = Objects.requireNonNullElse(traffic, Traffic.NONE);
    }
}
