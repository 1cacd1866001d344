package org.nngjava.workers;

import java.time.Instant;

/**
 * A change of a job, as published. A hint and not a record: events may be lost, so whoever acts on one reads the job.
 *
 * @param number counts the changes of a queue's jobs since it was opened; a number that is left out was lost
 * @param jobId the job
 * @param type its type
 * @param state its state after the change
 * @param attempt as in {@link Job#attempt()}
 * @param progress as in {@link Job#progress()}
 * @param worker as in {@link Job#worker()}, nullable
 * @param at when it happened
 */
public record JobEvent(
        long number,
        String jobId,
        String type,
        JobState state,
        int attempt,
        double progress,
        String worker,
        Instant at) {}
