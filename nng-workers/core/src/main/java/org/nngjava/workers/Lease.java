package org.nngjava.workers;

import java.util.Objects;

/**
 * The right of one worker to one attempt at a job. Whoever shows the token has it; when a lease has ended its token is
 * stale, and what comes with it is refused.
 *
 * @param jobId the job
 * @param attempt counts the job's attempts
 * @param token random, so that it fences off every earlier holder
 * @param workerId the worker
 */
public record Lease(String jobId, int attempt, String token, String workerId) {
    /** Checks that nothing is missing. */
    public Lease {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(workerId, "workerId");
    }
}
