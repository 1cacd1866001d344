package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.nngjava.workers.Blob;

/**
 * A job before it has an id.
 *
 * @param type says which handler runs it
 * @param options for the handler
 * @param payload where the payload is stored, or null
 * @param smallPayload the payload if it is small, or null; at most one of the two is given
 * @param maxAttempts how many attempts may fail
 * @param timeout how long one may run
 */
public record Submission(
        String type,
        Map<String, String> options,
        Blob payload,
        ByteBuffer smallPayload,
        int maxAttempts,
        Duration timeout) {}
