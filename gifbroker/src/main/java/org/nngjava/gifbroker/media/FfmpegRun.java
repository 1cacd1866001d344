package org.nngjava.gifbroker.media;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs ffmpeg and ffprobe within limits, and tells an end that is the machine's fault or a limit's from one that is the movie's.
 * Immutable.
 */
final class FfmpegRun {
    private static final System.Logger LOG = System.getLogger(FfmpegRun.class.getName());

    private static final int SIGXCPU = 24;
    private static final int SIGXFSZ = 25;

    /** How ffmpeg says that a signal asked it to end: in good order, or at once after several. It gets none but SIGXCPU. */
    private static final Set<Integer> ENDED_BY_SIGNAL = Set.of(255, 123);

    /** Exit codes of what starts it: of setpriv and prlimit, and of the dynamic loader. */
    private static final int NOT_EXECUTABLE = 126;

    private static final int NOT_FOUND = 127;

    private static final String NO_MEMORY = "Cannot allocate memory";
    private static final String NO_THREAD = "Resource temporarily unavailable";
    private static final String NO_SPACE = "No space left on device";
    private static final Pattern LACKING = Pattern.compile("No such filter: '(\\w+)'|Unknown encoder '(\\w+)'");
    private static final Pattern PICTURE_SIZE = Pattern.compile("Picture size ([0-9]{1,9})x([0-9]{1,9}) ");

    /**
     * How glibc's malloc manages frames (its manual, "Memory Allocation Tunables"; another libc takes no notice): in huge pages if the kernel
     * grants them, from two heaps that keep what is freed for the next frame instead of mapping each anew. A GIF takes a fifth less processor
     * time, and ffmpeg no more memory.
     */
    private static final Map<String, String> MALLOC = Map.of(
            "GLIBC_TUNABLES",
            "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=2:glibc.malloc.top_pad=67108864:glibc.malloc.mmap_threshold=33554432"
                    + ":glibc.malloc.trim_threshold=1073741824");

    /** A file may grow a little beyond where {@code -fs} stops it. */
    private static final long FILE_MARGIN = 16L << 20;

    private final Ffmpeg ffmpeg;
    private final MediaLimits limits;
    private final Map<String, String> environment;

    FfmpegRun(Ffmpeg ffmpeg, MediaLimits limits) {
        this.ffmpeg = ffmpeg;
        this.limits = limits;
        environment = new HashMap<>(ffmpeg.environment());
        environment.putAll(MALLOC);
    }

    /** How many threads one step of a conversion may use: what it gains beyond is little, what it takes is memory. */
    static int threads() {
        return Math.min(4, Runtime.getRuntime().availableProcessors() + 1);
    }

    /** Runs ffprobe; its output goes to {@code output}. */
    ChildProcess.Exit probe(List<String> arguments, Path directory, OutputSink output, Deadline deadline)
            throws MediaException, IOException, InterruptedException {
        return run(ffmpeg.ffprobe(), arguments, directory, output, deadline, () -> {});
    }

