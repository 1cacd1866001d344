package org.nngjava.workers.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.workers.Latency;

class LatenciesTest {
    private final Latencies latencies = new Latencies(0);

    @Test
    void percentilesAreExactToAnEighth() {
        for (int micros = 1; micros <= 10_000; micros++) {
            latencies.add(Duration.ofNanos(micros * 1_000L), 0);
        }
        Latency read = latencies.read(0);
        assertThat(read.count()).isEqualTo(10_000);
        assertThat(read.p50Micros()).isCloseTo(5_000, within(5_000L / 8));
        assertThat(read.p99Micros()).isCloseTo(9_900, within(9_900L / 8));
        assertThat(read.maxMicros()).isEqualTo(10_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, 8, 9, 15, 16, 17, 1_000, 1L << 40, Long.MAX_VALUE / 1_000})
    void oneValueIsItsOwnPercentile(long micros) {
        latencies.add(Duration.ofNanos(micros * 1_000), 0);
        assertThat(latencies.read(0)).isEqualTo(new Latency(1, micros, micros, micros));
    }

    @Test
    void aClockThatGoesBackIsNoTimeAtAll() {
        latencies.add(Duration.ofSeconds(-1), 0);
        assertThat(latencies.read(0)).isEqualTo(new Latency(1, 0, 0, 0));
    }

    @Test
    void whatIsLongAgoIsForgotten() {
        latencies.add(Duration.ofSeconds(1), 0);
        latencies.add(Duration.ofSeconds(2), 59_000);
        assertThat(latencies.read(119_000).count()).isEqualTo(2);
        assertThat(latencies.read(120_000)).isEqualTo(Latency.NONE);
        latencies.add(Duration.ofSeconds(3), 500_000);
        assertThat(latencies.read(500_000).maxMicros()).isEqualTo(3_000_000);
    }
}
