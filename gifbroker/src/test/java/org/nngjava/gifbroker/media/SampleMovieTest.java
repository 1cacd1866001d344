package org.nngjava.gifbroker.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleMovieTest {
    @TempDir
    Path directory;

    @Test
    void itIsAnH264MovieThatBecomesAGif() throws Exception {
        Path movie = directory.resolve("sample.mp4");

        SampleMovie.create(TestMovies.ffmpeg(), movie, Duration.ofMillis(1200));

        assertThat(TestMovies.run(List.of(
                        TestMovies.ffmpeg().ffprobe().toString(),
                        "-v",
                        "error",
                        "-show_entries",
                        "stream=codec_name,width,height,r_frame_rate",
                        "-of",
                        "csv=p=0",
                        movie.toString())))
                .isEqualToIgnoringNewLines("h264,480,270,25/1");
        Path gif = directory.resolve("sample.gif");
        new GifConverter(TestMovies.ffmpeg(), MediaLimits.defaults())
                .convert(movie, gif, GifOptions.defaults(), done -> {});
        GifFacts facts = GifFacts.of(gif);
        assertThat(facts.width()).isEqualTo(SampleMovie.WIDTH);
        assertThat(facts.height()).isEqualTo(SampleMovie.HEIGHT);
        assertThat(facts.seconds()).isCloseTo(1.2, within(0.0051));
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactlyInAnyOrder(movie, gif);
        }
    }
}
