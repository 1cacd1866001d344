package org.nngjava.gifbroker.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GifOptionsTest {
    @Test
    void nothingAskedForIsLeftToTheDefaults() throws Exception {
        assertThat(GifOptions.parse(Map.of())).isEqualTo(GifOptions.defaults());
        assertThat(GifOptions.defaults().toMap()).isEmpty();
    }

    @Test
    void allThatIsAskedForIsRead() throws Exception {
        GifOptions options =
                GifOptions.parse(Map.of("width", "320", "fps", "12.5", "start", "0.5", "duration", "1:30"));

        assertThat(options).isEqualTo(new GifOptions(320, 12.5, Duration.ofMillis(500), Duration.ofSeconds(90)));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "2.5, 2500",
        "90, 90000",
        "1:30, 90000",
        "0:01:30.25, 90250",
        "90:00, 5400000",
        "1:00:00, 3600000",
        "0:5, 5000",
        "0.001, 1"
    })
    void aTimeIsSecondsOrAClock(String text, long millis) throws Exception {
        assertThat(GifOptions.parse(Map.of("start", text)).start()).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({
        "width, 15",
        "width, 1921",
        "width, 480.5",
        "width, -100",
        "width, 99999999999",
        "width, wide",
        "width, ''",
        "fps, 0",
        "fps, 0.9",
        "fps, 50.1",
        "fps, NaN",
        "fps, 1e1",
        "fps, 25/2",
        "fps, '12,5'",
        "fps, +10",
        "start, -1",
        "start, 1:60",
        "start, 1:2:3:4",
        "start, soon",
        "start, 999999999",
        "start, ' 1'",
        "duration, 0",
        "duration, 0.0000001",
        "duration, -2",
        "duration, 0:00",
        "duration, 1s",
        "duration, '1;ls'",
        "with, 100",
        "filter, null"
    })
    void aBadOptionIsNamed(String name, String value) {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> GifOptions.parse(Map.of(name, value)))
                .withMessageStartingWith(name + ": ")
                .satisfies(e -> assertThat(e.name()).isEqualTo(name));
    }

    @Test
    void whatAStrangerWroteIsCutAndCleanedInTheMessage() {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> GifOptions.parse(Map.of("width", "\u001b[2J\r\n" + "9".repeat(10_000))))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(150).doesNotContainPattern("\\p{Cntrl}"));
    }

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        GifOptions options = new GifOptions(100, 33.333, Duration.ofMillis(1250), Duration.ofSeconds(3));

        assertThat(options.toMap())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("width", "100", "fps", "33.333", "start", "1.25", "duration", "3"));
        assertThat(GifOptions.parse(options.toMap())).isEqualTo(options);
    }

    @Test
    void moreThanTheLimitsAllowIsRefusedByName() throws Exception {
        MediaLimits limits =
                MediaLimits.defaults().withMaxDuration(Duration.ofSeconds(10)).withMaxFrames(100);
        limits.check(GifOptions.defaults());
        limits.check(GifOptions.parse(Map.of("duration", "8")));

        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> limits.check(GifOptions.parse(Map.of("duration", "10.1"))))
                .withMessage("duration: 10.1 s is too long, a GIF may last at most 10 s");
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> limits.check(GifOptions.parse(Map.of("duration", "10", "fps", "25"))))
                .withMessageContaining("250 frames")
                .withMessageContaining("at most 100");
    }
}
