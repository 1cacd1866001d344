package org.nngjava;

import java.time.Duration;
import java.util.Objects;

/** {@code nng_duration}: milliseconds, with some numbers of special meaning. */
final class Timeouts {
    static final int INFINITE = -1;
    /** The time-out that is set on the socket or context. */
    static final int OF_SOCKET = -2;

    private Timeouts() {}

    /** NNG's number for a duration; the name that an exception gives to it is that of a parameter {@code timeout}. */
    static int millis(Duration duration) {
        Objects.requireNonNull(duration, "timeout");
        if (duration.isNegative()) {
            throw new IllegalArgumentException("negative duration: " + duration);
        }
        if (duration.equals(NngOptions.INFINITE)) {
            return INFINITE;
        }
        if (duration.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0) {
            return Integer.MAX_VALUE;
        }
        // Rounded up, so that a short time-out does not become a poll.
        return (int) duration.plusNanos(999_999).toMillis();
    }

    static Duration duration(int millis) {
        return millis == INFINITE ? NngOptions.INFINITE : Duration.ofMillis(millis);
    }
}
