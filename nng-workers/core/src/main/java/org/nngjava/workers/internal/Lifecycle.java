package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobError;
import org.nngjava.workers.JobState;
import org.nngjava.workers.Lease;
import org.nngjava.workers.StoredJob;

/** What a job becomes by each thing that can happen to it. Pure: takes a job, gives the next. */
final class Lifecycle {
    private Lifecycle() {}

    static StoredJob submitted(String id, Submission asked, Blob payload, Instant now) {
        Job job = new Job(
                id,
                asked.type(),
                JobState.QUEUED,
                asked.options(),
                payload,
                null,
                null,
                0,
                asked.maxAttempts(),
                0,
                0,
                null,
                now,
                null,
                null,
                asked.timeout(),
                asked.priority(),
                asked.labels(),
                asked.key(),
                asked.backoff(),
                null);
        return new StoredJob(job, null, 0, List.of(), asked.dueAt(), asked.smallPayload(), null);
    }

    /** Another job has the result already: this one is finished before it began. */
    static StoredJob answered(StoredJob submitted, StoredJob done, Instant now) {
        Change change = new Change(submitted);
        Blob result = done.job().result();
        boolean small = done.smallResult() != null;
        change.state = JobState.SUCCEEDED;
        change.finishedAt = now;
        change.payload = null;
        change.smallPayload = null;
        change.progress = 1;
        change.result =
                small ? SmallBlobs.result(submitted.job().id(), done.smallResult(), result.contentType()) : result;
        change.smallResult = done.smallResult();
        return change.made();
    }

    static StoredJob started(StoredJob stored, Lease lease, String worker, Instant now) {
        Change change = new Change(stored).to(JobState.RUNNING);
        change.lease = lease;
        change.attempt = lease.attempt();
        change.worker = worker;
        change.startedAt = now;
        return change.made();
    }

    /** The worker did not really begin: the attempt does not count. */
    static StoredJob givenBack(StoredJob stored) {
        Change change = new Change(stored).to(JobState.QUEUED);
        change.attempt--;
        return change.made();
    }

    /** The worker died, or is silent for too long. Too many of these and the job is given up as poison. */
    static StoredJob orphaned(StoredJob stored, int allowedDeaths, Instant now) {
        List<String> deaths = new ArrayList<>(stored.deaths());
        deaths.add(stored.lease().token());
        boolean poison = deaths.size() >= allowedDeaths;
        Change change =
                poison ? new Change(stored).finished(JobState.FAILED, now) : new Change(stored).to(JobState.QUEUED);
        change.deaths = deaths;
        if (poison) {
            String message = deaths.size() + " workers died or fell silent while they had this job";
            change.error = new JobError(JobError.POISON, message, true);
        }
        return change.made();
    }

    /** A worker that was given up for dead speaks again: its death does not count any more. */
    static StoredJob exonerated(StoredJob stored, String token) {
        Change change = new Change(stored);
        change.deaths = new ArrayList<>(stored.deaths());
        change.deaths.remove(token);
        change.dueAt = stored.dueAt();
        return change.made();
    }

    static StoredJob succeeded(StoredJob stored, Blob result, ByteBuffer smallResult, Instant now) {
        Change change = new Change(stored).finished(JobState.SUCCEEDED, now);
        change.progress = 1;
        change.error = null;
        change.result = result;
        change.smallResult = smallResult;
        return change.made();
    }

    /** An attempt failed: the job is tried again after a while, or given up. */
    static StoredJob failed(StoredJob stored, JobError error, Duration backoff, Instant now) {
        int failures = stored.failures() + 1;
        boolean givenUp = error.permanent() || failures >= stored.job().maxAttempts();
        Change change =
                givenUp ? new Change(stored).finished(JobState.FAILED, now) : new Change(stored).to(JobState.QUEUED);
        change.error = error;
        change.failures = failures;
        change.dueAt = givenUp ? null : now.plus(backoff);
        return change.made();
    }

    /** A dead letter that nobody will try again needs no payload. */
    static StoredJob abandoned(StoredJob stored) {
        Change change = new Change(stored);
        change.payload = null;
        change.smallPayload = null;
        return change.made();
    }

    static StoredJob cancelled(StoredJob stored, Instant now) {
        return new Change(stored).finished(JobState.CANCELLED, now).made();
    }

    /** A job that was given up gets as many attempts as at first. */
    static StoredJob requeued(StoredJob stored) {
        Change change = new Change(stored).to(JobState.QUEUED);
        change.failures = 0;
        change.deaths = List.of();
        change.finishedAt = null;
        return change.made();
    }

    /** A job as it is shown: with what changes too often to be saved. */
    static Job now(StoredJob stored, double progress, int position) {
        Change change = new Change(stored);
        change.progress = progress;
        change.position = position;
        return change.job(stored.dueAt());
    }

    /** A job on its way to another state. What is not said stays as it was, but progress and the time that it waits for. */
    private static final class Change {
        private final StoredJob before;
        private JobState state;
        private Lease lease;
        private Blob payload;
        private ByteBuffer smallPayload;
        private Blob result;
        private ByteBuffer smallResult;
        private JobError error;
        private int attempt;
        private int failures;
        private List<String> deaths;
        private double progress;
        private int position;
        private String worker;
        private Instant dueAt;
        private Instant startedAt;
        private Instant finishedAt;

        private Change(StoredJob stored) {
            before = stored;
            Job job = stored.job();
            state = job.state();
            lease = stored.lease();
            payload = job.payload();
            smallPayload = stored.smallPayload();
            result = job.result();
            smallResult = stored.smallResult();
            error = job.error();
            attempt = job.attempt();
            failures = stored.failures();
            deaths = stored.deaths();
            worker = job.worker();
            startedAt = job.startedAt();
            finishedAt = job.finishedAt();
        }

        private Change to(JobState next) {
            if (!state.allows(next)) {
                throw new IllegalStateException(
                        "job " + before.job().id() + " cannot go from " + state + " to " + next);
            }
            state = next;
            return this;
        }

        /** A payload that has served its purpose is named no more; a job that was given up may be tried again. */
        private Change finished(JobState how, Instant now) {
            to(how);
            finishedAt = now;
            if (how != JobState.FAILED) {
                payload = null;
                smallPayload = null;
            }
            return this;
        }

        private StoredJob made() {
            return new StoredJob(job(null), lease, failures, deaths, dueAt, smallPayload, smallResult);
        }

        private Job job(Instant shownDueAt) {
            Job job = before.job();
            return new Job(
                    job.id(),
                    job.type(),
                    state,
                    job.options(),
                    payload,
                    result,
                    error,
                    attempt,
                    job.maxAttempts(),
                    progress,
                    position,
                    worker,
                    job.createdAt(),
                    startedAt,
                    finishedAt,
                    job.timeout(),
                    job.priority(),
                    job.labels(),
                    job.key(),
                    job.backoff(),
                    shownDueAt);
        }
    }
}
