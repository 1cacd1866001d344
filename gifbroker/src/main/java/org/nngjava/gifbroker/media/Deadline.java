package org.nngjava.gifbroker.media;

import java.time.Duration;

/** A moment by the monotonic clock. */
record Deadline(long nanoTime) {
    static Deadline after(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /** Nanoseconds left, never negative. */
    long remainingNanos() {
        return Math.max(0, nanoTime - System.nanoTime());
    }

    boolean isOver() {
        return remainingNanos() == 0;
    }
}
