package org.nngjava.gifbroker.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.HashMap;
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
        Map<String, String> asked = new HashMap<>(Map.of("width", "320", "height", "200", "fps", "12.5"));
        asked.putAll(Map.of("start", "0.5", "duration", "1:30", "crop", "100:50:7:0", "speed", "0.5"));
        asked.putAll(
                Map.of("reverse", "true", "loop", "3", "quality", "best", "caption", " a\n%{n} ", "format", "webp"));

        assertThat(GifOptions.parse(asked))
                .isEqualTo(new GifOptions(
                        320,
                        200,
                        12.5,
                        Duration.ofMillis(500),
                        Duration.ofSeconds(90),
                        new Crop(100, 50, 7, 0),
                        0.5,
                        true,
                        3,
                        Quality.BEST,
                        "a\n%{n}",
                        OutputFormat.WEBP));
        assertThat(asked.keySet()).containsExactlyInAnyOrderElementsOf(GifOptions.NAMES);
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
        "height, 15",
        "crop, 100",
        "crop, 0:10",
        "crop, 10:10:1",
        "crop, '10:10:-1:0'",
        "crop, 'iw/2:ih/2'",
        "speed, 0.2",
        "speed, 4.1",
        "speed, fast",
        "reverse, yes",
        "reverse, ''",
        "loop, -1",
        "loop, 1001",
        "quality, Best",
        "caption, ' '",
        "caption, '\u6f22'",
        "caption, '\u0007'",
        "format, avi",
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
    void aCaptionIsNotTooLong() throws Exception {
        GifOptions.parse(Map.of("caption", "x".repeat(200)));
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> GifOptions.parse(Map.of("caption", "x".repeat(201))))
                .withMessage("caption: is longer than 200 characters");
    }

    @Test
    void anMp4DoesNotLoopByItself() {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> GifOptions.parse(Map.of("format", "mp4", "loop", "2")))
                .withMessageStartingWith("loop: an MP4");
    }

    @Test
    void whatAStrangerWroteIsCutAndCleanedInTheMessage() {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> GifOptions.parse(Map.of("width", "\u001b[2J\r\n" + "9".repeat(10_000))))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(150).doesNotContainPattern("\\p{Cntrl}"));
    }

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        Map<String, String> written = new HashMap<>(Map.of("width", "100", "height", "20", "fps", "33.333"));
        written.putAll(Map.of("start", "1.25", "duration", "3", "crop", "100:50", "speed", "1.5", "reverse", "false"));
        written.putAll(Map.of("loop", "0", "quality", "small", "caption", "x: 'y',\nz", "format", "gif"));

        assertThat(GifOptions.parse(written).toMap()).isEqualTo(written);
    }

    @Test
    void optionsThatMeanTheSameAreEqualInTheirCanonicalForm() throws Exception {
        Map<String, String> usual =
                new HashMap<>(Map.of("fps", "12.5", "start", "0", "speed", "1", "reverse", "false"));
        usual.putAll(Map.of("loop", "0", "quality", "balanced", "format", "gif"));

        assertThat(GifOptions.parse(usual).canonical()).isEqualTo(GifOptions.defaults());
        assertThat(GifOptions.parse(Map.of("quality", "best", "fps", "20")).canonical())
                .isEqualTo(GifOptions.parse(Map.of("quality", "best")));
        assertThat(GifOptions.parse(Map.of("format", "mp4", "fps", "12.5"))
                        .canonical()
                        .toMap())
                .containsKey("fps");
    }

    @Test
    void moreThanTheLimitsAllowIsRefusedByName() throws Exception {
        MediaLimits limits =
                MediaLimits.defaults().withMaxDuration(Duration.ofSeconds(10)).withMaxFrames(100);
        limits.check(GifOptions.defaults());
        limits.check(GifOptions.parse(Map.of("duration", "8")));
        limits.check(GifOptions.parse(Map.of("duration", "16", "speed", "2")));

        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> limits.check(GifOptions.parse(Map.of("duration", "10.1"))))
                .withMessage("duration: 10.1 s is too long, a GIF may last at most 10 s");
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> limits.check(GifOptions.parse(Map.of("duration", "10", "fps", "25"))))
                .withMessageContaining("250 frames")
                .withMessageContaining("at most 100");
    }
}
