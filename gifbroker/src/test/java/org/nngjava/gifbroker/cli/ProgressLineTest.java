package org.nngjava.gifbroker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.gifbroker.http.JobResource;

class ProgressLineTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);

    @Test
    void aTerminalShowsABarAndHowLongItTakesStill() {
        ProgressLine line = new ProgressLine(out, true, "", "movie.mp4");

        line.show(running(0.25, 2000));

        assertThat(text())
                .startsWith("\r")
                .contains("movie.mp4", "25%", "6.0 s left", "\u2501\u2501\u2501")
                .doesNotContain("\n");
    }

    @Test
    void elsewhereALineIsShownForEachTenth() {
        ProgressLine line = new ProgressLine(out, false, "", "movie.mp4");

        line.show(job("queued", 0, null, 3));
        line.show(running(0.01, 100));
        line.show(running(0.09, 900));
        line.show(running(0.12, 1200));
        line.clear();

        assertThat(text().lines()).containsExactly("movie.mp4: queued, number 3", "movie.mp4: 0%", "movie.mp4: 10%");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofSeveralMoviesItIsShownWhichOneItIs(boolean terminal) {
        new ProgressLine(out, terminal, "3 of 12", "a-movie-with-a-very-long-name.mp4").show(running(0.25, 2000));

        assertThat(text()).contains("3 of 12  ", "-very-long-name.mp4");
    }

    @Test
    void timesAreAsExactAsTheyNeedToBe() {
        assertThat(ProgressLine.seconds(Duration.ofMillis(1234))).isEqualTo("1.2 s");
        assertThat(ProgressLine.seconds(Duration.ofMillis(12_345))).isEqualTo("12 s");
        assertThat(ProgressLine.seconds(Duration.ofSeconds(125))).isEqualTo("2 min 05 s");
    }

    private String text() {
        return shown.toString(StandardCharsets.UTF_8);
    }

    private static JobResource running(double progress, long milliseconds) {
        return job("running", progress, milliseconds, null);
    }

    private static JobResource job(String state, double progress, Long milliseconds, Integer position) {
        return new JobResource(
                "1",
                state,
                "gif",
                1,
                3,
                progress,
                position,
                "anna",
                Instant.EPOCH,
                null,
                null,
                milliseconds,
                Map.of(),
                null,
                null,
                null);
    }
}
