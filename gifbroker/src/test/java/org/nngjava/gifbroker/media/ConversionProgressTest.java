package org.nngjava.gifbroker.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConversionProgressTest {
    private final AtomicLong clock = new AtomicLong();

    @Test
    void itRisesWithFramesReadThenWithTheClockThenWithTimeWritten() {
        ConversionProgress progress = new ConversionProgress(OptionalDouble.of(10), true, clock::get);
        assertThat(progress.fraction()).isZero();

        double last = 0;
        for (int i = 1; i <= 10; i++) {
            clock.addAndGet(100_000_000);
            progress.line("frame:" + i + "    pts:" + i + "       pts_time:" + i);
            progress.line("seen=1");
            progress.line("out_time_us=N/A");
            assertThat(progress.fraction()).isGreaterThan(last);
            last = progress.fraction();
        }
        for (int i = 0; i < 20; i++) {
            clock.addAndGet(500_000_000);
            assertThat(progress.fraction()).isGreaterThan(last).isLessThan(0.6);
            last = progress.fraction();
        }
        for (int i = 1; i <= 10; i++) {
            progress.line("frame=" + i * 10);
            progress.line("out_time_us=" + i * 1_000_000);
            assertThat(progress.fraction()).isGreaterThan(last).isLessThan(1);
            last = progress.fraction();
        }
        assertThat(last).isGreaterThan(0.98);
        assertThat(progress.frames()).isEqualTo(100);
    }

    @Test
    void aMovieShorterThanItClaimsIsFinishedAllTheSame() {
        ConversionProgress progress = new ConversionProgress(OptionalDouble.of(100), true, clock::get);
        progress.line("frame:24 pts:24 pts_time:2");
        progress.line("out_time_us=1000000");

        assertThat(progress.fraction()).isBetween(0.7, 0.85);
    }

    @Test
    void aMovieOfUnknownLengthNeverLooksFinished() {
        ConversionProgress progress = new ConversionProgress(OptionalDouble.empty(), true, clock::get);
        double last = -1;
        for (int i = 0; i < 100; i++) {
            progress.line("frame:1 pts:1 pts_time:" + i);
            assertThat(progress.fraction()).isGreaterThan(last).isLessThan(0.45);
            last = progress.fraction();
        }
    }

    @Test
    void whatIsWrittenWhileItIsReadCountsAsItIsRead() {
        ConversionProgress progress = new ConversionProgress(OptionalDouble.of(10), false, clock::get);
        for (int i = 1; i <= 10; i++) {
            progress.line("frame:" + i + " pts:" + i + " pts_time:" + i);
            progress.line("frame=1");
            progress.line("out_time_us=1000");
            clock.addAndGet(1_000_000_000);
            assertThat(progress.fraction()).isBetween(0.098 * i, 0.1 * i);
        }
        assertThat(progress.frames()).isEqualTo(10);
    }

    @Test
    void whatIsNoReportChangesNothing() {
        ConversionProgress progress = new ConversionProgress(OptionalDouble.of(10), true, clock::get);
        progress.line("pts_time:x");
        progress.line("out_time_us=-9223372036854775807");
        progress.line("");
        progress.line("[mov] pts_time");

        assertThat(progress.fraction()).isZero();
    }
}
