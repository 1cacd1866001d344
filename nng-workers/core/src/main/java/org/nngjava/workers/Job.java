package org.nngjava.workers;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What is known of a job at one moment. A snapshot: it does not change when the job does.
 *
 * @param id unique and, as text, in the order of submission
 * @param type says which handler runs it
 * @param state where it stands
 * @param options what the submitter says to the handler
 * @param payload what to work on, or null if the job has none or it is deleted (as soon as the job has succeeded or is cancelled)
 * @param result what came out, or null
 * @param error why the last attempt failed, or null
 * @param attempt how often it was started; what a worker gave back unharmed does not count
 * @param maxAttempts how many attempts may fail, since it was submitted or requeued last
 * @param progress from 0 to 1, as the handler says
 * @param queuePosition 1 for the next of its type; 0 unless queued
 * @param worker the name of the worker that has it or had it last, or null
 * @param createdAt when it was accepted
 * @param startedAt when its latest attempt began, or null
 * @param finishedAt when it reached a final state, or null
 * @param timeout how long one attempt may run
 * @param priority the higher, the earlier it starts among those of its type
 * @param labels what the submitter marked it with
 * @param key what tells it from a job that is submitted again, or null
 * @param backoff how long it waits after an attempt that failed
 * @param dueAt when it is started at the earliest, if that is later than now or was when it was queued; else null
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
        Duration timeout,
        int priority,
        Set<String> labels,
        String key,
        Backoff backoff,
        Instant dueAt) {
    /** Checks that nothing is missing, copies options and labels, and knows what a job has that was stored before there were these. */
    public Job {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(timeout, "timeout");
        options = Map.copyOf(options);
        labels = labels == null ? Set.of() : Set.copyOf(labels);
        backoff = Objects.requireNonNullElse(backoff, Backoff.DEFAULT);
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
