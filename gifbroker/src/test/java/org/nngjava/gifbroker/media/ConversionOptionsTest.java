package org.nngjava.gifbroker.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked for is what comes out, to be seen in its pixels. */
class ConversionOptionsTest {
    private static final int BLACK = 16;

    @TempDir
    static Path movies;

    @TempDir
    Path directory;

    /** 160x120: its left half is dark, its right half gets lighter by 4 with each of 50 frames, 25 a second. */
    private static Path halves;

    @BeforeAll
    static void makeTheMovie() {
        halves = TestMovies.make(
                movies.resolve("halves.mp4"),
                "-f",
                "lavfi",
                "-i",
                "color=black:s=160x120:r=25:d=2,format=gray,geq=lum='if(lt(X,80),16,36+4*N)',format=yuv420p",
                "-c:v",
                "mpeg4",
                "-q:v",
                "1",
                "-g",
                "50");
    }

    @AfterEach
    void nothingIsLeftButTheResult() throws IOException {
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(path -> path.getFileName().toString())).isSubsetOf("out");
        }
    }

    @ParameterizedTest
    @CsvSource({
        // asked: width, height; the GIF of 160x120
        ", 60, 80, 60",
        "200, 60, 80, 60",
        "40, 60, 40, 30",
        "320, 400, 320, 240"
    })
    void whatIsAskedForAsHeightIsKept(String width, String height, int gifWidth, int gifHeight) throws Exception {
        convert(width == null ? options("height", height) : options("width", width, "height", height));

        assertThat(GifFacts.of(result()))
                .extracting(GifFacts::width, GifFacts::height)
                .containsExactly(gifWidth, gifHeight);
    }

    @Test
    void thePartThatIsAskedForIsShown() throws Exception {
        convert(options("crop", "40:60:80:0", "fps", "25"));

        GifFacts gif = GifFacts.of(result());
        assertThat(gif).extracting(GifFacts::width, GifFacts::height).containsExactly(40, 60);
        assertThat(grey(0, "crop=1:1:0:0")).isCloseTo(36, within(4));

        convert(options("crop", "61:41:20:7", "fps", "25", "width", "122"));
        assertThat(GifFacts.of(result()))
                .extracting(GifFacts::width, GifFacts::height)
                .containsExactly(122, 82);
        assertThat(grey(40, "crop=1:1:100:0")).isCloseTo(BLACK, within(3));
        assertThat(grey(40, "crop=1:1:121:0")).isGreaterThan(2 * BLACK);
    }

    @Test
    void withoutAPlaceItIsTheMiddleThatIsShown() throws Exception {
        convert(options("crop", "20:20", "fps", "25"));

        assertThat(grey(40, "crop=8:20:0:0")).isCloseTo(BLACK, within(3));
        assertThat(grey(40, "crop=8:20:12:0")).isCloseTo(36 + 4 * 40, within(4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"161:10", "100:100:61:0", "10:10:0:111", "99999:99999"})
    void aPartBeyondThePictureIsRefused(String crop) {
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> convert(options("crop", crop)))
                .withMessage("crop: " + crop + " reaches beyond the movie's picture of 160x120")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(MediaException.Kind.CROP_BEYOND_PICTURE));
    }

    @Test
    void aPictureThatChangesItsSizeIsCroppedWhereItIsSmallerToo() throws Exception {
        Path big = TestMovies.make(
                movies.resolve("first.ts"), "-f", "lavfi", "-i", "color=red:s=320x240:r=25:d=1", "-c:v", "mpeg2video");
        Path small = TestMovies.make(
                movies.resolve("then.ts"),
                "-f",
                "lavfi",
                "-i",
                "color=red:s=64x48:r=25:d=1",
                "-c:v",
                "mpeg2video",
                "-output_ts_offset",
                "1");
        byte[] both = Arrays.copyOf(Files.readAllBytes(big), (int) (Files.size(big) + Files.size(small)));
        System.arraycopy(Files.readAllBytes(small), 0, both, (int) Files.size(big), (int) Files.size(small));
        Path movie = Files.write(movies.resolve("shrinks.ts"), both);

        convert(movie, options("crop", "100:100:220:140"));

        assertThat(GifFacts.of(result()).seconds()).isCloseTo(2, within(0.17));
        for (int frame : new int[] {2, 20}) {
            assertThat(pixels(frame, "rgb24", "scale=1:1")[0] & 0xFF).isGreaterThan(240);
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "0.5, 4", "4, 0.5", "0.25, 8", "1.5, 1.33"})
    void aFasterGifIsShorterAndASlowerOneLonger(String speed, double seconds) throws Exception {
        ConversionResult result = convert(options("speed", speed));

        GifFacts gif = GifFacts.of(result());
        assertThat(gif.rate()).isEqualTo("25/2");
        assertThat(gif.seconds()).isCloseTo(seconds, within(0.0801));
        assertThat(Seconds.of(result.duration())).isCloseTo(gif.seconds(), within(0.0101));
    }

    @Test
    void atDoubleSpeedItShowsAsMuchOfTheMovieAsIsAskedFor() throws Exception {
        convert(options("speed", "2", "start", "0.4", "duration", "1.2", "fps", "25"));

        GifFacts gif = GifFacts.of(result());
        assertThat(gif.frames()).isEqualTo(15);
        assertThat(gif.seconds()).isCloseTo(0.6, within(0.0051));
        assertThat(light(0)).isCloseTo(36 + 4 * 10, within(6));
        assertThat(light(13)).isCloseTo(36 + 4 * 36, within(6));
    }

    @ParameterizedTest
    @EnumSource(OutputFormat.class)
    void backwardsTheLastFrameComesFirst(OutputFormat format) throws Exception {
        List<Double> progress = new ArrayList<>();
        converter(MediaLimits.defaults())
                .convert(
                        halves,
                        result(),
                        options("reverse", "true", "fps", "25", "format", format.extension()),
                        progress::add);

        if (format != OutputFormat.WEBP) {
            assertThat(light(0)).isCloseTo(36 + 4 * 49, within(6));
            assertThat(light(49)).isCloseTo(36, within(6));
        }
        assertThat(progress).isSorted().endsWith(1.0);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, -1", "2, 1", "7, 6"})
    void aGifIsPlayedAsOftenAsAskedFor(int loop, int repetitions) throws Exception {
        convert(options("loop", "" + loop, "width", "32"));

        assertThat(repetitions(Files.readAllBytes(result()))).isEqualTo(repetitions);
    }

    @Test
    void aBetterQualityWeighsMoreAndHasMoreColours() throws Exception {
        Path big = TestMovies.make(
                movies.resolve("big.mp4"), "-f", "lavfi", "-i", "testsrc2=s=720x400:r=25:d=1", "-c:v", "mpeg4");
        Map<Quality, Long> bytes = new HashMap<>();
        Map<Quality, GifFacts> facts = new HashMap<>();
        for (Quality quality : Quality.values()) {
            ConversionResult result = convert(big, options("quality", quality.label()));
            bytes.put(quality, result.bytes());
            facts.put(quality, GifFacts.of(result()));
        }

        assertThat(bytes.get(Quality.SMALL)).isLessThan(bytes.get(Quality.BALANCED) / 2);
        assertThat(bytes.get(Quality.BEST)).isGreaterThan(bytes.get(Quality.BALANCED) * 3 / 2);
        assertThat(facts.get(Quality.SMALL))
                .extracting(GifFacts::width, GifFacts::rate)
                .containsExactly(320, "10/1");
        assertThat(facts.get(Quality.BALANCED))
                .extracting(GifFacts::width, GifFacts::rate)
                .containsExactly(480, "25/2");
        assertThat(facts.get(Quality.BEST))
                .extracting(GifFacts::width, GifFacts::rate)
                .containsExactly(640, "20/1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hello",
                "two\nlines",
                "%{pts} %{expr:1/0} %d",
                "a':text=b,drawbox=0:0:160:120:white:fill[out];[0:0]null",
                "\\'\\\\:;[]{}%%",
                "-i /etc/passwd",
                "\u00c4gypten \u03b1\u03b2\u03b3 \u0416",
                "A long line that has to be broken into several since the picture is not nearly as wide as it is long"
            })
    void aCaptionIsWrittenOverTheLowerPartAndMeansNothingElse(String text) throws Exception {
        convert(options("caption", text, "fps", "25"));

        GifFacts gif = GifFacts.of(result());
        assertThat(gif).extracting(GifFacts::width, GifFacts::height).containsExactly(160, 120);
        byte[] before = pixels(1, "gray", "crop=80:120:0:0");
        int white = 0;
        for (int i = 0; i < before.length; i++) {
            if ((before[i] & 0xFF) > 200) {
                white++;
                assertThat(i / 80).as("row").isBetween(30, 118);
            }
        }
        assertThat(white).isBetween(5, 2500);
    }

    @Test
    void aLineOfTheWidestLettersStaysWithinThePicture() throws Exception {
        convert(options("caption", "WWWWWWWWWWWWWWWWWWWW\nMMM", "width", "320", "fps", "25"));

        byte[] edge = pixels(1, "gray", "crop=6:240:0:0");
        for (byte grey : edge) {
            assertThat(grey & 0xFF).isLessThan(60);
        }
    }

    @Test
    void aCaptionThatDoesNotFitIsRefused() {
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> convert(options("caption", "far too much for this", "width", "16")))
                .withMessage("caption: does not fit into a picture of 16x12");
    }

    @Test
    void aWebpIsAnimatedAndPlaysAsOftenAsAskedFor() throws Exception {
        ConversionResult result = convert(TestMovies.movie(movies, "mp4"), options("format", "webp", "loop", "3"));

        byte[] webp = Files.readAllBytes(result());
        assertThat(new String(webp, 0, 16, StandardCharsets.ISO_8859_1)).endsWith("WEBPVP8X");
        WebpFacts facts = WebpFacts.of(webp);
        assertThat(facts).isEqualTo(new WebpFacts(160, 120, 25, 2000, 3));
        assertThat(result.frames()).isEqualTo(25);
        assertThat(result.duration()).hasSeconds(2);
        convert(TestMovies.movie(movies, "mp4"), options("format", "webp", "quality", "small"));
        assertThat(WebpFacts.of(Files.readAllBytes(result()))).isEqualTo(new WebpFacts(160, 120, 20, 2000, 0));
        assertThat(Files.size(result())).isLessThan(webp.length);
    }

    @Test
    void anMp4PlaysAnywhere() throws Exception {
        ConversionResult result =
                convert(TestMovies.movie(movies, "webm"), options("format", "mp4", "width", "101", "start", "0.4"));

        String facts = TestMovies.run(List.of(
                TestMovies.ffmpeg().ffprobe().toString(),
                "-v",
                "error",
                "-count_frames",
                "-show_entries",
                "stream=codec_name,width,height,pix_fmt,r_frame_rate,nb_read_frames",
                "-of",
                "csv=p=0",
                result().toString()));
        assertThat(facts.strip()).isEqualTo("h264,102,76,yuv420p,25/1,40");
        assertThat(result.frames()).isEqualTo(40);
        // The index comes first, so that it plays while it is fetched.
        String bytes = new String(Files.readAllBytes(result()), StandardCharsets.ISO_8859_1);
        assertThat(bytes.indexOf("moov")).isBetween(0, bytes.indexOf("mdat"));
    }

    @Test
    void whatThisFfmpegLacksIsSaid() throws Exception {
        Ffmpeg real = TestMovies.ffmpeg();
        Path lacking = movies.resolve("ffmpeg-lacking");
        Files.writeString(lacking, "#!/bin/sh\necho \"[out] Unknown encoder 'libopenh264'\" >&2\nexit 8\n");
        lacking.toFile().setExecutable(true);
        Ffmpeg ffmpeg = new Ffmpeg(
                lacking, real.ffprobe(), real.version(), Ffmpeg.Origin.GIVEN, real.environment(), real.guard());

        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> new GifConverter(ffmpeg, MediaLimits.defaults())
                        .convert(halves, result(), options("format", "mp4"), done -> {}))
                .withMessage("This needs an ffmpeg with the encoder libopenh264")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(MediaException.Kind.UNSUPPORTED));
    }

    private Path result() {
        return directory.resolve("out");
    }

    private ConversionResult convert(GifOptions options) throws MediaException, IOException, InterruptedException {
        return convert(halves, options);
    }

    private ConversionResult convert(Path movie, GifOptions options)
            throws MediaException, IOException, InterruptedException {
        return converter(MediaLimits.defaults()).convert(movie, result(), options, done -> {});
    }

    private static GifConverter converter(MediaLimits limits) {
        return new GifConverter(TestMovies.ffmpeg(), limits);
    }

    private static GifOptions options(String... namesAndValues) throws InvalidOptionException {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return GifOptions.parse(map);
    }

    /** How light the right half of a frame is. */
    private int light(int frame) {
        return grey(frame, "crop=iw/4:ih:iw*3/4:0");
    }

    /** How light a part of a frame is. */
    private int grey(int frame, String part) {
        return pixels(frame, "gray", part + ",scale=1:1")[0] & 0xFF;
    }

    private byte[] pixels(int frame, String format, String filter) {
        return TestMovies.samples(result(), "trim=start_frame=" + frame + "," + filter + ",format=" + format);
    }

    /** As the Netscape extension says it: 0 for ever, -1 without one. */
    private static int repetitions(byte[] gif) {
        int at = new String(gif, StandardCharsets.ISO_8859_1).indexOf("NETSCAPE2.0");
        return at < 0 ? -1 : (gif[at + 13] & 0xFF) | (gif[at + 14] & 0xFF) << 8;
    }
}
