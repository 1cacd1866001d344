package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.nngjava.workers.Backoff;
import org.nngjava.workers.Blob;
import org.nngjava.workers.StoredJob;

/**
 * A job before it has an id.
 *
 * @param type says which handler runs it
 * @param options for the handler
 * @param payload where the payload is stored, or null
 * @param smallPayload the payload if it is small, or null; at most one of the two is given
 * @param maxAttempts how many attempts may fail
 * @param timeout how long one may run
 * @param priority the higher, the earlier
 * @param labels for whoever reads the job
 * @param key tells it from a job that is submitted again, or null
 * @param backoff how long it waits after an attempt that failed
 * @param dueAt when it may be started at the earliest, or null for at once
 * @param done the job whose result will do, as it is stored, or null
 */
public record Submission(
        String type,
        Map<String, String> options,
        Blob payload,
        ByteBuffer smallPayload,
        int maxAttempts,
        Duration timeout,
        int priority,
        Set<String> labels,
        String key,
        Backoff backoff,
        Instant dueAt,
        StoredJob done) {}
