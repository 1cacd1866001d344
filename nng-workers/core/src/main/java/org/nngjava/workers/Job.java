package org.nngjava.workers;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * What is known of a job at one moment. A snapshot: it does not change when the job does.
 *
 * @param id unique and, as text, in the order of submission
 * @param type says which handler runs it
 * @param state where it stands
 * @param options what the submitter says to the handler
 * @param payload what to work on, or null if the job has none or it is deleted (as soon as the job is finished)
 * @param result what came out, or null
 * @param error why the last attempt failed, or null
 * @param attempt how often it was started; what a worker gave back unharmed does not count
 * @param maxAttempts how many attempts may fail
 * @param progress from 0 to 1, as the handler says
 * @param queuePosition 1 for the next of its type; 0 unless queued
 * @param worker the name of the worker that has it or had it last, or null
 * @param createdAt when it was accepted
 * @param startedAt when its latest attempt began, or null
 * @param finishedAt when it reached a final state, or null
 * @param timeout how long one attempt may run
 */
public record Job(
        String id,
        String type,
        JobState state,
        Map<String, String> options,
        Blob payload,
        Blob result,
        JobError error,
        int attempt,
        int maxAttempts,
        double progress,
        int queuePosition,
        String worker,
        Instant createdAt,
        Instant startedAt,
        Instant finishedAt,
        Duration timeout) {
    /** Checks that nothing is missing and copies the options. */
    public Job {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(timeout, "timeout");
        options = Map.copyOf(options);
    }

    /**
     * How long the latest attempt ran, or runs.
     *
     * @return zero before the first start
     */
    public Duration runTime() {
        if (startedAt == null) {
            return Duration.ZERO;
        }
        return Duration.between(startedAt, finishedAt == null ? Instant.now() : finishedAt);
    }
}
