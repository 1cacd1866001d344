package org.nngjava.gifbroker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.gifbroker.AnimatedGif;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.http.Json;
import org.nngjava.gifbroker.media.TestMovies;
import org.nngjava.gifbroker.media.WebpFacts;
import tools.jackson.databind.JsonNode;

class ConvertTest {
    @TempDir
    Path directory;

    private Path movie;

    @BeforeEach
    void make() throws Exception {
        movie = Files.move(TestMovies.movie(directory, "mp4"), directory.resolve("my holiday.mp4"));
    }

    @Test
    void aGifLiesBesideItsMovie() throws Exception {
        CommandRun run = CommandRun.of("convert", movie.toString());

        assertThat(run.exitCode()).isZero();
        Path gif = directory.resolve("my holiday.gif");
        assertThat(run.out()).startsWith(gif.toString());
        assertThat(AnimatedGif.read(Files.readAllBytes(gif))).isEqualTo(new AnimatedGif(160, 120, 25, 200));
        assertThat(RunningApp.files(directory)).containsExactlyInAnyOrder(movie, gif);
    }

    @Test
    void optionsSayWhatItIs() throws Exception {
        Path gif = directory.resolve("out.gif");

        CommandRun run = CommandRun.of(
                "convert",
                movie.toString(),
                "-o",
                gif.toString(),
                "--width",
                "80",
                "--fps",
                "10",
                "--start",
                "0:00.5",
                "--duration",
                "1");

        assertThat(run.exitCode()).isZero();
        assertThat(AnimatedGif.read(Files.readAllBytes(gif))).isEqualTo(new AnimatedGif(80, 60, 10, 100));
    }

    @Test
    void theEndingOfTheOutputSaysWhatComesOut() throws Exception {
        Path webp = directory.resolve("clip.webp");
        Path mp4 = directory.resolve("clip.MP4");

        assertThat(CommandRun.of("convert", movie.toString(), "-o", webp.toString(), "--height", "60")
                        .exitCode())
                .isZero();
        assertThat(CommandRun.of("convert", movie.toString(), "-o", mp4.toString(), "--reverse")
                        .exitCode())
                .isZero();
        assertThat(CommandRun.of("convert", movie.toString(), "--format", "webp", "--speed", "2")
                        .exitCode())
                .isZero();

        assertThat(WebpFacts.of(Files.readAllBytes(webp))).isEqualTo(new WebpFacts(80, 60, 25, 2000, 0));
        assertThat(Files.readAllBytes(mp4)).containsSequence("ftypisom".getBytes(StandardCharsets.US_ASCII));
        assertThat(WebpFacts.of(Files.readAllBytes(directory.resolve("my holiday.webp")))
                        .milliseconds())
                .isBetween(1000, 1040);
    }

