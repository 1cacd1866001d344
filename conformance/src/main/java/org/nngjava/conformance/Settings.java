package org.nngjava.conformance;

import java.time.Duration;

/**
 * How long to wait, and how often to try.
 *
 * @param patience for what must happen: a slow machine needs more, a failing endpoint costs this much for each failure
 * @param silence for what must not happen, where no later event can prove that it did not
 * @param attempts how often a case is tried, each time with a new endpoint, before it has failed
 */
record Settings(Duration patience, Duration silence, int attempts) {
    static Settings usual() {
        return new Settings(Duration.ofSeconds(5), Duration.ofMillis(300), 1);
    }

    Settings withPatience(Duration time) {
        return new Settings(time, silence, attempts);
    }

    Settings withAttempts(int number) {
        return new Settings(patience, silence, number);
    }
}
