package org.nngjava.workers.internal;

import java.time.Duration;
import java.time.Instant;

/** A clock that goes on when told. */
final class FakeTime implements TimeSource {
    private long millis = 1_000_000;

    void advance(Duration time) {
        millis += time.toMillis();
    }

    @Override
    public long millis() {
        return millis;
    }

    @Override
    public Instant now() {
        return Instant.ofEpochMilli(1_800_000_000_000L + millis);
    }
}