    @Test
    void theLimitsAreThoseOfTheFlags() throws Exception {
        Path gif = directory.resolve("out.gif");
        String[] convert = {"convert", movie.toString(), "-o", gif.toString(), ""};

        convert[4] = "--max-duration=0.8s";
        assertThat(CommandRun.of(convert).exitCode()).isZero();
        assertThat(AnimatedGif.read(Files.readAllBytes(gif)).hundredths()).isEqualTo(80);
        for (String[] tooMuch : new String[][] {
            {"--max-output=20K", "The GIF is bigger than 20 KiB"},
            {"--max-pixels=100x100", "160x120 is too big, at most 10000 pixels"},
            {"--max-upload=1K", "The movie is bigger than 1 KiB"}
        }) {
            convert[4] = tooMuch[0];
            CommandRun refused = CommandRun.of(convert);
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).contains(tooMuch[1]);
        }
        CommandRun misused = CommandRun.of("convert", movie.toString(), "--duration=2", "--max-frames=10");
        assertThat(misused.exitCode()).isEqualTo(2);
        assertThat(misused.err()).contains("25 frames, a GIF may have at most 10");
    }

    @Test
    void severalMoviesGoToADirectory() throws Exception {
        Path second = TestMovies.movie(directory, "webm");
        Path output = directory.resolve("gifs");

        CommandRun run =
                CommandRun.of("convert", movie.toString(), second.toString(), "-o", output.toString(), "--width", "32");

        assertThat(run.exitCode()).isZero();
        assertThat(RunningApp.files(output))
                .extracting(file -> file.getFileName().toString())
                .containsExactlyInAnyOrder("my holiday.gif", "movie-2.0.gif");
    }

    @Test
    void ofSeveralMoviesItIsShownWhichOneIsAtHand() throws Exception {
        Path second = TestMovies.movie(directory, "webm");
        try (RoleProcess convert =
                RoleProcess.launch(directory.resolve("tmp"), "convert", movie.toString(), second.toString())) {
            assertThat(convert.exitCode(Duration.ofMinutes(1))).isZero();

            assertThat(convert.log()).contains("1 of 2  my holiday.mp4: ");
            assertThat(convert.output().lines()).hasSize(2);
        }
    }

    @Test
    void oneThatFailsDoesNotKeepTheOthersBack() throws Exception {
        Path text = Files.writeString(directory.resolve("diary.mp4"), "Dear diary, this is not a movie.");

        CommandRun run = CommandRun.of(
                "convert",
                text.toString(),
                directory.resolve("missing.mp4").toString(),
                movie.toString(),
                "--width",
                "32");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("diary.mp4: This is text", "missing.mp4: no such file");
        assertThat(run.out()).contains("my holiday.gif");
        assertThat(Files.exists(directory.resolve("diary.gif"))).isFalse();
    }

    @Test
    void aServerCanDoIt() throws Exception {
        try (RunningApp app = RunningApp.start(directory.resolve("data"), settings -> {})) {
            Path gif = directory.resolve("out.gif");

            CommandRun run = CommandRun.of(
                    "convert",
                    "--server",
                    app.uri("/").toString(),
                    movie.toString(),
                    "-o",
                    gif.toString(),
                    "--width",
                    "64",
                    "--json");

            assertThat(run.exitCode()).isZero();
            JsonNode done = Json.read(run.out().getBytes(StandardCharsets.UTF_8), JsonNode.class);
            assertThat(done.get("gif").asString()).isEqualTo(gif.toString());
            assertThat(done.get("bytes").asLong()).isEqualTo(Files.size(gif));
            assertThat(done.get("worker").asString()).startsWith("local-");
            assertThat(AnimatedGif.read(Files.readAllBytes(gif)).width()).isEqualTo(64);

            CommandRun refused = CommandRun.of(
                    "convert",
                    "--server",
                    app.uri("/").toString(),
                    Files.writeString(directory.resolve("empty.mp4"), "").toString());
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).contains("empty.mp4: ", "There is no movie in the request");
        }
    }

    @Test
    void aServerThatIsNotThereIsSaid() {
        CommandRun run = CommandRun.of("convert", "--server", "http://127.0.0.1:1", movie.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("no server answers at http://127.0.0.1:1/");
    }

    @Test
    void wrongUsageIsToldFromFailure() {
        for (List<String> arguments : List.of(
                List.<String>of(),
                List.of(movie.toString(), "--width", "wide"),
                List.of(movie.toString(), "--duration", "0"),
                List.of(movie.toString(), "--crop", "half"),
                List.of(movie.toString(), "--quality", "good"),
                List.of(movie.toString(), "--format", "gif", "-o", "clip.webp"),
                List.of(movie.toString(), "--loop", "3", "-o", "clip.mp4"),
                List.of(movie.toString(), "--server", "nonsense"),
                List.of(movie.toString(), "--nonsense"),
                List.of(movie.toString(), "-o", movie.toString()),
                List.of(
                        movie.toString(),
                        directory.resolve("other/my holiday.avi").toString(),
                        "-o",
                        directory.resolve("gifs").toString()))) {
            CommandRun run = CommandRun.of(
                    Stream.concat(Stream.of("convert"), arguments.stream()).toArray(String[]::new));

            assertThat(run.exitCode()).as(arguments.toString()).isEqualTo(2);
            assertThat(run.err()).contains("Try 'gifbroker convert --help'.");
        }
    }
}
