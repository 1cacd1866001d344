package org.nngjava.gifbroker.media;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a GIF of a movie will be, and how ffmpeg is told to make it. Immutable.
 *
 * <p>Palette and dithering: {@code stats_mode=diff} gives the colours to what moves; ordered dithering at scale 5 hides banding at
 * a small size, and {@code diff_mode=rectangle} writes only what changed. One process reads the movie once and holds all scaled
 * frames until the palette is known; two processes read it twice and hold none.
 *
 * @param movie that it is made of
 * @param limits within which
 * @param width of the GIF
 * @param height of the GIF
 * @param fps frames per second
 * @param start in the movie
 * @param frames at most
 * @param finalDelay hundredths of a second that the last frame is shown, or -1 for as long as the others
 * @param seconds that it will last, if the movie's length is known or the limit is sure to be reached
 * @param shortened whether the movie goes on where the limit ends the GIF
 * @param seek where ffmpeg jumps to in the movie; it reads on from there to the start
 */
record GifPlan(
        Movie movie,
        MediaLimits limits,
        int width,
        int height,
        double fps,
        Duration start,
        int frames,
        int finalDelay,
        OptionalDouble seconds,
        boolean shortened,
        double seek) {
    private static final int DEFAULT_WIDTH = 480;
    private static final int MAX_SIDE = 65535;
    private static final int BYTES_PER_PIXEL = 4;

    /** Where a container cannot seek to a frame that can be decoded alone, ffmpeg starts so much earlier. */
    private static final double RUN_UP = 10;

    /** The last frame before the end may stay longer than its own time; the next one says how long. */
    private static final double OVERLAP = 1;

    private static final String PALETTE = "palettegen=stats_mode=diff";
    private static final String DITHER = "paletteuse=dither=bayer:bayer_scale=5:diff_mode=rectangle";

    /**
     * Plans a GIF.
     *
     * @throws MediaException if the movie ends before the start, or the GIF would go beyond the limits
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
        int width = width(movie, options, limits);
        double fps = options.fpsOrDefault();
        OptionalDouble left = movie.seconds().isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(movie.seconds().getAsDouble() - start);
        double most = Math.min(Seconds.of(limits.maxDuration()), limits.maxFrames() / fps);
        double wanted = options.duration() == null ? most : Seconds.of(options.duration());
        int frames = frames(wanted, fps);
        boolean covered = left.isPresent() && left.getAsDouble() >= wanted - 0.001;
        return new GifPlan(
                movie,
                limits,
                width,
                height(movie, width),
                fps,
                options.startOrZero(),
                frames,
                covered ? finalDelay(wanted, frames, fps) : -1,
                covered ? OptionalDouble.of(wanted) : left,
                options.duration() == null && covered && left.getAsDouble() > wanted + 1 / fps,
                movie.container().isSeekable() ? start : Math.max(0, start - RUN_UP));
    }

    static MediaException startBeyondEnd(Duration start, OptionalDouble end) {
        return new MediaException(
                MediaException.Kind.START_BEYOND_END,
                "start: " + Seconds.format(start) + " s is beyond the movie's end"
                        + (end.isPresent() ? " at " + Seconds.format(end.getAsDouble()) + " s" : ""));
    }

    /** The same, but reading all of the movie up to the start: slower, and right where there is no index to trust. */
    GifPlan withoutSeeking() {
        return new GifPlan(movie, limits, width, height, fps, start, frames, finalDelay, seconds, shortened, 0);
    }

    /** Whether ffmpeg was told to jump somewhere. */
    boolean jumps() {
        return seek > 0;
    }

    /** Whether all frames together are few enough to be held in memory. */
    boolean fitsInMemory() {
        double expected = Math.min(frames, seconds.isPresent() ? seconds.getAsDouble() * fps + 1 : frames);
        return expected * width * height * BYTES_PER_PIXEL <= limits.memory() / 8.0;
    }

    /** Reads the movie and writes the GIF. */
    List<String> inOneProcess(Path file, Path gif) {
        List<String> arguments = input(file);
        arguments.addAll(List.of(
                "-filter_complex",
                picture() + "," + FrameReport.FILTER + ",split[frames][counted];[counted]" + PALETTE
                        + "[palette];[frames][palette]" + DITHER + "[gif]"));
        arguments.addAll(output(gif));
        return arguments;
    }

    /** Reads the movie and writes its palette. */
    List<String> firstPass(Path file, Path palette) {
        List<String> arguments = input(file);
        arguments.addAll(List.of(
                "-filter_complex",
                picture() + "," + FrameReport.FILTER + "," + PALETTE + "[palette]",
                "-map",
                "[palette]",
                "-frames:v",
                "1",
                "-update",
                "1",
                "-c:v",
                "png",
                "-f",
                "image2",
                MovieInput.url(palette)));
        return arguments;
    }

    /** Reads the movie again, and its palette, and writes the GIF. */
    List<String> secondPass(Path file, Path palette, Path gif) {
        List<String> arguments = input(file);
        arguments.addAll(List.of(
                "-protocol_whitelist",
                "file,pipe",
                "-format_whitelist",
                "png_pipe",
                "-f",
                "png_pipe",
                "-i",
                MovieInput.url(palette),
                "-filter_complex",
                picture() + "[frames];[frames][1:v:0]" + DITHER + "[gif]"));
        arguments.addAll(output(gif));
        return arguments;
    }

    private List<String> input(Path file) {
        List<String> arguments = new ArrayList<>(MovieInput.guards(movie.container(), limits));
        arguments.addAll(List.of("-threads", Integer.toString(FfmpegRun.threads()), "-an", "-sn", "-dn"));
        // A picture that changes its size would begin a new palette and lose the frames before it.
        arguments.addAll(List.of("-reinit_filter", "0"));
        if (seek > 0) {
            arguments.addAll(List.of("-ss", Seconds.format(seek)));
        }
        double read = Seconds.of(start) - seek + frames / fps + OVERLAP;
        arguments.addAll(List.of("-t", Seconds.format(read), "-i", MovieInput.url(file)));
        return arguments;
    }

    private List<String> output(Path gif) {
        return List.of(
                "-map",
                "[gif]",
                "-an",
                "-sn",
                "-dn",
                "-map_metadata",
                "-1",
                "-map_chapters",
                "-1",
                "-fs",
                Long.toString(limits.maxOutputBytes()),
                "-final_delay",
                Integer.toString(finalDelay),
                "-f",
                "gif",
                MovieInput.url(gif));
    }

    /** The frames that the GIF shows, in its size. */
    private String picture() {
        String from = Seconds.format(Seconds.of(start) - seek);
        String skip = from.equals("0") ? "" : "trim=start=" + from + ",setpts=PTS-" + from + "/TB,";
        return "[0:" + movie.stream() + "]" + skip + "fps=fps=" + Seconds.format(fps) + ":start_time=0,trim=end_frame="
                + frames + ",scale=w=" + width + ":h=" + height + ":flags=lanczos,setsar=1";
    }

    private static int width(Movie movie, GifOptions options, MediaLimits limits) throws MediaException {
        if (options.width() != null) {
            int height = height(movie, options.width());
            if (height > MAX_SIDE || (long) options.width() * height > limits.maxGifPixels()) {
                throw new MediaException(
                        MediaException.Kind.LIMIT,
                        "width: the GIF would be " + options.width() + "x" + height + ", at most "
                                + limits.maxGifPixels() + " pixels are made");
            }
            return options.width();
        }
        int width = Math.min(DEFAULT_WIDTH, movie.width());
        double shape = (double) movie.height() / movie.width();
        int widest = (int) Math.min(Math.sqrt(limits.maxGifPixels() / shape), MAX_SIDE / shape);
        return Math.max(1, Math.min(width, widest));
    }

    private static int height(Movie movie, int width) {
        return (int) Math.max(1, Math.round((double) width * movie.height() / movie.width()));
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
