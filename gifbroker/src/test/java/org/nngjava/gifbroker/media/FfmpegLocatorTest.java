package org.nngjava.gifbroker.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FfmpegLocatorTest {
    private static final Path CACHE = Path.of("target", "ffmpeg-cache").toAbsolutePath();

    @TempDir
    Path directory;

    private Path bin;

    @BeforeEach
    void makeADirectoryForPrograms() throws IOException {
        bin = Files.createDirectories(directory.resolve("bin"));
    }

    @Test
    void theBundledOneIsTakenIfItStarts() throws Exception {
        assumeTrue(TestMovies.ffmpeg().origin() == Ffmpeg.Origin.BUNDLED, "it lacks system libraries here");
        fake("ffmpeg version 7.1-fake");

        Ffmpeg ffmpeg = locator(BundledFfmpeg.forThisPlatform(CACHE)).locate(null);

        assertThat(ffmpeg.origin()).hasToString("bundled");
        assertThat(ffmpeg.version()).isEqualTo("8.0.1");
        assertThat(ffmpeg.ffmpeg()).startsWith(CACHE);
    }

    @Test
    void theGivenOneComesFirst() throws Exception {
        Path given = fake("ffmpeg version 7.1-fake Copyright");

        Ffmpeg ffmpeg = locator(BundledFfmpeg.forThisPlatform(CACHE)).locate(given);

        assertThat(ffmpeg.origin()).isEqualTo(Ffmpeg.Origin.GIVEN);
        assertThat(ffmpeg.version()).isEqualTo("7.1-fake");
        assertThat(ffmpeg.ffmpeg()).isEqualTo(given);
        assertThat(ffmpeg.ffprobe()).isEqualTo(given.resolveSibling("ffprobe"));
    }

    @Test
    void whenTheGivenOneDoesNotStartNoOtherIsTaken() throws Exception {
        Path given = fake("not what it seems");

        assertThatExceptionOfType(FfmpegNotFoundException.class)
                .isThrownBy(() -> locator(BundledFfmpeg.forThisPlatform(CACHE)).locate(given))
                .withMessageContaining("The given ffmpeg cannot be used: " + given)
                .withMessageContaining("not what it seems");
        assertThatExceptionOfType(FfmpegNotFoundException.class)
                .isThrownBy(() -> locator(none()).locate(directory.resolve("nowhere/ffmpeg")))
                .withMessageContaining("there is no such file");
    }

    @Test
    void withoutABundledOneTheOneOnPathIsTaken() throws Exception {
        fake("ffmpeg version N-12345-gabcdef");

        Ffmpeg ffmpeg = locator(none()).locate(null);

        assertThat(ffmpeg.origin()).hasToString("on PATH");
        assertThat(ffmpeg.version()).isEqualTo("N-12345-gabcdef");
    }

    @Test
    void oneThatIsTooOldOrHangsUpIsPassedOver() throws Exception {
        Path old = fake("ffmpeg version 4.2.7-0ubuntu0.1");
        bin = Files.createDirectories(directory.resolve("bin2"));
        Path failing = fake("ffmpeg version 6.0");
        write(failing, "#!/bin/sh\necho 'no, not today' >&2\nexit 1\n");

        assertThatExceptionOfType(FfmpegNotFoundException.class)
                .isThrownBy(() -> new FfmpegLocator(
                                none(),
                                List.of(old.getParent(), failing.getParent(), directory.resolve("none")),
                                Map.of(),
                                ProcessGuard.find())
                        .locate(null))
                .withMessageContaining("the bundled one: there is none for this platform")
                .withMessageContaining(old + ": version 4.2.7-0ubuntu0.1 is too old")
                .withMessageContaining(failing + ": no, not today");
    }

    @Test
    void whereNothingIsFoundTheMessageSaysWhatWasTriedAndWhatHelps() {
        assertThatExceptionOfType(FfmpegNotFoundException.class)
                .isThrownBy(() -> locator(none()).locate(null))
                .withMessageContaining("PATH: there is no ffmpeg in " + bin)
                .withMessageContaining("apt-get install ffmpeg")
                .withMessageContaining("--ffmpeg")
                .satisfies(e -> assertThat(e.missingLibraries()).isEmpty());
    }

    @Test
    void librariesThatTheBundledOneLacksAreAllNamed() throws Exception {
        assumeTrue(TestMovies.ffmpeg().origin() == Ffmpeg.Origin.BUNDLED, "it lacks system libraries here");
        BundledFfmpeg broken = withoutLibraries("libpulse.so.0", "libxcb.so.1");

        assertThatExceptionOfType(FfmpegNotFoundException.class)
                .isThrownBy(() -> locator(broken).locate(null))
                .withMessageContaining("the system lacks the libraries")
                .satisfies(e -> assertThat(e.missingLibraries()).contains("libpulsX.so.0", "libxcX.so.1"));

        fake("ffmpeg version 7.1");
        assertThat(locator(broken).locate(null).origin()).isEqualTo(Ffmpeg.Origin.PATH);
    }

    @Test
    void withTheSystemsLibrariesHiddenTheErrorNamesThemAndTheirPackages() throws Exception {
        assumeTrue(TestMovies.ffmpeg().origin() == Ffmpeg.Origin.BUNDLED, "it lacks system libraries here");
        List<Path> hidden = Stream.of("libxcb.so.1", "libpulse.so.0")
                .flatMap(name -> Stream.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64")
                        .map(place -> Path.of(place, name)))
                .filter(Files::exists)
                .toList();
        assumeTrue(hidden.size() == 2, "the libraries are somewhere else");

        Optional<String> withoutAny = runWithout(hidden, directory.resolve("empty"));
        assumeTrue(withoutAny.isPresent(), "files cannot be hidden from a process here");
        assertThat(withoutAny.get())
                .contains("the system lacks the libraries libpulse.so.0, libxcb.so.1")
                .contains("apt-get install libpulse0 libxcb1")
                .contains("PATH: there is no ffmpeg in " + directory.resolve("empty"));

        fake("ffmpeg version 7.1");
        assertThat(runWithout(hidden, bin).orElseThrow()).contains("ffmpeg 7.1 (on PATH, " + bin.resolve("ffmpeg"));
    }

    @Test
    void whereTheGuardDoesNotWorkItIsLeftAway() throws Exception {
        fake("ffmpeg version 7.1");
        Path broken = write(directory.resolve("setpriv"), "#!/bin/sh\nexit 1\n");

        Ffmpeg ffmpeg = new FfmpegLocator(
                        none(), List.of(bin), Map.of(), new ProcessGuard(Optional.of(broken), Optional.empty()))
                .locate(null);

        assertThat(ffmpeg.guard().isNone()).isTrue();
    }

    @Test
    void theBundledOneIsUnpackedOnceAndAgainWhenAFileIsDamaged() throws Exception {
        Path cache = directory.resolve("cache");
        BundledFfmpeg bundled = new BundledFfmpeg("org/bytedeco/ffmpeg/linux-x86_64", cache);
        Files.createDirectories(cache.resolve("unpacking-123"));
        Files.writeString(cache.resolve("unpacking-123/ffmpeg"), "half");

        Path unpacked = bundled.unpack();
        long time = Files.getLastModifiedTime(unpacked.resolve("ffmpeg")).toMillis();
        assertThat(bundled.unpack()).isEqualTo(unpacked);
        assertThat(Files.getLastModifiedTime(unpacked.resolve("ffmpeg")).toMillis())
                .isEqualTo(time);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(unpacked)))
                .isEqualTo("rwx------");
        try (Stream<Path> all = Files.list(cache)) {
            assertThat(all).containsExactlyInAnyOrder(unpacked, cache.resolve(".lock"));
        }

        long size = Files.size(unpacked.resolve("ffprobe"));
        Files.write(unpacked.resolve("ffprobe"), new byte[10]);
        assertThat(Files.size(bundled.unpack().resolve("ffprobe"))).isEqualTo(size);
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamed() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "x");

        assertThatExceptionOfType(FfmpegNotFoundException.class)
                .isThrownBy(() -> locator(new BundledFfmpeg("org/bytedeco/ffmpeg/linux-x86_64", file.resolve("cache")))
                        .locate(null))
                .withMessageContaining("cannot be unpacked into " + file.resolve("cache"))
                .withMessageContaining(FfmpegLocator.CACHE_PROPERTY);
    }

    private FfmpegLocator locator(BundledFfmpeg bundled) {
        return new FfmpegLocator(bundled, List.of(bin), Map.of(), ProcessGuard.find());
    }

    private BundledFfmpeg none() {
        return new BundledFfmpeg("org/bytedeco/ffmpeg/plan9-mips", directory);
    }

    /** Programs that say so when they are asked for their version. */
    private Path fake(String version) throws IOException {
        write(bin.resolve("ffprobe"), "#!/bin/sh\necho '" + version.replace("ffmpeg", "ffprobe") + "'\n");
        return write(bin.resolve("ffmpeg"), "#!/bin/sh\necho '" + version + "'\n");
    }

    private static Path write(Path script, String content) throws IOException {
        Files.writeString(script, content);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    /** The bundled one, in a cache of its own, changed to want libraries that no system has. */
    private BundledFfmpeg withoutLibraries(String... names) throws IOException {
        BundledFfmpeg bundled = BundledFfmpeg.forThisPlatform(directory.resolve("cache"));
        Path device;
        try (Stream<Path> libraries = Files.list(bundled.unpack())) {
            device = libraries
                    .filter(path -> path.getFileName().toString().startsWith("libavdevice.so"))
                    .findFirst()
                    .orElseThrow();
        }
        String content = Files.readString(device, StandardCharsets.ISO_8859_1);
        for (String name : names) {
            int dot = name.indexOf('.');
            content = content.replace(name, name.substring(0, dot - 1) + 'X' + name.substring(dot));
        }
        Files.writeString(device, content, StandardCharsets.ISO_8859_1);
        return bundled;
    }

    /** What is found by a JVM that sees an overlay of the system's libraries without these; empty where that cannot be done. */
    private Optional<String> runWithout(List<Path> hidden, Path path) throws Exception {
        Path script = write(directory.resolve("hide"), """
                #!/bin/sh
                set -e
                mount -t tmpfs none "$1"
                mkdir "$1/upper" "$1/work"
                mount -t overlay none -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work" "$2"
                rm %s
                path=$3
                shift 3
                PATH=$path exec "$@"
                """.formatted(
                        String.join(" ", hidden.stream().map(Path::toString).toList())));
        Path mount = Files.createDirectories(directory.resolve("mount"));
        boolean root = System.getProperty("user.name").equals("root");
        List<String> command = new ArrayList<>(List.of("unshare", root ? "-m" : "-rm", script.toString()));
        command.addAll(List.of(mount.toString(), hidden.get(0).getParent().toString(), path.toString()));
        command.addAll(OtherJvm.command(List.of(), LocatingMain.class, CACHE.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return process.exitValue() == 0 ? Optional.of(output) : Optional.empty();
    }
}
