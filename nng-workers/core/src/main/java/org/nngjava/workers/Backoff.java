package org.nngjava.workers;

import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * How long a job waits after an attempt that failed: a first time, doubled by each failure that follows, up to a longest. The wait is a
 * random time between half of that and all of it, so that jobs which failed together do not come back together.
 *
 * @param first after the first failure, at most; zero for no wait at all
 * @param longest however many failures there were
 */
public record Backoff(Duration first, Duration longest) {
    /** A quarter of a second at first, half a minute at last. */
    public static final Backoff DEFAULT = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(30));

    /** More doublings than this lead beyond any {@link #longest}. */
    private static final int DOUBLINGS = 50;

    /** Checks the limits. */
    public Backoff {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(longest, "longest");
        if (first.isNegative() || longest.compareTo(first) < 0 || longest.compareTo(JobRequest.LONGEST_WAIT) > 0) {
            throw new IllegalArgumentException("a backoff from " + first + " to " + longest);
        }
    }

    /**
     * Chooses how long to wait.
     *
     * @param failures how many attempts failed so far, 1 at least
     * @param random decides within the limits
     * @return between half and all of the time for so many failures, in whole milliseconds
     */
    public Duration after(int failures, RandomGenerator random) {
        long most = longest.toMillis();
        long millis = first.toMillis();
        for (int i = 1; i < Math.min(failures, DOUBLINGS) && millis < most; i++) {
            millis *= 2;
        }
        long whole = Math.min(millis, most);
        return Duration.ofMillis(whole - random.nextLong(whole / 2 + 1));
    }
}
