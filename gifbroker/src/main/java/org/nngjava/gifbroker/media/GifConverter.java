package org.nngjava.gifbroker.media;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleConsumer;

/** Makes GIFs of movies, or what else {@link OutputFormat} knows. Safe for many threads, each conversion runs on its caller's. */
public final class GifConverter {
    private static final System.Logger LOG = System.getLogger(GifConverter.class.getName());

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
     * @param gif to write or replace, only in the end, in the format of the options; temporary files are made in its directory, which should be private
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
            long bytes = Files.size(attempt.output);
            if (bytes >= limits.maxOutputBytes()) {
                throw FfmpegRun.tooManyBytes(limits);
            }
            Files.move(attempt.output, target, StandardCopyOption.REPLACE_EXISTING);
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
        double seconds = full && plan.finalDelay() > 0 && plan.format() == OutputFormat.GIF
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
        private final Path output;
        private final Path palette;
        private final Deadline deadline;
        private final DoubleConsumer listener;
        private double told;
        private ChildProcess.Exit exit;

        Attempt(Path movie, Path directory, Deadline deadline, DoubleConsumer listener) {
            this.movie = movie;
            this.directory = directory;
            this.output = directory.resolve("output");
            this.palette = directory.resolve("palette.png");
            this.deadline = deadline;
            this.listener = listener;
        }

        /** The frames of the GIF, 0 if there is none. */
        int run(GifPlan plan) throws MediaException, IOException, InterruptedException {
            boolean isGif = plan.format() == OutputFormat.GIF;
            ConversionProgress progress = new ConversionProgress(plan.seconds(), isGif, System::nanoTime);
            FfmpegArguments arguments = new FfmpegArguments(plan, movie);
            if (plan.caption().isPresent()) {
                plan.caption().get().writeTo(directory);
            }
            switch (plan.format()) {
                case GIF -> {
                    if (plan.holdsFrames()) {
                        process(arguments.inOneProcess(output), progress);
                    } else {
                        process(arguments.firstPass(palette), progress);
                        if (!Files.exists(palette) || Files.size(palette) == 0) {
                            return 0;
                        }
                        process(arguments.secondPass(palette, output), progress);
                    }
                }
                case WEBP -> process(arguments.webp(output), progress);
                case MP4 -> process(arguments.mp4(output), progress);
            }
            return plan.format().isWhole(output, plan.width(), plan.height()) ? Math.max(1, progress.frames()) : 0;
        }

        /** The first of these ways that this ffmpeg knows. */
        private void process(Iterable<List<String>> ways, ConversionProgress progress)
                throws MediaException, IOException, InterruptedException {
            MediaException last = null;
            for (List<String> arguments : ways) {
                try {
                    process(arguments, progress);
                    return;
                } catch (MediaException e) {
                    if (e.kind() != MediaException.Kind.UNSUPPORTED) {
                        throw e;
                    }
                    last = e;
                }
            }
            throw last;
        }

        private void process(List<String> arguments, ConversionProgress progress)
                throws MediaException, IOException, InterruptedException {
            exit = run.convert(arguments, directory, progress::line, deadline, () -> tell(progress.fraction()));
            FfmpegRun.refuseIfUnsupported(exit);
        }

        private void tell(double fraction) {
            if (fraction > told) {
                told = fraction;
                listener.accept(fraction);
            }
        }
    }
}
