package org.nngjava.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Random random = new Random(1);

    @Test
    void theTimeDoublesUpToTheLongest() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));
        long[] whole = {100, 200, 400, 800, 1_000, 1_000};
        for (int failures = 1; failures <= whole.length; failures++) {
            Duration most = Duration.ofMillis(whole[failures - 1]);
            for (int i = 0; i < 100; i++) {
                assertThat(backoff.after(failures, random)).isBetween(most.dividedBy(2), most);
            }
        }
        assertThat(backoff.after(Integer.MAX_VALUE, random)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    @Test
    void jobsThatFailedTogetherDoNotComeBackTogether() {
        Set<Duration> waits = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            waits.add(Backoff.DEFAULT.after(3, random));
        }
        assertThat(waits).hasSizeGreaterThan(50);
    }

    @Test
    void noWaitAtAllIsAllowedAndNonsenseIsNot() {
        assertThat(new Backoff(Duration.ZERO, Duration.ZERO).after(5, random)).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Duration.ofSeconds(-1), Duration.ofSeconds(1)));
    }
}
