package org.nngjava.gifbroker.media;

import java.io.File;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds an ffmpeg that starts. Immutable; {@link Ffmpeg#locate} is the one that looks at this machine. */
public final class FfmpegLocator {
    /** System property that names the directory which the bundled ffmpeg is unpacked into. */
    public static final String CACHE_PROPERTY = "org.nngjava.gifbroker.cache";

    private static final System.Logger LOG = System.getLogger(FfmpegLocator.class.getName());

    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final Pattern VERSION = Pattern.compile("\\Aff(?:mpeg|probe) version (\\S+)");
    private static final Pattern RELEASE = Pattern.compile("n?([0-9]+)\\.([0-9]+).*");
    private static final Pattern NOT_FOUND = Pattern.compile("(?m)^\\s*(\\S+) => not found");
    private static final String ALSA = "libasound.so.2";
    private static final Map<String, String> DEBIAN_PACKAGES = Map.of(
            ALSA,
            "libasound2",
            "libpulse.so.0",
            "libpulse0",
            "libxcb-shm.so.0",
            "libxcb-shm0",
            "libxcb.so.1",
            "libxcb1");

    private final BundledFfmpeg bundled;
    private final List<Path> path;
    private final Map<String, String> environment;
    private final ProcessGuard guard;

    /**
     * @param bundled the one that comes along
     * @param path directories to search, in order
     * @param environment for an ffmpeg that is not bundled
     * @param guard to start it through if that works
     */
    FfmpegLocator(BundledFfmpeg bundled, List<Path> path, Map<String, String> environment, ProcessGuard guard) {
        this.bundled = bundled;
        this.path = List.copyOf(path);
        this.environment = Map.copyOf(environment);
        this.guard = guard;
    }

    /** Looks at the bundled ffmpeg, unpacked into {@link #defaultCache()}, and at the PATH of this process. */
    public static FfmpegLocator ofThisMachine() {
        return of(defaultCache());
    }

    /** Looks at the bundled ffmpeg, unpacked into this directory, and at the PATH of this process. */
    public static FfmpegLocator of(Path cache) {
        String libraries = System.getenv("LD_LIBRARY_PATH");
        return new FfmpegLocator(
                BundledFfmpeg.forThisPlatform(cache),
                directories(System.getenv("PATH")),
                libraries == null ? Map.of() : Map.of("LD_LIBRARY_PATH", libraries),
                ProcessGuard.find());
    }

    /** {@value #CACHE_PROPERTY} if set, else {@code gifbroker} in the user's cache directory (XDG). */
    public static Path defaultCache() {
        String property = System.getProperty(CACHE_PROPERTY);
        if (property != null) {
            return Path.of(property);
        }
        String caches = System.getenv("XDG_CACHE_HOME");
        Path base = caches != null && caches.startsWith("/")
                ? Path.of(caches)
                : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("gifbroker");
    }

    /**
     * The given one, else the bundled one, else the first on PATH that starts.
     *
     * @param given an ffmpeg with its ffprobe beside it, or {@code null}; when it does not start no other is tried
     * @throws FfmpegNotFoundException if none starts
     */
    public Ffmpeg locate(Path given) throws FfmpegNotFoundException {
        try {
            return given == null ? search() : use(given);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FfmpegNotFoundException("Interrupted while looking for an ffmpeg", List.of());
        }
    }

    private Ffmpeg use(Path given) throws FfmpegNotFoundException, InterruptedException {
        Path program = given.toAbsolutePath();
        List<String> failures = new ArrayList<>();
        Optional<Ffmpeg> found = start(Ffmpeg.Origin.GIVEN, program, environment, failures);
        return found.orElseThrow(() -> new FfmpegNotFoundException(
                "The given ffmpeg cannot be used: " + program + ": " + failures.get(0), List.of()));
    }

    private Ffmpeg search() throws FfmpegNotFoundException, InterruptedException {
        List<String> failures = new ArrayList<>();
        Set<String> missing = new LinkedHashSet<>();
        Optional<Ffmpeg> found = searchBundled(failures, missing);
        if (found.isEmpty()) {
            found = searchPath(failures);
        }
        if (found.isEmpty()) {
            throw new FfmpegNotFoundException(describe(failures, missing), List.copyOf(missing));
        }
        if (!missing.isEmpty()) {
            LOG.log(Level.INFO, "Using {0}; the bundled one lacks {1}", found.get(), String.join(", ", missing));
        }
        return found.get();
    }

    private Optional<Ffmpeg> searchBundled(List<String> failures, Set<String> missing) throws InterruptedException {
        try {
            Path directory = bundled.unpack();
            Path program = directory.resolve("ffmpeg");
            Map<String, String> libraries = Map.of("LD_LIBRARY_PATH", directory.toString());
            List<String> reasons = new ArrayList<>();
            Optional<Ffmpeg> found = start(Ffmpeg.Origin.BUNDLED, program, libraries, reasons);
            if (found.isEmpty()) {
                missing.addAll(missingLibraries(program, libraries));
                failures.add("the bundled one, " + program + ": "
                        + (missing.isEmpty()
                                ? reasons.get(0)
                                : "the system lacks the libraries " + String.join(", ", missing)));
            }
            return found;
        } catch (IOException e) {
            failures.add("the bundled one: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Ffmpeg> searchPath(List<String> failures) throws InterruptedException {
        Set<Path> tried = new LinkedHashSet<>();
        for (Path directory : path) {
            Path program = directory.resolve("ffmpeg");
            if (Files.isExecutable(program) && !Files.isDirectory(program) && tried.add(real(program))) {
                List<String> reasons = new ArrayList<>();
                Optional<Ffmpeg> found = start(Ffmpeg.Origin.PATH, program, environment, reasons);
                if (found.isPresent()) {
                    return found;
                }
                failures.add("the one on PATH, " + program + ": " + reasons.get(0));
            }
        }
        if (tried.isEmpty()) {
            failures.add("PATH: there is no ffmpeg in "
                    + path.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        }
        return Optional.empty();
    }

    /** The same program often has two directories. */
    private static Path real(Path program) {
        try {
            return program.toRealPath();
        } catch (IOException e) {
            return program;
        }
    }

    /** Starts it and its ffprobe, through the guard or else without. */
    private Optional<Ffmpeg> start(
            Ffmpeg.Origin origin, Path program, Map<String, String> libraries, List<String> failures)
            throws InterruptedException {
        Optional<Path> probe = probeOf(program);
        if (probe.isEmpty()) {
            failures.add(Files.exists(program) ? "there is no ffprobe beside it" : "there is no such file");
            return Optional.empty();
        }
        ProcessGuard used = guard;
        Trial trial = trial(program, libraries, used);
        if (trial.version() == null && !guard.isNone()) {
            used = ProcessGuard.NONE;
            trial = trial(program, libraries, used);
        }
        Trial probeTrial = trial.version() == null ? trial : trial(probe.get(), libraries, used);
        if (probeTrial.version() == null) {
            failures.add(probeTrial.failure());
            return Optional.empty();
        }
        if (used.isNone()) {
            LOG.log(
                    Level.WARNING,
                    "ffmpeg runs without resource limits, and on if this process is killed:"
                            + " setpriv and prlimit (util-linux) were not found or do not work");
        }
        return Optional.of(new Ffmpeg(program, probe.get(), trial.version(), origin, libraries, used));
    }

    private Optional<Path> probeOf(Path program) {
        List<Path> places = new ArrayList<>(List.of(program.resolveSibling("ffprobe")));
        path.forEach(directory -> places.add(directory.resolve("ffprobe")));
        return Files.exists(program)
                ? places.stream().filter(Files::isExecutable).findFirst()
                : Optional.empty();
    }

    private static Trial trial(Path program, Map<String, String> libraries, ProcessGuard guard)
            throws InterruptedException {
        Excerpt output = new Excerpt();
        try {
            List<String> command = guard.wrap(List.of(program.toString(), "-version"), ResourceLimits.none());
            ChildProcess.Exit exit = ChildProcess.start(command, libraries, Path.of("/"), output)
                    .await(Deadline.after(START_LIMIT), () -> {});
            Matcher version = VERSION.matcher(output.text());
            if (exit.timedOut()) {
                return Trial.failed("it did not answer within " + START_LIMIT.toSeconds() + " s");
            }
            if (exit.code() != 0 || !version.find()) {
                String said = (exit.errors() + '\n' + output.text()).strip();
                return Trial.failed(
                        said.isEmpty()
                                ? "it ended with code " + exit.code()
                                : said.lines().findFirst().get());
            }
            return isTooOld(version.group(1))
                    ? Trial.failed("version " + version.group(1) + " is too old, 4.4 or later is needed")
                    : new Trial(version.group(1), null);
        } catch (IOException e) {
            return Trial.failed(e.getMessage());
        }
    }

    private static boolean isTooOld(String version) {
        Matcher release = RELEASE.matcher(version);
        if (!release.matches()) {
            return false;
        }
        int major = Integer.parseInt(release.group(1));
        return major < 4 || (major == 4 && Integer.parseInt(release.group(2)) < 4);
    }

    /** Asks the dynamic loader for all that is missing; a failed start names only the first. */
    private static List<String> missingLibraries(Path program, Map<String, String> libraries)
            throws InterruptedException {
        Excerpt output = new Excerpt(64 << 10);
        try {
            ChildProcess.start(
                            List.of(program.toString()),
                            Map.of("LD_TRACE_LOADED_OBJECTS", "1", "LD_LIBRARY_PATH", libraries.get("LD_LIBRARY_PATH")),
                            Path.of("/"),
                            output)
                    .await(Deadline.after(START_LIMIT), () -> {});
        } catch (IOException e) {
            return List.of();
        }
        return NOT_FOUND
                .matcher(output.text())
                .results()
                .map(result -> result.group(1))
                .distinct()
                .sorted()
                .toList();
    }

    private static String describe(List<String> failures, Set<String> missing) {
        StringBuilder text = new StringBuilder("No ffmpeg could be started. Tried:");
        failures.forEach(failure -> text.append("\n  - ").append(failure));
        text.append("\nWhat helps: ");
        if (!missing.isEmpty()) {
            List<String> packages = missing.stream()
                    .map(library -> DEBIAN_PACKAGES.getOrDefault(library, library))
                    .toList();
            text.append("install the missing libraries (Debian, Ubuntu: apt-get install ")
                    .append(String.join(" ", packages))
                    .append(missing.contains(ALSA) ? "; newer ones call libasound2 libasound2t64), or " : "), or ");
        }
        return text.append("install ffmpeg 4.4 or later (Debian, Ubuntu: apt-get install ffmpeg),")
                .append(" or name one with --ffmpeg; -D")
                .append(CACHE_PROPERTY)
                .append("=DIR unpacks the bundled one elsewhere")
                .toString();
    }

    private static List<Path> directories(String path) {
        if (path == null) {
            return List.of();
        }
        List<Path> directories = new ArrayList<>();
        for (String entry : path.split(Pattern.quote(File.pathSeparator), -1)) {
            try {
                // A relative entry would mean another program in each directory.
                if (entry.startsWith("/")) {
                    directories.add(Path.of(entry));
                }
            } catch (InvalidPathException e) {
                LOG.log(Level.DEBUG, "PATH has an entry that is no path", e);
            }
        }
        return directories;
    }

    /** How one start went: it told its version, or it failed for this reason. */
    private record Trial(String version, String failure) {
        static Trial failed(String failure) {
            return new Trial(null, failure);
        }
    }
}
