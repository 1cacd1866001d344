package org.nngjava.gifbroker.media;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a GIF of a movie will be. Immutable. Its times are the GIF's own unless they say otherwise.
 *
 * @param movie that it is made of
 * @param options that were asked for, with the crop in its place
 * @param limits within which
 * @param width of the GIF
 * @param height of the GIF
 * @param frames at most
 * @param finalDelay hundredths of a second that the last frame is shown, or -1 for as long as the others
 * @param seconds that it will last, if the movie's length is known or the limit is sure to be reached
 * @param shortened whether the movie goes on where the limit ends the GIF
 * @param seek where ffmpeg jumps to in the movie, in its own time; it reads on from there to the start
 * @param crop the part of the picture that is shown, in its place
 * @param caption on the picture
 */
record GifPlan(
        Movie movie,
        GifOptions options,
        MediaLimits limits,
        int width,
        int height,
        int frames,
        int finalDelay,
        OptionalDouble seconds,
        boolean shortened,
        double seek,
        Optional<Crop> crop,
        Optional<Caption> caption) {
    private static final int BYTES_PER_PIXEL = 4;

    /** Where a container cannot seek to a frame that can be decoded alone, ffmpeg starts so much earlier. */
    private static final double RUN_UP = 10;

    /**
     * Plans a GIF.
     *
     * @throws MediaException if the movie ends before the start or has no such part, or the GIF would go beyond the limits
     */
    static GifPlan of(Movie movie, GifOptions options, MediaLimits limits) throws MediaException {
        try {
            limits.check(options);
        } catch (InvalidOptionException e) {
            throw new MediaException(MediaException.Kind.LIMIT, e.getMessage());
        }
        double start = Seconds.of(options.startOrZero());
        if (movie.seconds().isPresent() && start > 0 && start >= movie.seconds().getAsDouble()) {
            throw startBeyondEnd(options.startOrZero(), movie.seconds());
        }
        Optional<Crop> crop = options.crop() == null
                ? Optional.empty()
                : Optional.of(options.crop().in(movie));
        PictureSize size = PictureSize.of(
                crop.map(Crop::width).orElse(movie.width()),
                crop.map(Crop::height).orElse(movie.height()),
                options,
                limits);
        Optional<Caption> caption = options.caption() == null
                ? Optional.empty()
                : Optional.of(Caption.fit(options.caption(), size.width(), size.height()));
        double fps = options.fpsOrDefault();
        double speed = options.speedOrOne();
        OptionalDouble left = movie.seconds().isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of((movie.seconds().getAsDouble() - start) / speed);
        double most = Math.min(Seconds.of(limits.maxDuration()), limits.maxFrames() / fps);
        double wanted = options.duration() == null ? most : Seconds.of(options.duration()) / speed;
        int frames = frames(wanted, fps);
        boolean covered = left.isPresent() && left.getAsDouble() >= wanted - 0.001;
        GifPlan plan = new GifPlan(
                movie,
                options,
                limits,
                size.width(),
                size.height(),
                frames,
                covered ? finalDelay(wanted, frames, fps) : -1,
                covered ? OptionalDouble.of(wanted) : left,
                options.duration() == null && covered && left.getAsDouble() > wanted + 1 / fps,
                movie.container().isSeekable() ? start : Math.max(0, start - RUN_UP),
                crop,
                caption);
        plan.checkReverse();
        return plan;
    }

    static MediaException startBeyondEnd(Duration start, OptionalDouble end) {
        return new MediaException(
                MediaException.Kind.START_BEYOND_END,
                "start: " + Seconds.format(start) + " s is beyond the movie's end"
                        + (end.isPresent() ? " at " + Seconds.format(end.getAsDouble()) + " s" : ""));
    }

    /** The same, but reading all of the movie up to the start: slower, and right where there is no index to trust. */
    GifPlan withoutSeeking() {
        return new GifPlan(
                movie, options, limits, width, height, frames, finalDelay, seconds, shortened, 0, crop, caption);
    }

    double fps() {
        return options.fpsOrDefault();
    }

    Duration start() {
        return options.startOrZero();
    }

    OutputFormat format() {
        return options.formatOrDefault();
    }

    /** Whether ffmpeg was told to jump somewhere. */
    boolean jumps() {
        return seek > 0;
    }

    /**
     * Whether all frames are held in memory at once: to be turned round, or since they are few, which spares reading the movie twice
     * for the palette.
     */
    boolean holdsFrames() {
        return options.isReversed() || expectedBytes() <= limits.memory() / 8.0;
    }

    /** Frames that are read. Those that are turned round are held, however long the movie really is. */
    int framesRead() {
        return options.isReversed() ? (int) Math.min(frames, Math.max(1, mostHeld() / bytesPerFrame())) : frames;
    }

    private void checkReverse() throws MediaException {
        if (options.isReversed() && expectedBytes() > mostHeld()) {
            throw new MediaException(
                    MediaException.Kind.LIMIT,
                    "reverse: all frames are held in memory, at most " + mostHeld() / bytesPerFrame() + " of " + width
                            + "x" + height + "; ask for less duration, fps or width");
        }
    }

    private double expectedBytes() {
        double expected = Math.min(frames, seconds.isPresent() ? seconds.getAsDouble() * fps() + 1 : frames);
        return expected * bytesPerFrame();
    }

    private long mostHeld() {
        return limits.memory() / 4;
    }

    private long bytesPerFrame() {
        return (long) width * height * BYTES_PER_PIXEL;
    }

    /** Rounded, but an exact half goes down: the last frame then stays longer rather than too short to be seen. */
    private static int frames(double seconds, double fps) {
        return (int) Math.max(1, Math.ceil(seconds * fps - 0.5 - 1e-6));
    }

    /** What is left for the last frame; browsers take less than 2 for 10. */
    private static int finalDelay(double seconds, int frames, double fps) {
        long before = Math.round((frames - 1) / fps * 100);
        return (int) Math.max(2, Math.round(seconds * 100) - before);
    }
}
