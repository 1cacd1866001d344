package org.nngjava.gifbroker.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.gifbroker.ProcessesBelow;

/**
 * Files that would have other files read or addresses fetched, or take all there is. Whoever opens the secret hangs, since it is a named
 * pipe that nobody writes to; whoever connects to the server is seen.
 */
class HostileMediaTest {
    private static final MediaLimits LIMITS = MediaLimits.defaults().withTimeLimit(Duration.ofSeconds(20));

    @TempDir
    static Path movies;

    @TempDir
    Path directory;

    private ServerSocketChannel server;
    private String address;
    private Path secret;

    @BeforeEach
    void listen() throws Exception {
        server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.configureBlocking(false);
        address = "127.0.0.1:" + server.socket().getLocalPort();
        secret = movies.resolve("secret.ts");
        if (!Files.exists(secret)) {
            TestMovies.run(List.of("mkfifo", secret.toString()));
        }
    }

    @AfterEach
    void nobodyCameAndNothingIsLeft() throws Exception {
        assertThat(server.accept()).as("a connection").isNull();
        server.close();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(path -> path.getFileName().toString())).isSubsetOf("out.gif");
        }
        assertThat(ProcessesBelow.directory(directory)).isEmpty();
    }

    static List<String> scripts() {
        return List.of(
                "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n%s\n#EXT-X-ENDLIST\n",
                "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-KEY:METHOD=AES-128,URI=\"%s\"\n#EXTINF:9,\n%s\n",
                "ffconcat version 1.0\nfile '%s'\nduration 9\n",
                "<?xml version=\"1.0\"?><MPD type=\"static\" mediaPresentationDuration=\"PT9S\"><Period><AdaptationSet>"
                        + "<Representation id=\"1\"><BaseURL>%s</BaseURL></Representation></AdaptationSet></Period></MPD>",
                "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=control:%s\n",
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><image href=\"%s\"/></svg>",
                "<asx version=\"3.0\"><entry><ref href=\"%s\"/></entry></asx>",
                "[Script Info]\nScriptType: v4.00+\n[Events]\nDialogue: 0,0:00:00.00,0:00:09.00,,,0,0,0,,{\\\\p1}%s\n",
                "1\n00:00:00,000 --> 00:00:09,000\n<img src=\"%s\">\n",
                "[playlist]\nFile1=%s\nNumberOfEntries=1\n",
                "%s\n");
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void whatNamesFilesOrAddressesIsRefusedUnread(String script) throws Exception {
        for (String head : List.of(
                "", "GIF89a", "RIFF\0\0\0\0AVI ", "\0\0\0\u0014ftypqt  ", "OggS", "FLV\u0001", "\u001aE\u00df\u00a3")) {
            for (String target : List.of(
                    secret.toString(),
                    "file://" + secret,
                    "http://" + address + "/a.ts",
                    "tcp://" + address,
                    "concat:" + secret + "|" + secret,
                    "subfile,,start,0,end,9,,:" + secret)) {
                Path file = Files.writeString(
                        movies.resolve("frame%03d.m3u8"),
                        head + script.replace("%s", target),
                        StandardCharsets.ISO_8859_1);

                assertThatExceptionOfType(MediaException.class)
                        .as(head)
                        .isThrownBy(() -> convert(file))
                        .satisfies(e -> assertThat(e.kind())
                                .isIn(
                                        MediaException.Kind.NOT_A_MOVIE,
                                        MediaException.Kind.UNREADABLE,
                                        MediaException.Kind.LIMIT));
                if (head.isEmpty()) {
                    continue;
                }
                // Behind the first bytes of a movie all targets are as good as one.
                break;
            }
        }
    }

    @Test
    void aMovieWhosePictureIsElsewhereIsNotFollowedThere() throws Exception {
        byte[] movie = Files.readAllBytes(TestMovies.movie(movies, "mp4"));
        for (String target : List.of("http://" + address + "/a.mp4", "file://" + secret, secret.toString())) {
            for (String type : List.of("url ", "alis")) {
                Path elsewhere = Files.write(movies.resolve("elsewhere.mov"), referringTo(movie, type, target));

                refusedOrBounded(elsewhere);
            }
        }
    }

    @Test
    void subtitlesAndAttachmentsAreLeftAlone() throws Exception {
        Path text = Files.writeString(
                movies.resolve("text.srt"),
                "1\n00:00:00,000 --> 00:00:02,000\n<font face=\"" + secret + "\"><img src=\"http://" + address
                        + "/\">\n");
        Path movie = TestMovies.make(
                movies.resolve("subtitles.mkv"),
                "-i",
                TestMovies.movie(movies, "mp4").toString(),
                "-i",
                text.toString(),
                "-attach",
                text.toString(),
                "-metadata:s:t",
                "mimetype=application/x-truetype-font",
                "-map",
                "0",
                "-map",
                "1",
                "-c:v",
                "copy",
                "-c:s",
                "ass");

        assertThat(convert(movie).frames()).isEqualTo(25);
    }

    @Test
    void ofAMillionFramesThoseAreReadThatAreShown() throws Exception {
        Path gif = movies.resolve("million.gif");
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        byte[] frame = {0x21, (byte) 0xF9, 4, 0, 1, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0};
        for (int i = 0; i < 1000; i++) {
            frames.write(frame);
        }
        byte[] head = {'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0, (byte) 0x80, 0, 0, 0, 0, 0, -1, -1, -1};
        try (var out = Files.newOutputStream(gif)) {
            out.write(head);
            for (int i = 0; i < 1000; i++) {
                frames.writeTo(out);
            }
            out.write(0x3B);
        }

        assertThat(convert(gif).frames()).isLessThanOrEqualTo(750);
        Files.delete(gif);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, Integer.MAX_VALUE, 1})
    void whateverLengthAMovieClaimsItGivesWhatItHas(int claimed) throws Exception {
        byte[] movie = Files.readAllBytes(TestMovies.movie(movies, "mp4"));
        // The durations of the movie, its track and its media, and an edit list that would show so much.
        for (String[] box : new String[][] {{"mvhd", "20"}, {"tkhd", "24"}, {"mdhd", "20"}, {"elst", "12"}}) {
            int at = indexOf(movie, box[0]) + Integer.parseInt(box[1]);
            ByteBuffer.wrap(movie).putInt(at, claimed);
        }

        refusedOrBounded(Files.write(movies.resolve("claims.mp4"), movie));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp4", "avi", "mkv", "webm", "gif", "ts", "mpg", "ogv", "flv", "wmv"})
    void whereverAMovieIsCutItGivesAPartOrIsRefused(String extension) throws Exception {
        Path whole = TestMovies.movie(movies, extension, 0.4);
        for (double share : new double[] {0.02, 0.3, 0.7, 0.99}) {
            refusedOrBounded(TestMovies.cut(whole, share));
        }
    }

    @Test
    void aLongMovieTakesNoMoreMemoryThanAShortOne() throws Exception {
        Path movie = TestMovies.make(
                movies.resolve("long.mp4"),
                "-f",
                "lavfi",
                "-i",
                "testsrc2=s=480x360:r=10:d=90",
                "-c:v",
                "mpeg4",
                "-b:v",
                "400k");
        // An eighth of it does not hold 20 seconds: both are read twice.
        MediaLimits limits = LIMITS.withMemory(1L << 30)
                .withMaxDuration(Duration.ofMinutes(5))
                .withTimeLimit(Duration.ofMinutes(2));

        long shorter = mostResident(movie, limits, "20");
        long longer = mostResident(movie, limits, "90");

        // What it has more is the palette's count of colours, and not the frames.
        assertThat(longer - shorter).isLessThan(70L * 10 * 480 * 360 * 4 / 1024 / 5);
        assertThat(GifFacts.of(gif()).seconds()).isCloseTo(90, within(0.1));
    }

    /** The most that an ffmpeg ever had resident while it converted so much. */
    private long mostResident(Path movie, MediaLimits limits, String seconds) throws Exception {
        long[] most = {0};
        new GifConverter(TestMovies.ffmpeg(), limits)
                .convert(
                        movie,
                        gif(),
                        GifOptions.parse(Map.of("duration", seconds, "fps", "10")),
                        done -> ProcessesBelow.directory(directory)
                                .forEach(process -> most[0] = Math.max(most[0], resident(process.pid()))));
        return most[0];
    }

    private static long resident(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | RuntimeException e) {
            // It has just ended.
            return 0;
        }
    }

    private void refusedOrBounded(Path movie) throws IOException, InterruptedException {
        try {
            assertThat(convert(movie).frames()).isBetween(1, 25);
        } catch (MediaException e) {
            assertThat(e.isPermanent()).as(e.toString()).isTrue();
            assertThat(gif()).doesNotExist();
        }
        Files.deleteIfExists(gif());
    }

    private ConversionResult convert(Path movie) throws MediaException, IOException, InterruptedException {
        return new GifConverter(TestMovies.ffmpeg(), LIMITS).convert(movie, gif(), GifOptions.defaults(), done -> {});
    }

    private Path gif() {
        return directory.resolve("out.gif");
    }

    /** The movie with a data reference that names another file; its index is its last box. */
    private static byte[] referringTo(byte[] movie, String type, String target) {
        byte[] name = (target + "\0").getBytes(StandardCharsets.US_ASCII);
        int entry = indexOf(movie, "dref") + 12;
        byte[] longer = Arrays.copyOf(movie, movie.length + name.length);
        System.arraycopy(movie, entry + 12, longer, entry + 12 + name.length, movie.length - entry - 12);
        System.arraycopy(name, 0, longer, entry + 12, name.length);
        ByteBuffer boxes = ByteBuffer.wrap(longer);
        for (String box : List.of("moov", "trak", "mdia", "minf", "dinf", "dref")) {
            int at = indexOf(longer, box) - 4;
            boxes.putInt(at, boxes.getInt(at) + name.length);
        }
        boxes.putInt(entry, 12 + name.length);
        boxes.position(entry + 4).put(type.getBytes(StandardCharsets.US_ASCII)).putInt(0);
        return longer;
    }

    private static int indexOf(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    }
}
