package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobError;
import org.nngjava.workers.JobState;
import org.nngjava.workers.Lease;
import org.nngjava.workers.StoredJob;

/** What a job becomes by each thing that can happen to it. Pure: takes a job, gives the next. */
final class Lifecycle {
    private Lifecycle() {}

    static StoredJob submitted(
            String id,
            String type,
            Map<String, String> options,
            Blob payload,
            ByteBuffer smallPayload,
            int maxAttempts,
            Duration timeout,
            Instant now) {
        Job job = new Job(
                id,
                type,
                JobState.QUEUED,
                options,
                payload,
                null,
                null,
                0,
                maxAttempts,
                0,
                0,
                null,
                now,
                null,
                null,
                timeout);
        return new StoredJob(job, null, 0, List.of(), null, smallPayload, null);
    }

    static StoredJob started(StoredJob stored, Lease lease, String worker, Instant now) {
        Job job = stored.job();
        Job running = new Job(
                job.id(),
                job.type(),
                next(job, JobState.RUNNING),
                job.options(),
                job.payload(),
                null,
                job.error(),
                lease.attempt(),
                job.maxAttempts(),
                0,
                0,
                worker,
                job.createdAt(),
                now,
                null,
                job.timeout());
        return new StoredJob(running, lease, stored.failures(), stored.deaths(), null, stored.smallPayload(), null);
    }

    /** The worker did not really begin: the attempt does not count. */
    static StoredJob givenBack(StoredJob stored) {
        Job job = stored.job();
        return queued(stored, job.attempt() - 1, job.error(), stored.failures(), stored.deaths(), null);
    }

    /** The worker died, or is silent for too long. Too many of these and the job is given up as poison. */
    static StoredJob orphaned(StoredJob stored, int allowedDeaths, Instant now) {
        List<String> deaths = new ArrayList<>(stored.deaths());
        deaths.add(stored.lease().token());
        Job job = stored.job();
        if (deaths.size() < allowedDeaths) {
            return queued(stored, job.attempt(), job.error(), stored.failures(), deaths, null);
        }
        JobError poison = new JobError(
                JobError.POISON, deaths.size() + " workers died or fell silent while they had this job", true);
        return finished(stored, JobState.FAILED, null, null, poison, stored.failures(), deaths, now);
    }

    /** A worker that was given up for dead speaks again: its death does not count any more. */
    static StoredJob exonerated(StoredJob stored, String token) {
        List<String> deaths = new ArrayList<>(stored.deaths());
        deaths.remove(token);
        return new StoredJob(
                stored.job(),
                stored.lease(),
                stored.failures(),
                deaths,
                stored.dueAt(),
                stored.smallPayload(),
                stored.smallResult());
    }

    static StoredJob succeeded(StoredJob stored, Blob result, ByteBuffer smallResult, Instant now) {
        return finished(stored, JobState.SUCCEEDED, result, smallResult, null, stored.failures(), stored.deaths(), now);
    }

    /** An attempt failed: the job is tried again after a while, or given up. */
    static StoredJob failed(StoredJob stored, JobError error, Duration backoff, Instant now) {
        Job job = stored.job();
        int failures = stored.failures() + 1;
        if (error.permanent() || failures >= job.maxAttempts()) {
            return finished(stored, JobState.FAILED, null, null, error, failures, stored.deaths(), now);
        }
        return queued(stored, job.attempt(), error, failures, stored.deaths(), now.plus(backoff));
    }

    static StoredJob cancelled(StoredJob stored, Instant now) {
        return finished(
                stored, JobState.CANCELLED, null, null, stored.job().error(), stored.failures(), stored.deaths(), now);
    }

    /** A job as it is shown: with what changes too often to be saved. */
    static Job now(Job job, double progress, int position) {
        return new Job(
                job.id(),
                job.type(),
                job.state(),
                job.options(),
                job.payload(),
                job.result(),
                job.error(),
                job.attempt(),
                job.maxAttempts(),
                progress,
                position,
                job.worker(),
                job.createdAt(),
                job.startedAt(),
                job.finishedAt(),
                job.timeout());
    }

    private static StoredJob queued(
            StoredJob stored, int attempt, JobError error, int failures, List<String> deaths, Instant dueAt) {
        Job job = stored.job();
        Job queued = new Job(
                job.id(),
                job.type(),
                next(job, JobState.QUEUED),
                job.options(),
                job.payload(),
                null,
                error,
                attempt,
                job.maxAttempts(),
                0,
                0,
                job.worker(),
                job.createdAt(),
                job.startedAt(),
                null,
                job.timeout());
        return new StoredJob(queued, stored.lease(), failures, deaths, dueAt, stored.smallPayload(), null);
    }

    /** The payload has served its purpose: a finished job names none. */
    private static StoredJob finished(
            StoredJob stored,
            JobState state,
            Blob result,
            ByteBuffer smallResult,
            JobError error,
            int failures,
            List<String> deaths,
            Instant now) {
        Job job = stored.job();
        Job finished = new Job(
                job.id(),
                job.type(),
                next(job, state),
                job.options(),
                null,
                result,
                error,
                job.attempt(),
                job.maxAttempts(),
                state == JobState.SUCCEEDED ? 1 : 0,
                0,
                job.worker(),
                job.createdAt(),
                job.startedAt(),
                now,
                job.timeout());
        return new StoredJob(finished, stored.lease(), failures, deaths, null, null, smallResult);
    }

    private static JobState next(Job job, JobState state) {
        if (!job.state().allows(state)) {
            throw new IllegalStateException("job " + job.id() + " cannot go from " + job.state() + " to " + state);
        }
        return state;
    }
}
