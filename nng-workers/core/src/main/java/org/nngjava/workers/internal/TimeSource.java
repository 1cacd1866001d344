package org.nngjava.workers.internal;

import java.time.Instant;

/** Tells the time twice: for people, and for time-outs, which must not jump when the clock is set. */
public interface TimeSource {
    /** The system's clocks. */
    TimeSource SYSTEM = new TimeSource() {
        @Override
        public long millis() {
            return System.nanoTime() / 1_000_000;
        }

        @Override
        public Instant now() {
            return Instant.now();
        }
    };

    /**
     * The time for time-outs.
     *
     * @return in milliseconds since some moment; never goes back
     */
    long millis();

    /**
     * The time for people.
     *
     * @return the time of day
     */
    Instant now();
}
