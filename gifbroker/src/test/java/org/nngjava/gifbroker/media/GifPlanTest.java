package org.nngjava.gifbroker.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GifPlanTest {
    private static final MediaLimits LIMITS = MediaLimits.defaults();

    @ParameterizedTest
    @CsvSource({
        "1920, 1080, , 480, 270",
        "320, 240, , 320, 240",
        "1080, 1920, , 480, 853",
        "1080, 1920, 200, 200, 356",
        "100, 51, 333, 333, 170",
        "2, 2, , 2, 2",
        "1, 8192, , 1, 8192",
        "16, 8192, , 16, 8192",
        "1000, 8192, , 480, 3932",
        "300, 8192, , 300, 8192",
        "8192, 1, , 480, 1"
    })
    void theSizeKeepsTheShape(int movieWidth, int movieHeight, Integer asked, int width, int height) throws Exception {
        GifPlan plan = plan(
                movie(movieWidth, movieHeight, 3),
                asked == null ? GifOptions.defaults() : asked(Map.of("width", "" + asked)));

        assertThat(plan.width()).isEqualTo(width);
        assertThat(plan.height()).isEqualTo(height);
    }

    @Test
    void aDefaultSizeFitsTheLimitAndAnAskedOneThatDoesNotIsRefused() throws Exception {
        MediaLimits small = LIMITS.withMaxGifPixels(10_000);
        GifPlan plan = GifPlan.of(movie(1920, 1080, 3), GifOptions.defaults(), small);
        assertThat(plan.width() * plan.height()).isBetween(9_500, 10_000);

        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> GifPlan.of(movie(1920, 1080, 3), GifOptions.parse(Map.of("width", "480")), small))
                .withMessageContaining("480x270")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(MediaException.Kind.LIMIT));
    }

    @ParameterizedTest
    @CsvSource({
        // fps, duration, frames, hundredths of a second for the last one
        "12.5, 2, 25, 8",
        "12.5, 1.5, 19, 6",
        "10, 1.1, 11, 10",
        "10, 1.05, 10, 15",
        "8, 2, 16, 12",
        "50, 0.05, 2, 3",
        "1, 0.2, 1, 20",
        "30, 2, 60, 3"
    })
    void theLastFrameStaysUntilTheAskedDurationIsOver(double fps, double seconds, int frames, int delay)
            throws Exception {
        GifPlan plan = plan(movie(160, 120, 10), asked(Map.of("fps", "" + fps, "duration", "" + seconds)));

        assertThat(plan.frames()).isEqualTo(frames);
        assertThat(plan.finalDelay()).isEqualTo(delay);
        assertThat(plan.shortened()).isFalse();
    }

    @Test
    void aLongMovieIsShortenedToTheLimitAndSaysSo() throws Exception {
        GifPlan plan = plan(movie(160, 120, 1000), GifOptions.defaults());

        assertThat(plan.frames()).isEqualTo(750);
        assertThat(plan.shortened()).isTrue();
        assertThat(plan(movie(160, 120, 60), GifOptions.defaults()).shortened()).isFalse();
        assertThat(plan(movie(160, 120, 1000), asked(Map.of("start", "950"))).shortened())
                .isFalse();
    }

    @Test
    void fewFramesAreHeldAndManyAreReadTwice() throws Exception {
        assertThat(plan(movie(1920, 1080, 10), GifOptions.defaults()).holdsFrames())
                .isTrue();
        assertThat(plan(movie(1920, 1080, 10), asked(Map.of("width", "1920", "fps", "50")))
                        .holdsFrames())
                .isFalse();
        assertThat(plan(movie(1920, 1080, -1), GifOptions.defaults()).holdsFrames())
                .isFalse();
    }

    @Test
    void whatRunsBackwardsIsHeldAndNoMoreThanTheMemoryAllows() throws Exception {
        GifOptions backwards = asked(Map.of("reverse", "true"));
        MediaLimits limits = LIMITS.withMemory(4L * 160 * 120 * 4 * 30);
        GifPlan plan = GifPlan.of(movie(160, 120, 2), backwards, limits);

        assertThat(plan.holdsFrames()).isTrue();
        // However long the movie really is.
        assertThat(plan.framesRead()).isEqualTo(30);
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> GifPlan.of(movie(160, 120, 3), backwards, limits))
                .withMessage(
                        "reverse: all frames are held in memory, at most 30 of 160x120; ask for less duration, fps or width")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(MediaException.Kind.LIMIT));
    }

    @Test
    void theSidesOfAnMp4AreEven() throws Exception {
        GifPlan plan = plan(movie(333, 111, 2), asked(Map.of("format", "mp4", "width", "101")));

        assertThat(plan.width() % 2 + plan.height() % 2).isZero();
        assertThat(plan.width()).isBetween(100, 102);
    }

    @Test
    void aStartBeyondTheEndIsRefusedByName() {
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> plan(movie(160, 120, 10), asked(Map.of("start", "10"))))
                .withMessage("start: 10 s is beyond the movie's end at 10 s")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(MediaException.Kind.START_BEYOND_END));
    }

    @Test
    void ffmpegIsToldToReadThatContainerAndNothingElse() throws Exception {
        FfmpegArguments arguments =
                new FfmpegArguments(plan(movie(160, 120, 10), GifOptions.defaults()), Path.of("/work/m"));

        for (List<String> command : List.of(
                arguments.inOneProcess(Path.of("/work/g")),
                arguments.firstPass(Path.of("/work/p")),
                arguments.secondPass(Path.of("/work/p"), Path.of("/work/g")),
                arguments.webp(Path.of("/work/g")),
                arguments.mp4(Path.of("/work/g")).get(0))) {
            int input = command.indexOf("file:/work/m");
            assertThat(command.subList(0, input))
                    .containsSequence("-protocol_whitelist", "file,pipe", "-format_whitelist", "mov", "-max_pixels")
                    .containsSequence("-f", "mov")
                    .containsSequence("-an", "-sn", "-dn")
                    .containsSubsequence("-t", "61", "-i");
        }
    }

    @Test
    void aContainerThatCannotSeekIsReadFromTenSecondsBefore() throws Exception {
        Movie stream = new Movie(MovieContainer.MPEG_TS, 0, "h264", 160, 120, 160 * 120, OptionalDouble.of(60));
        GifOptions options = asked(Map.of("start", "30", "duration", "2"));

        assertThat(inOneProcess(plan(stream, options)))
                .containsSequence("-ss", "20", "-t", "13", "-i")
                .anyMatch(argument -> argument.startsWith("[0:0]trim=start=10,setpts=PTS-10/TB,fps=fps=12.5:"));
        assertThat(plan(stream, options).jumps()).isTrue();
        GifPlan all = plan(movie(160, 120, 60), options).withoutSeeking();
        assertThat(all.jumps()).isFalse();
        assertThat(inOneProcess(all)).doesNotContain("-ss").containsSequence("-t", "33", "-i");
    }

    private static List<String> inOneProcess(GifPlan plan) {
        return new FfmpegArguments(plan, Path.of("/m")).inOneProcess(Path.of("/g"));
    }

    private static GifOptions asked(Map<String, String> options) throws InvalidOptionException {
        return GifOptions.parse(options);
    }

    private static GifPlan plan(Movie movie, GifOptions options) throws MediaException {
        return GifPlan.of(movie, options, LIMITS);
    }

    private static Movie movie(int width, int height, double seconds) {
        return new Movie(
                MovieContainer.MP4,
                0,
                "h264",
                width,
                height,
                (long) width * height,
                seconds < 0 ? OptionalDouble.empty() : OptionalDouble.of(seconds));
    }
}
