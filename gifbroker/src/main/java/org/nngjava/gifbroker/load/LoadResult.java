package org.nngjava.gifbroker.load;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one worker measured.
 *
 * @param nanos from its first request to its last answer
 * @param statuses how many answers had which status
 * @param failures how many requests had no answer, by reason
 * @param bytes the bodies' length, in all
 * @param latencies of the answers, in microseconds: an HdrHistogram, compressed, in base64
 */
public record LoadResult(
        long nanos, Map<Integer, Long> statuses, Map<String, Long> failures, long bytes, String latencies) {
    /** Sorts statuses and reasons. */
    public LoadResult {
        statuses = new TreeMap<>(statuses);
        failures = new TreeMap<>(failures);
    }
}
