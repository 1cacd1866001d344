package org.nngjava.workers.internal;

import java.time.Duration;
import org.nngjava.workers.Latency;

/** Measures how long something takes, over the last one to two minutes: counts in buckets, eight for each doubling. */
final class Latencies {
    private static final long PERIOD_MILLIS = 60_000;
    private static final int STEPS = 8;
    private static final int STEP_BITS = 3;
    private static final int BUCKETS = STEPS * (Long.SIZE - STEP_BITS);

    private long[] before = new long[BUCKETS];
    private long[] current = new long[BUCKETS];
    private long longestBefore;
    private long longest;
    private long since;

    /** Begins to measure. */
    Latencies(long now) {
        since = now;
    }

    void add(Duration time, long now) {
        rotate(now);
        long micros = Math.max(0, time.toNanos() / 1_000);
        current[bucket(micros)]++;
        longest = Math.max(longest, micros);
    }

    Latency read(long now) {
        rotate(now);
        long count = 0;
        for (int i = 0; i < BUCKETS; i++) {
            count += before[i] + current[i];
        }
        long most = Math.max(longest, longestBefore);
        return count == 0
                ? Latency.NONE
                : new Latency(
                        count, Math.min(most, percentile(count, 50)), Math.min(most, percentile(count, 99)), most);
    }

    private void rotate(long now) {
        if (now - since < PERIOD_MILLIS) {
            return;
        }
        boolean recent = now - since < 2 * PERIOD_MILLIS;
        before = recent ? current : new long[BUCKETS];
        longestBefore = recent ? longest : 0;
        current = new long[BUCKETS];
        longest = 0;
        since = now - (now - since) % PERIOD_MILLIS;
    }

    private long percentile(long count, int percent) {
        long rank = Math.max(1, (count * percent + 99) / 100);
        long seen = 0;
        int bucket = -1;
        while (seen < rank) {
            bucket++;
            seen += before[bucket] + current[bucket];
        }
        return last(bucket);
    }

    private static int bucket(long micros) {
        if (micros < STEPS) {
            return (int) micros;
        }
        int doublings = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros) - STEP_BITS;
        return (doublings + 1) * STEPS + (int) (micros >>> doublings) - STEPS;
    }

    /** The last value of a bucket. */
    private static long last(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int doublings = bucket / STEPS - 1;
        return ((long) (bucket % STEPS + STEPS + 1) << doublings) - 1;
    }
}
