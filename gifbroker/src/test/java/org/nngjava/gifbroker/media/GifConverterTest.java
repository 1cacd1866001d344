package org.nngjava.gifbroker.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.gifbroker.ProcessesBelow;

class GifConverterTest {
    @TempDir
    static Path movies;

    @TempDir
    Path directory;

    private static Path mp4;

    @BeforeAll
    static void makeTheUsualMovie() {
        mp4 = TestMovies.movie(movies, "mp4");
    }

    @AfterEach
    void nothingIsLeftButTheGif() throws IOException {
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(path -> path.getFileName().toString())).isSubsetOf("out.gif");
        }
        assertThat(ProcessesBelow.directory(directory)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp4", "mov", "avi", "mkv", "webm", "gif", "ts", "mpg", "ogv", "flv", "wmv"})
    void everyContainerGivesAGif(String extension) throws Exception {
        ConversionResult result = convert(TestMovies.movie(movies, extension), GifOptions.defaults());

        GifFacts gif = GifFacts.of(gif());
        assertThat(gif.width()).isEqualTo(160);
        assertThat(gif.height()).isEqualTo(120);
        assertThat(gif.rate()).isEqualTo("25/2");
        assertThat(gif.seconds()).isCloseTo(2, within(0.09));
        agrees(result, gif);
    }

    @ParameterizedTest
    @CsvSource({
        // asked: width, fps, start, duration; the GIF: height, rate, frames
        "160, 10, 0, 2, 120, 10/1, 20",
        "100, 25, 0.5, 1, 75, 25/1, 25",
        "333, 20, 1, 0.5, 250, 20/1, 10",
        "17, 50, 0, 0.4, 13, 50/1, 20",
        "64, 15, 0.2, 1.2, 48, 15/1, 18",
        "16, 12.5, 0:00.5, 0:01.3, 12, 25/2, 16",
        "480, 1, 0, 2, 360, 1/1, 2"
    })
    void whatIsAskedForIsHonouredExactly(
            int width, String fps, String start, String duration, int height, String rate, int frames)
            throws Exception {
        GifOptions options =
                GifOptions.parse(Map.of("width", "" + width, "fps", fps, "start", start, "duration", duration));

        ConversionResult result = convert(mp4, options);

        GifFacts gif = GifFacts.of(gif());
        assertThat(gif.width()).isEqualTo(width);
        assertThat(gif.height()).isEqualTo(height);
        assertThat(gif.frames()).isEqualTo(frames);
        assertThat(gif.seconds()).isCloseTo(Seconds.of(options.duration()), within(0.0051));
        if (frames > 2) {
            assertThat(gif.rate()).isEqualTo(rate);
        }
        agrees(result, gif);
    }

    @ParameterizedTest
    @ValueSource(strings = {"avi", "mkv", "webm", "gif", "ts", "mpg", "ogv", "flv", "wmv"})
    void aPartOfEveryContainerIsAsLongAsAskedFor(String extension) throws Exception {
        convert(TestMovies.movie(movies, extension), GifOptions.parse(Map.of("start", "0.7", "duration", "0.8")));

        GifFacts gif = GifFacts.of(gif());
        assertThat(gif.frames()).isEqualTo(10);
        assertThat(gif.seconds()).isCloseTo(0.8, within(0.0051));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp4", "ts", "avi"})
    void thePartBeginsAtTheAskedFrame(String extension) throws Exception {
        // Grey that gets lighter by 4 with each of 25 frames a second.
        Path movie = movies.resolve("grey." + extension);
        if (!Files.exists(movie)) {
            TestMovies.make(
                    movie,
                    "-f",
                    "lavfi",
                    "-i",
                    "color=black:s=64x64:r=25:d=2,format=gray,geq=lum='20+4*N',format=yuv420p",
                    "-c:v",
                    "mpeg4",
                    "-q:v",
                    "1",
                    "-g",
                    "50");
        }

        convert(movie, GifOptions.parse(Map.of("start", "1.2", "duration", "0.4", "fps", "25")));

        byte[] first = TestMovies.samples(gif(), "scale=1:1,format=gray");
        assertThat(first[0] & 0xFF).isBetween(20 + 4 * 30 - 1, 20 + 4 * 30 + 1);
    }

    @Test
    void aMovieTurnedOnItsSideIsTurnedBack() throws Exception {
        byte[] bytes = Files.readAllBytes(mp4);
        // The matrix of the track's header: a quarter turn.
        ByteBuffer.wrap(bytes)
                .position(indexOf(bytes, "tkhd") + 44)
                .putInt(0)
                .putInt(1 << 16)
                .putInt(0)
                .putInt(-1 << 16)
                .putInt(0)
                .putInt(0)
                .putInt(120 << 16);
        Path turned = Files.write(movies.resolve("turned.mp4"), bytes);

        convert(turned, GifOptions.defaults());

        assertThat(GifFacts.of(gif()))
                .extracting(GifFacts::width, GifFacts::height)
                .containsExactly(120, 160);
    }

    @Test
    void pixelsThatAreNotSquareAreStretched() throws Exception {
        Path wide = TestMovies.make(
                movies.resolve("wide.avi"),
                "-i",
                TestMovies.movie(movies, "avi").toString(),
                "-vf",
                "setsar=2",
                "-c:v",
                "mpeg4");

        convert(wide, GifOptions.defaults());

        assertThat(GifFacts.of(gif()))
                .extracting(GifFacts::width, GifFacts::height)
                .containsExactly(320, 120);
    }

    @ParameterizedTest
    @CsvSource({
        // counter-clockwise by so much; where the white left half then is
        "90, crop=iw:ih/4:0:ih*3/4",
        "180, crop=iw/4:ih:iw*3/4:0",
        "270, crop=iw:ih/4:0:0"
    })
    void theTopIsAtTheTopHoweverTheCameraWasHeld(int turned, String white) throws Exception {
        Path lying = TestMovies.make(
                movies.resolve("lying.mp4"),
                "-f",
                "lavfi",
                "-i",
                "color=black:s=160x120:r=25:d=0.4,drawbox=w=80:h=120:color=white:t=fill",
                "-c:v",
                "mpeg4");
        Path movie = TestMovies.make(
                movies.resolve("turned-by-" + turned + ".mp4"),
                "-display_rotation",
                "" + turned,
                "-i",
                lying.toString(),
                "-c",
                "copy");

        convert(movie, GifOptions.defaults());

        GifFacts gif = GifFacts.of(gif());
        assertThat(gif.width()).isEqualTo(turned == 180 ? 160 : 120);
        assertThat(gif.height()).isEqualTo(turned == 180 ? 120 : 160);
        assertThat(colour(0, white)[0] & 0xFF).isGreaterThan(230);
        assertThat(colour(0, "scale=1:1")[0] & 0xFF).isBetween(100, 155);
    }

    @Test
    void tenBitsBecomeTheSameColours() throws Exception {
        Path movie = TestMovies.make(
                movies.resolve("ten-bit.mov"),
                "-f",
                "lavfi",
                "-i",
                "color=0x3080C0:s=160x120:r=25:d=0.4",
                "-c:v",
                "prores_ks",
                "-pix_fmt",
                "yuv422p10le");

        convert(movie, GifOptions.defaults());

        byte[] rgb = colour(0, "scale=1:1");
        assertThat(rgb[0] & 0xFF).isCloseTo(0x30, within(5));
        assertThat(rgb[1] & 0xFF).isCloseTo(0x80, within(5));
        assertThat(rgb[2] & 0xFF).isCloseTo(0xC0, within(5));
    }

    @Test
    void framesThatComeAtAnyTimeAreShownAtTheirs() throws Exception {
        // Grey that gets lighter by 4 with each of 50 frames; those from 0.4 s to 1.6 s are missing.
        Path movie = TestMovies.make(
                movies.resolve("variable.mkv"),
                "-f",
                "lavfi",
                "-i",
                "color=black:s=64x64:r=25:d=2,format=gray,geq=lum='20+4*N',format=yuv420p,select='not(between(n,10,39))'",
                "-fps_mode",
                "passthrough",
                "-c:v",
                "mpeg4",
                "-q:v",
                "1");

        convert(movie, options("fps", "10"));

        GifFacts gif = GifFacts.of(gif());
        assertThat(gif.seconds()).isCloseTo(2, within(0.11));
        assertThat(colour(2, "scale=1:1")[0] & 0xFF).isCloseTo(20 + 4 * 5, within(6));
        assertThat(colour(10, "scale=1:1")[0] & 0xFF).isCloseTo(20 + 4 * 9, within(4));
        assertThat(colour(17, "scale=1:1")[0] & 0xFF).isCloseTo(20 + 4 * 42, within(8));
    }

    @Test
    void aPictureThatChangesItsSizeGivesOneGif() throws Exception {
        Path small = TestMovies.movie(movies, "ts", 1);
        Path big = TestMovies.make(
                movies.resolve("big.ts"),
                "-f",
                "lavfi",
                "-i",
                "testsrc2=s=320x180:r=25:d=1",
                "-c:v",
                "mpeg2video",
                "-output_ts_offset",
                "1");
        Path both = Files.write(movies.resolve("both.ts"), Files.readAllBytes(small));
        Files.write(both, Files.readAllBytes(big), StandardOpenOption.APPEND);

        convert(both, GifOptions.defaults());

        GifFacts gif = GifFacts.of(gif());
        assertThat(gif.width()).isEqualTo(160);
        assertThat(gif.seconds()).isCloseTo(2, within(0.17));
    }

    @Test
    void aMovieWithSoundAndACoverGivesTheMovie() throws Exception {
        Path movie = TestMovies.make(
                movies.resolve("sound.mkv"),
                "-f",
                "lavfi",
                "-i",
                "sine=d=2",
                "-i",
                mp4.toString(),
                "-map",
                "0",
                "-map",
                "1",
                "-c:v",
                "copy",
                "-c:a",
                "aac");

        convert(movie, GifOptions.defaults());

        assertThat(GifFacts.of(gif()).frames()).isEqualTo(25);
    }

    @Test
    void manyPixelsAreMadeInTwoPassesWithTheSameResult() throws Exception {
        Path first = directory.resolve("out.gif");
        convert(mp4, GifOptions.defaults());
        byte[] inOne = Files.readAllBytes(first);
        // An eighth of it does not hold 25 frames of 160x120.
        MediaLimits little = MediaLimits.defaults().withMemory(1 << 20);
        GifPlan plan = GifPlan.of(
                new Movie(MovieContainer.MP4, 0, "h264", 160, 120, 19200, OptionalDouble.of(2)),
                GifOptions.defaults(),
                little);
        assertThat(plan.holdsFrames()).isFalse();

        // The plan is the limits' choice; the processes get what they need.
        FfmpegArguments arguments = new FfmpegArguments(plan, mp4);
        FfmpegRun run = new FfmpegRun(TestMovies.ffmpeg(), MediaLimits.defaults());
        Path palette = directory.resolve("palette.png");
        Path inTwo = directory.resolve("two.gif");
        Deadline deadline = Deadline.after(Duration.ofMinutes(1));
        run.convert(arguments.firstPass(palette), directory, line -> {}, deadline, () -> {});
        run.convert(arguments.secondPass(palette, inTwo), directory, line -> {}, deadline, () -> {});

        assertThat(Files.readAllBytes(inTwo)).isEqualTo(inOne);
        Files.delete(palette);
        Files.delete(inTwo);
    }

    @Test
    void progressRisesToOneInBothWaysOfConverting() throws Exception {
        List<Double> inOne = new ArrayList<>();
        convert(mp4, options("width", "640"), MediaLimits.defaults(), inOne);
        List<Double> inTwo = new ArrayList<>();
        convert(
                mp4,
                options("width", "700", "fps", "50"),
                MediaLimits.defaults().withMemory(1L << 30),
                inTwo);

        for (List<Double> told : List.of(inOne, inTwo)) {
            assertThat(told)
                    .isSorted()
                    .doesNotHaveDuplicates()
                    .endsWith(1.0)
                    .first()
                    .isNotEqualTo(1.0);
        }
        assertThat(inTwo)
                .hasSizeGreaterThan(5)
                .filteredOn(value -> value > 0.1 && value < 0.9)
                .hasSizeGreaterThan(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mkv", "avi", "webm", "ts", "mpg", "flv", "wmv", "ogv", "gif"})
    void aTruncatedMovieGivesTheGifOfItsPlayablePart(String extension) throws Exception {
        Path cut = TestMovies.cut(TestMovies.movie(movies, extension), 0.6);

        ConversionResult result = convert(cut, GifOptions.defaults());

        GifFacts gif = GifFacts.of(gif());
        assertThat(gif.seconds()).isBetween(0.7, 1.7);
        assertThat(gif.rate()).isEqualTo("25/2");
        agrees(result, gif);
    }

    @Test
    void aTruncatedMp4NeedsItsIndexInFront() throws Exception {
        refuses(TestMovies.cut(mp4, 0.6), GifOptions.defaults(), MediaException.Kind.UNREADABLE, "moov atom not found");

        Path streamable = TestMovies.make(
                movies.resolve("streamable.mp4"), "-i", mp4.toString(), "-c", "copy", "-movflags", "+faststart");
        convert(TestMovies.cut(streamable, 0.6), GifOptions.defaults());
        assertThat(GifFacts.of(gif()).seconds()).isBetween(0.7, 1.7);
    }

    @Test
    void aPartOfATruncatedMovieIsFoundWithoutItsIndex() throws Exception {
        Path cut = TestMovies.cut(TestMovies.movie(movies, "avi"), 0.7);

        convert(cut, GifOptions.parse(Map.of("start", "0.5", "duration", "0.4")));

        assertThat(GifFacts.of(gif()).frames()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"mp4, 2", "mkv, 5", "ts, 3", "avi, 99:00:00"})
    void aStartBeyondTheEndIsNamed(String extension, String start) {
        refuses(
                TestMovies.movie(movies, extension),
                options("start", start),
                MediaException.Kind.START_BEYOND_END,
                "start: ");
    }

    @Test
    void aStartBeyondTheEndOfATruncatedMovieIsNamed() {
        refuses(
                TestMovies.cut(TestMovies.movie(movies, "webm"), 0.6),
                options("start", "1.9"),
                MediaException.Kind.START_BEYOND_END,
                "start: 1.9 s");
    }

    @Test
    void aDurationBeyondTheEndGivesWhatThereIs() throws Exception {
        ConversionResult result = convert(mp4, options("start", "1.5", "duration", "10"));

        assertThat(result.frames()).isEqualTo(6);
        assertThat(GifFacts.of(gif()).seconds()).isCloseTo(0.5, within(0.03));
        assertThat(result.shortened()).isFalse();
    }

    @Test
    void aMovieLongerThanTheLimitGivesItsBeginningAndSaysSo() throws Exception {
        MediaLimits limits = MediaLimits.defaults().withMaxDuration(Duration.ofSeconds(1));

        assertThat(convert(mp4, GifOptions.defaults(), limits, new ArrayList<>())
                        .shortened())
                .isTrue();
        assertThat(GifFacts.of(gif()).seconds()).isCloseTo(1, within(0.0051));
        Files.delete(gif());
        refuses(mp4, options("duration", "1.5"), limits, MediaException.Kind.LIMIT, "duration: 1.5 s is too long");
    }

    @Test
    void soundAloneHasNoPicture() {
        Path sound = TestMovies.make(movies.resolve("sound.m4a"), "-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac");
        refuses(sound, GifOptions.defaults(), MediaException.Kind.NO_PICTURE, "no picture");
    }

    @Test
    void theCoverOfARecordIsNoMovie() {
        Path image = TestMovies.make(movies.resolve("cover.jpg"), "-i", mp4.toString(), "-frames:v", "1");
        Path record = TestMovies.make(
                movies.resolve("record.m4a"),
                "-f",
                "lavfi",
                "-i",
                "sine=d=1",
                "-i",
                image.toString(),
                "-map",
                "0",
                "-map",
                "1",
                "-c:a",
                "aac",
                "-c:v",
                "mjpeg",
                "-disposition:v",
                "attached_pic");

        refuses(record, GifOptions.defaults(), MediaException.Kind.NO_PICTURE, "no picture");
        refuses(image, GifOptions.defaults(), MediaException.Kind.NOT_A_MOVIE, "a JPEG image");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://%s\n#EXT-X-ENDLIST\n",
                "ffconcat version 1.0\nfile '%s'\n",
                "<?xml version=\"1.0\"?>\n<MPD><Period><AdaptationSet><Representation><BaseURL>%s</BaseURL>"
                        + "</Representation></AdaptationSet></Period></MPD>",
                "<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"%s\"/></svg>",
                "just %s text",
                ""
            })
    void whatNamesAnotherFileIsNeverFollowed(String content) throws Exception {
        Path playlist = Files.writeString(movies.resolve("playlist.mp4"), content.formatted(mp4));
        refuses(playlist, GifOptions.defaults(), MediaException.Kind.NOT_A_MOVIE, "This is ");
    }

    @Test
    void aPlaylistBehindTheFirstBytesOfAMovieIsNotFollowedEither() throws Exception {
        Path polyglot = movies.resolve("polyglot");
        for (String head : List.of("OggS", "FLV\u0001", "GIF89a", "\0\0\0\u0014ftypqt  ", "RIFF    AVI ")) {
            Files.writeString(
                    polyglot,
                    head + "\n#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://" + mp4 + "\n#EXT-X-ENDLIST\n",
                    StandardCharsets.ISO_8859_1);
            assertThatExceptionOfType(MediaException.class)
                    .isThrownBy(() -> convert(polyglot, GifOptions.defaults()))
                    .satisfies(e -> assertThat(e.isPermanent()).isTrue());
        }
    }

    @Test
    void noiseBehindTheFirstBytesOfAMovieIsUnreadable() throws Exception {
        byte[] noise = new byte[100_000];
        new Random(7).nextBytes(noise);
        byte[] head = Files.readAllBytes(TestMovies.movie(movies, "mkv"));
        System.arraycopy(head, 0, noise, 0, 40);

        refuses(
                Files.write(movies.resolve("noise"), noise),
                GifOptions.defaults(),
                MediaException.Kind.UNREADABLE,
                "cannot be read");
    }

    @Test
    void aPictureOfAHundredThousandPixelsEachWayIsRefused() throws Exception {
        Path raw = TestMovies.make(
                movies.resolve("raw.avi"),
                "-f",
                "lavfi",
                "-i",
                "testsrc2=s=160x120:r=25:d=0.2",
                "-c:v",
                "rawvideo",
                "-pix_fmt",
                "yuv420p");
        byte[] avi = Files.readAllBytes(raw);
        // BITMAPINFOHEADER: its size, width, height.
        int header = indexOf(avi, "strf") + 8;
        ByteBuffer.wrap(avi)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(header + 4, 100_000)
                .putInt(header + 8, 100_000);
        refuses(
                Files.write(movies.resolve("bomb.avi"), avi),
                GifOptions.defaults(),
                MediaException.Kind.LIMIT,
                "100000x100000 is too big");

        byte[] gif = Files.readAllBytes(TestMovies.movie(movies, "gif"));
        Arrays.fill(gif, 6, 10, (byte) 0xFF);
        refuses(
                Files.write(movies.resolve("bomb.gif"), gif),
                GifOptions.defaults(),
                MediaException.Kind.LIMIT,
                "65535x65535 is too big");
    }

    @Test
    void aPictureBeyondTheLimitIsRefused() {
        refuses(
                mp4,
                GifOptions.defaults(),
                MediaLimits.defaults().withMaxMoviePixels(160 * 120 - 1),
                MediaException.Kind.LIMIT,
                "160x120 is too big");
    }

    @Test
    void aFileBeyondTheLimitIsRefused() throws Exception {
        MediaLimits limits = MediaLimits.defaults().withMaxInputBytes(Files.size(mp4) - 1);
        refuses(mp4, GifOptions.defaults(), limits, MediaException.Kind.LIMIT, "The movie is bigger than");
    }

    @Test
    void aGifBeyondTheLimitIsRefusedAndNotCut() {
        MediaLimits limits = MediaLimits.defaults().withMaxOutputBytes(50_000);
        refuses(mp4, GifOptions.defaults(), limits, MediaException.Kind.LIMIT, "The GIF is bigger than 48 KiB");
    }

    @Test
    void aConversionThatNeedsMoreMemoryIsNotTheMoviesFault() {
        MediaLimits limits = MediaLimits.defaults().withMemory(250L << 20);

        // Where memory ends first decides whether an allocation fails, a thread, or the start.
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> convert(mp4, options("width", "1600"), limits, new ArrayList<>()))
                .satisfies(e -> assertThat(e.kind())
                        .as(e.getMessage())
                        .isIn(MediaException.Kind.LIMIT, MediaException.Kind.CRASHED));
    }

    @Test
    void atTheTimeLimitItIsStopped() {
        MediaLimits limits = MediaLimits.defaults().withTimeLimit(Duration.ofMillis(700));
        long began = System.nanoTime();

        refuses(mp4, options("width", "1920", "fps", "50"), limits, MediaException.Kind.TIMED_OUT, "longer than 0.7 s");

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void moreCpuTimeThanAllowedEndsItForGood() {
        MediaLimits limits = MediaLimits.defaults().withCpuTime(Duration.ofSeconds(1));

        refuses(
                mp4,
                options("width", "1920", "fps", "50"),
                limits,
                MediaException.Kind.LIMIT,
                "The conversion took more than 1 s of CPU time");
    }

    @Test
    void anInterruptCancelsIt() throws Exception {
        Thread converting = Thread.currentThread();

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> converter(MediaLimits.defaults())
                        .convert(mp4, gif(), options("width", "1920", "fps", "50"), done -> converting.interrupt()));

        assertThat(converting.isInterrupted()).isFalse();
        assertThat(gif()).doesNotExist();
    }

    @Test
    void whatTheListenerThrowsCancelsIt() {
        assertThatThrownBy(() -> converter(MediaLimits.defaults())
                        .convert(mp4, gif(), options("width", "1920", "fps", "50"), done -> {
                            throw new IllegalStateException("no more");
                        }))
                .hasMessage("no more");
        assertThat(gif()).doesNotExist();
    }

    @Test
    void aCrashIsWorthAnotherTry() throws Exception {
        Path crashing = movies.resolve("crashing");
        Files.createDirectories(crashing);
        Ffmpeg real = TestMovies.ffmpeg();
        Files.writeString(crashing.resolve("ffmpeg"), "#!/bin/sh\nkill -SEGV $$\n");
        crashing.resolve("ffmpeg").toFile().setExecutable(true);
        Ffmpeg ffmpeg = new Ffmpeg(
                crashing.resolve("ffmpeg"),
                real.ffprobe(),
                real.version(),
                Ffmpeg.Origin.GIVEN,
                real.environment(),
                real.guard());

        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> new GifConverter(ffmpeg, MediaLimits.defaults())
                        .convert(mp4, gif(), GifOptions.defaults(), done -> {}))
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo(MediaException.Kind.CRASHED);
                    assertThat(e.isPermanent()).isFalse();
                });
    }

    @Test
    void anFfmpegThatIsGoneIsNotTheMoviesFault() throws Exception {
        Ffmpeg real = TestMovies.ffmpeg();
        Path gone = movies.resolve("gone");
        Ffmpeg ffmpeg = new Ffmpeg(gone, gone, real.version(), Ffmpeg.Origin.GIVEN, Map.of(), real.guard());

        assertThatThrownBy(() -> new GifConverter(ffmpeg, MediaLimits.defaults())
                        .convert(mp4, gif(), GifOptions.defaults(), done -> {}))
                .satisfiesAnyOf(
                        e -> assertThat(e).isInstanceOf(IOException.class),
                        e -> assertThat(((MediaException) e).kind()).isEqualTo(MediaException.Kind.CRASHED));
    }

    @Test
    void aMovieMayHaveAnyName() throws Exception {
        Path odd = Files.copy(mp4, movies.resolve("-i concat:a|b %d 'x' \"y\" \u00fc.m3u8"));

        convert(odd, GifOptions.defaults());

        assertThat(GifFacts.of(gif()).frames()).isEqualTo(25);
    }

    @Test
    void aFileThatIsNotThereIsTheCallersFault() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> convert(movies.resolve("none"), GifOptions.defaults()));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> convert(movies, GifOptions.defaults()));
    }

    /** Red, green and blue of a part of the GIF's frame after so many tenths of a second. */
    private byte[] colour(int tenths, String part) {
        return TestMovies.samples(
                gif(), "fps=100,trim=start=" + tenths / 10.0 + "," + part + ",scale=1:1,format=rgb24");
    }

    private Path gif() {
        return directory.resolve("out.gif");
    }

    private ConversionResult convert(Path movie, GifOptions options)
            throws MediaException, IOException, InterruptedException {
        return convert(movie, options, MediaLimits.defaults(), new ArrayList<>());
    }

    private ConversionResult convert(Path movie, GifOptions options, MediaLimits limits, List<Double> progress)
            throws MediaException, IOException, InterruptedException {
        return converter(limits).convert(movie, gif(), options, progress::add);
    }

    private static GifConverter converter(MediaLimits limits) {
        return new GifConverter(TestMovies.ffmpeg(), limits);
    }

    private void refuses(Path movie, GifOptions options, MediaException.Kind kind, String message) {
        refuses(movie, options, MediaLimits.defaults(), kind, message);
    }

    private void refuses(Path movie, GifOptions options, MediaLimits limits, MediaException.Kind kind, String message) {
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> convert(movie, options, limits, new ArrayList<>()))
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo(kind);
                    assertThat(e).hasMessageContaining(message).hasMessageNotContainingAny(movies.toString());
                });
        assertThat(gif()).doesNotExist();
    }

    private static void agrees(ConversionResult result, GifFacts gif) throws IOException {
        assertThat(result.width()).isEqualTo(gif.width());
        assertThat(result.height()).isEqualTo(gif.height());
        assertThat(result.frames()).isEqualTo(gif.frames());
        assertThat(Seconds.of(result.duration())).isCloseTo(gif.seconds(), within(0.0101));
    }

    private static GifOptions options(String... namesAndValues) {
        try {
            Map<String, String> map = new HashMap<>();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                map.put(namesAndValues[i], namesAndValues[i + 1]);
            }
            return GifOptions.parse(map);
        } catch (InvalidOptionException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static int indexOf(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    }
}
