package org.nngjava.workers;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * All that a {@link JobStore} remembers of a job.
 *
 * @param job what everybody may see
 * @param lease the lease of the latest attempt, kept when the job is finished since its token tells a repeated result from a
 *     stale one; null before the first
 * @param failures how many attempts failed
 * @param deaths the tokens of the attempts whose worker never came back
 * @param dueAt when it may be started at the earliest, or null for at once
 * @param smallPayload the payload's bytes where they are few, else null: then they are in the {@link BlobStore}
 * @param smallResult the result's bytes where they are few, else null
 */
public record StoredJob(
        Job job,
        Lease lease,
        int failures,
        List<String> deaths,
        Instant dueAt,
        ByteBuffer smallPayload,
        ByteBuffer smallResult) {
    /** Checks that nothing is missing, and makes the buffers read-only. */
    public StoredJob {
        Objects.requireNonNull(job, "job");
        deaths = List.copyOf(deaths);
        smallPayload = smallPayload == null ? null : smallPayload.asReadOnlyBuffer();
        smallResult = smallResult == null ? null : smallResult.asReadOnlyBuffer();
    }
}
