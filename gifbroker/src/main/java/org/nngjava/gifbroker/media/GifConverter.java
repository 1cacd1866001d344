package org.nngjava.gifbroker.media;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleConsumer;

/** Makes GIFs of movies. Safe for many threads, each conversion runs on its caller's. */
public final class GifConverter {
    private static final System.Logger LOG = System.getLogger(GifConverter.class.getName());

    private static final int TRAILER = 0x3B;
    private static final int HEADER_LENGTH = 10;

    private final MediaLimits limits;
    private final FfmpegRun run;
    private final MovieProbe probe;

    /**
     * @param ffmpeg that does it
     * @param limits for each conversion
     */
    public GifConverter(Ffmpeg ffmpeg, MediaLimits limits) {
        this.limits = limits;
        this.run = new FfmpegRun(ffmpeg, limits);
        this.probe = new MovieProbe(run, limits);
    }

    /**
     * Makes a GIF. An interrupt cancels it. In any case no process runs on, and nothing is left but the GIF of a success.
     *
     * @param movie of any accepted kind, whatever its name; it may be cut, and then gives the GIF of the part that can be read
     * @param gif to write or replace, only in the end; temporary files are made in its directory, which should be private
     * @param options that are honoured exactly, or the conversion fails
     * @param progress told on this thread how much is done, from 0 to 1, never falling, about ten times a second at most; what it
     *     throws cancels the conversion
     * @throws MediaException if there is no GIF, with the reason
     * @throws IOException if the movie's file or the directory cannot be used
     * @throws InterruptedException if the caller is interrupted
     */
    public ConversionResult convert(Path movie, Path gif, GifOptions options, DoubleConsumer progress)
            throws MediaException, IOException, InterruptedException {
        long began = System.nanoTime();
        Deadline deadline = Deadline.after(limits.timeLimit());
        if (!Files.isRegularFile(movie)) {
            throw new NoSuchFileException(movie.toString());
        }
        if (Files.size(movie) > limits.maxInputBytes()) {
            throw new MediaException(
                    MediaException.Kind.LIMIT, "The movie is bigger than " + (limits.maxInputBytes() >> 10) + " KiB");
        }
        MovieContainer container = MovieContainer.of(movie);
        Path target = gif.toAbsolutePath();
        try (ScratchDirectory scratch = ScratchDirectory.in(target.getParent())) {
            Attempt attempt = new Attempt(movie, scratch.path(), deadline, progress);
            Movie found = probe.probe(movie, container, scratch.path(), deadline);
            GifPlan plan = GifPlan.of(found, options, limits);
            int frames = attempt.run(plan);
            if (frames == 0 && plan.jumps()) {
                LOG.log(Level.DEBUG, "Nothing was found by seeking, reading all of the movie");
                frames = attempt.run(plan.withoutSeeking());
            }
            if (frames == 0) {
                throw plan.start().isZero()
                        ? FfmpegRun.unreadable(attempt.exit, limits)
                        : GifPlan.startBeyondEnd(plan.start(), OptionalDouble.empty());
            }
            long bytes = Files.size(attempt.gif);
            if (bytes >= limits.maxOutputBytes()) {
                throw FfmpegRun.tooManyBytes(limits);
            }
            Files.move(attempt.gif, target, StandardCopyOption.REPLACE_EXISTING);
            progress.accept(1);
            ConversionResult result = result(plan, frames, bytes, Duration.ofNanos(System.nanoTime() - began));
            LOG.log(Level.DEBUG, () -> found + " gave " + result);
            if (result.shortened()) {
                LOG.log(Level.INFO, "A longer movie gave a GIF of {0} s, the limit", Seconds.format(result.duration()));
            }
            return result;
        }
    }

    private static ConversionResult result(GifPlan plan, int frames, long bytes, Duration runTime) {
        boolean full = frames == plan.frames();
        double seconds = full && plan.finalDelay() > 0
                ? Math.round((frames - 1) / plan.fps() * 100) / 100.0 + plan.finalDelay() / 100.0
                : frames / plan.fps();
        boolean shortened = plan.shortened() || (full && plan.movie().seconds().isEmpty() && plan.finalDelay() < 0);
        return new ConversionResult(
                plan.width(), plan.height(), frames, Seconds.toDuration(seconds), bytes, shortened, runTime);
    }

    /** One conversion at work. For the thread that runs it. */
    private final class Attempt {
        private final Path movie;
        private final Path directory;
        private final Path gif;
        private final Path palette;
        private final Deadline deadline;
        private final DoubleConsumer listener;
        private double told;
        private ChildProcess.Exit exit;

        Attempt(Path movie, Path directory, Deadline deadline, DoubleConsumer listener) {
            this.movie = movie;
            this.directory = directory;
            this.gif = directory.resolve("movie.gif");
            this.palette = directory.resolve("palette.png");
            this.deadline = deadline;
            this.listener = listener;
        }

        /** The frames of the GIF, 0 if there is none. */
        int run(GifPlan plan) throws MediaException, IOException, InterruptedException {
            ConversionProgress progress = new ConversionProgress(plan.seconds(), System::nanoTime);
            if (plan.fitsInMemory()) {
                process(plan.inOneProcess(movie, gif), progress);
            } else {
                process(plan.firstPass(movie, palette), progress);
                if (!Files.exists(palette) || Files.size(palette) == 0) {
                    return 0;
                }
                process(plan.secondPass(movie, palette, gif), progress);
            }
            return isGif(gif, plan) ? Math.max(1, progress.frames()) : 0;
        }

        private void process(List<String> arguments, ConversionProgress progress)
                throws MediaException, IOException, InterruptedException {
            exit = run.convert(arguments, directory, progress::line, deadline, () -> tell(progress.fraction()));
        }

        private void tell(double fraction) {
            if (fraction > told) {
                told = fraction;
                listener.accept(fraction);
            }
        }
    }

    /** Whether it has the planned size and was written to its end; ffmpeg's exit code tells nothing of a damaged movie. */
    private static boolean isGif(Path file, GifPlan plan) throws IOException {
        if (!Files.exists(file) || Files.size(file) <= HEADER_LENGTH) {
            return false;
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] header = new byte[HEADER_LENGTH];
            in.readFully(header);
            in.seek(in.length() - 1);
            return new String(header, 0, 6, StandardCharsets.US_ASCII).equals("GIF89a")
                    && littleEndian(header, 6) == plan.width()
                    && littleEndian(header, 8) == plan.height()
                    && in.read() == TRAILER;
        }
    }

    private static int littleEndian(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
    }
}
