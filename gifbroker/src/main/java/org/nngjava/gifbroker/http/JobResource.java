package org.nngjava.gifbroker.http;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.nngjava.gifbroker.GifJobHandler;
import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobError;
import org.nngjava.workers.JobState;

/**
 * A job as clients see it. What is not known yet is null, not absent.
 *
 * @param id as in the links
 * @param state {@code queued}, {@code running}, {@code succeeded}, {@code failed} or {@code cancelled}
 * @param type {@code gif}, {@code webhook} for a message about one, or what workers of others do
 * @param attempt how often it was started
 * @param maxAttempts how often it may be
 * @param progress 0 to 1
 * @param queuePosition 1 for the next in line; null unless queued
 * @param worker the name of the worker that has or had it
 * @param createdAt when it was accepted
 * @param startedAt when the latest attempt began
 * @param finishedAt when it came to its end
 * @param runTimeMs how long the latest attempt took, or has taken so far
 * @param options as asked for
 * @param resultBytes size of the GIF, or whatever the result is
 * @param error why it failed
 * @param links addresses on this server
 */
@JsonPropertyOrder({"id", "state", "type", "attempt", "maxAttempts", "progress", "queuePosition", "worker"})
public record JobResource(
        String id,
        String state,
        String type,
        int attempt,
        int maxAttempts,
        double progress,
        Integer queuePosition,
        String worker,
        Instant createdAt,
        Instant startedAt,
        Instant finishedAt,
        Long runTimeMs,
        Map<String, String> options,
        Long resultBytes,
        Problem error,
        Links links) {
    /**
     * Where to go on.
     *
     * @param self the job
     * @param events its changes as server-sent events
     * @param result the GIF, or whatever the result is; null until it is there
     * @param poster the first frame of a GIF as a JPEG; null until it is there
     */
    public record Links(String self, String events, String result, String poster) {}

    /** A job as it is now. */
    public static JobResource of(Job job) {
        Blob result = job.result();
        boolean gif = job.type().equals(GifJobHandler.TYPE);
        boolean failed = job.state() == JobState.FAILED;
        return new JobResource(
                job.id(),
                job.state().name().toLowerCase(Locale.ROOT),
                job.type(),
                job.attempt(),
                job.maxAttempts(),
                job.progress(),
                job.queuePosition() > 0 ? job.queuePosition() : null,
                job.worker(),
                toMillis(job.createdAt()),
                toMillis(job.startedAt()),
                toMillis(job.finishedAt()),
                job.startedAt() == null ? null : job.runTime().toMillis(),
                new TreeMap<>(job.options()),
                result == null ? null : result.size(),
                failed && job.error() != null ? problem(job.error(), gif) : null,
                links(job.id(), gif, result != null));
    }

    private static Links links(String id, boolean gif, boolean hasResult) {
        String result = hasResult ? result(id, gif) : null;
        return new Links(self(id), self(id) + "/events", result, gif && hasResult ? result + "/poster" : null);
    }

    /** Where a job is. */
    static String self(String id) {
        return "/v1/jobs/" + id;
    }

    private static String result(String id, boolean gif) {
        return gif ? "/v1/gifs/" + id : "/v1/work/" + id + "/result";
    }

    private static Problem problem(JobError error, boolean gif) {
        return gif ? Problem.of(error) : Problem.ofWork(error);
    }

    private static Instant toMillis(Instant time) {
        return time == null ? null : time.truncatedTo(ChronoUnit.MILLIS);
    }
}
