package org.nngjava.workers;

import java.util.Objects;

/**
 * What a queue counts, since it was opened.
 *
 * @param accepted jobs accepted
 * @param started attempts started
 * @param succeeded jobs that succeeded
 * @param failed jobs given up
 * @param cancelled jobs cancelled
 * @param retried attempts that failed and were to be repeated
 * @param orphaned attempts whose worker died or fell silent
 * @param refused reports that came too late to count
 * @param waitTime from when a job was ready to when it was first started
 * @param runTime how long the attempts that succeeded took
 * @param traffic what the connections of workers and listeners carried
 */
public record QueueFigures(
        long accepted,
        long started,
        long succeeded,
        long failed,
        long cancelled,
        long retried,
        long orphaned,
        long refused,
        Latency waitTime,
        Latency runTime,
        Traffic traffic) {
    /** Knows what queues say that do not measure their traffic. */
    public QueueFigures {
        traffic = Objects.requireNonNullElse(traffic, Traffic.NONE);
    }
}