    /**
     * Runs ffmpeg.
     *
     * @param arguments after those that hold for every run
     * @param directory to run in
     * @param lines takes what it prints, on another thread
     * @param meanwhile called on this thread while it runs
     * @return how it ended, by itself
     * @throws MediaException if it was killed, or is out of time or memory
     */
    ChildProcess.Exit convert(
            List<String> arguments, Path directory, Consumer<String> lines, Deadline deadline, Runnable meanwhile)
            throws MediaException, IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(
                "-nostdin",
                "-hide_banner",
                "-nostats",
                "-y",
                "-loglevel",
                "error",
                "-progress",
                "pipe:1",
                "-stats_period",
                "0.2",
                // What of a damaged movie can be decoded is worth a GIF.
                "-max_error_rate",
                "1",
                "-max_alloc",
                Long.toString(Math.min(limits.memory(), Integer.MAX_VALUE)),
                "-filter_complex_threads",
                Integer.toString(threads())));
        all.addAll(arguments);
        return run(ffmpeg.ffmpeg(), all, directory, new LineSink(lines), deadline, meanwhile);
    }

    private ChildProcess.Exit run(
            Path program,
            List<String> arguments,
            Path directory,
            OutputSink output,
            Deadline deadline,
            Runnable meanwhile)
            throws MediaException, IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        ResourceLimits resources =
                new ResourceLimits(limits.memory(), cpuSeconds(), limits.maxOutputBytes() + FILE_MARGIN);
        ChildProcess.Exit exit = ChildProcess.start(
                        ffmpeg.guard().wrap(command, resources), environment, directory, output)
                .await(deadline, meanwhile);
        LOG.log(Level.DEBUG, () -> command + " ended with " + exit);
        refuse(exit);
        return exit;
    }

    private void refuse(ChildProcess.Exit exit) throws MediaException {
        if (exit.signal() == SIGXCPU || ENDED_BY_SIGNAL.contains(exit.code())) {
            throw new MediaException(
                    MediaException.Kind.LIMIT,
                    "The conversion took more than " + describe(limits.cpuTime()) + " of CPU time");
        }
        if (exit.timedOut()) {
            throw new MediaException(
                    MediaException.Kind.TIMED_OUT, "The conversion took longer than " + describe(limits.timeLimit()));
        }
        if (exit.signal() == SIGXFSZ) {
            throw tooManyBytes(limits);
        }
        if (exit.signal() != 0) {
            throw new MediaException(
                    MediaException.Kind.CRASHED, "ffmpeg was ended by signal " + exit.signal() + said(exit));
        }
        if (exit.code() == 0) {
            return;
        }
        if (exit.code() == NOT_EXECUTABLE || exit.code() == NOT_FOUND) {
            throw new MediaException(MediaException.Kind.CRASHED, "ffmpeg could not be started" + said(exit));
        }
        if (exit.errors().contains(NO_MEMORY)) {
            throw new MediaException(
                    MediaException.Kind.LIMIT,
                    "The conversion needs more than " + (limits.memory() >> 20) + " MiB of memory");
        }
        if (exit.errors().contains(NO_THREAD)) {
            throw new MediaException(MediaException.Kind.CRASHED, "The machine has no memory or threads left");
        }
        if (exit.errors().contains(NO_SPACE)) {
            throw new MediaException(MediaException.Kind.CRASHED, "There is no space left on the disk");
        }
    }

    private long cpuSeconds() {
        return Math.max(1, limits.cpuTime().plusMillis(999).toSeconds());
    }

    static MediaException tooManyBytes(MediaLimits limits) {
        return new MediaException(
                MediaException.Kind.LIMIT,
                "The GIF is bigger than " + (limits.maxOutputBytes() >> 10)
                        + " KiB; ask for less width, fps or duration");
    }

    static MediaException tooManyPixels(long width, long height, MediaLimits limits) {
        return new MediaException(
                MediaException.Kind.LIMIT,
                "The movie's picture of " + width + "x" + height + " is too big, at most " + limits.maxMoviePixels()
                        + " pixels are read");
    }

    /** Tells an ffmpeg that was built without something from a movie that cannot be read. */
    static void refuseIfUnsupported(ChildProcess.Exit exit) throws MediaException {
        Matcher lacking = LACKING.matcher(exit.errors());
        if (exit.code() != 0 && lacking.find()) {
            String filter = lacking.group(1);
            throw new MediaException(
                    MediaException.Kind.UNSUPPORTED,
                    "This needs an ffmpeg with the "
                            + (filter == null ? "encoder " + lacking.group(2) : "filter " + filter));
        }
    }

    /** Why nothing could be read: a picture that ffmpeg was told not to read, or whatever it says. */
    static MediaException unreadable(ChildProcess.Exit exit, MediaLimits limits) {
        Matcher picture = PICTURE_SIZE.matcher(exit.errors());
        if (picture.find()) {
            long width = Long.parseLong(picture.group(1));
            long height = Long.parseLong(picture.group(2));
            if (width * height > limits.maxMoviePixels()) {
                return tooManyPixels(width, height, limits);
            }
        }
        return new MediaException(MediaException.Kind.UNREADABLE, "This movie cannot be read" + said(exit));
    }

    /** The first thing that ffmpeg complained about, without its addresses and our paths. */
    private static String said(ChildProcess.Exit exit) {
        return exit.errors()
                .lines()
                .map(line -> line.replaceAll("\\[[^\\]]*\\] ?", "")
                        .replaceAll("^/\\S+: ", "")
                        .replaceAll("(file:)?/\\S+", "movie")
                        .replaceAll("\\p{Cntrl}", "")
                        .strip())
                .filter(line -> !line.isEmpty())
                .findFirst()
                .map(line -> " (ffmpeg: " + line.substring(0, Math.min(line.length(), 200)) + ")")
                .orElse("");
    }

    private static String describe(Duration duration) {
        return String.format(Locale.ROOT, "%s s", Seconds.format(duration));
    }
}
