package org.nngjava.gifbroker.media;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * How much one conversion may take. What goes beyond fails with {@link MediaException.Kind#LIMIT}, but for a movie that is
 * longer than {@link #maxDuration()}: unless a duration is asked for, it gives the GIF of its first part.
 *
 * @param maxInputBytes of the movie
 * @param maxMoviePixels width times height of the movie's picture
 * @param maxGifPixels width times height of the GIF; a default width is made smaller to fit, an asked one is refused
 * @param maxFrames of the GIF
 * @param maxDuration of the GIF
 * @param timeLimit for the whole conversion, by the clock
 * @param cpuTime of each ffmpeg process, on all cores together
 * @param maxOutputBytes of the GIF
 * @param memory bytes of address space for each ffmpeg process; a GIF whose frames would take more than an eighth of it is made
 *     in two passes
 */
public record MediaLimits(
        long maxInputBytes,
        long maxMoviePixels,
        long maxGifPixels,
        int maxFrames,
        Duration maxDuration,
        Duration timeLimit,
        Duration cpuTime,
        long maxOutputBytes,
        long memory) {
    private static final MediaLimits DEFAULTS = new MediaLimits(
            2L << 30,
            8192L * 8192,
            2048L * 2048,
            3000,
            Duration.ofSeconds(60),
            Duration.ofMinutes(10),
            Duration.ofMinutes(20),
            256L << 20,
            2L << 30);

    /** Refuses limits that are not positive. */
    public MediaLimits {
        if (maxInputBytes <= 0
                || maxMoviePixels <= 0
                || maxGifPixels <= 0
                || maxFrames <= 0
                || maxDuration.isNegative()
                || maxDuration.isZero()
                || timeLimit.isNegative()
                || timeLimit.isZero()
                || cpuTime.isNegative()
                || cpuTime.isZero()
                || maxOutputBytes <= 0
                || memory <= 0) {
            throw new IllegalArgumentException("a limit must be positive");
        }
    }

    /**
     * A movie of 2 GiB and 8192x8192 pixels; a GIF of 2048x2048 pixels, 3000 frames, 60 s and 256 MiB; 10 minutes, 20 of CPU
     * time; 2 GiB of memory.
     */
    public static MediaLimits defaults() {
        return DEFAULTS;
    }

    /** The same with another {@link #maxInputBytes()}. */
    public MediaLimits withMaxInputBytes(long bytes) {
        return with(draft -> draft.maxInputBytes = bytes);
    }

    /** The same with another {@link #maxMoviePixels()}. */
    public MediaLimits withMaxMoviePixels(long pixels) {
        return with(draft -> draft.maxMoviePixels = pixels);
    }

    /** The same with another {@link #maxGifPixels()}. */
    public MediaLimits withMaxGifPixels(long pixels) {
        return with(draft -> draft.maxGifPixels = pixels);
    }

    /** The same with another {@link #maxFrames()}. */
    public MediaLimits withMaxFrames(int frames) {
        return with(draft -> draft.maxFrames = frames);
    }

    /** The same with another {@link #maxDuration()}. */
    public MediaLimits withMaxDuration(Duration duration) {
        return with(draft -> draft.maxDuration = duration);
    }

    /** The same with another {@link #timeLimit()}. */
    public MediaLimits withTimeLimit(Duration limit) {
        return with(draft -> draft.timeLimit = limit);
    }

    /** The same with another {@link #cpuTime()}. */
    public MediaLimits withCpuTime(Duration limit) {
        return with(draft -> draft.cpuTime = limit);
    }

    /** The same with another {@link #maxOutputBytes()}. */
    public MediaLimits withMaxOutputBytes(long bytes) {
        return with(draft -> draft.maxOutputBytes = bytes);
    }

    /** The same with another {@link #memory()}. */
    public MediaLimits withMemory(long bytes) {
        return with(draft -> draft.memory = bytes);
    }

    /**
     * Refuses options that no movie could have within these limits, so that they need not be tried.
     *
     * @throws InvalidOptionException if the asked duration is longer than {@link #maxDuration()} or has more than
     *     {@link #maxFrames()} frames
     */
    public void check(GifOptions options) throws InvalidOptionException {
        if (options.duration() == null) {
            return;
        }
        Duration asked = Seconds.toDuration(Seconds.of(options.duration()) / options.speedOrOne());
        if (asked.compareTo(maxDuration) > 0) {
            throw new InvalidOptionException(
                    "duration",
                    Seconds.format(asked) + " s is too long, a GIF may last at most " + Seconds.format(maxDuration)
                            + " s");
        }
        long frames = Math.round(Seconds.of(asked) * options.fpsOrDefault());
        if (frames > maxFrames) {
            throw new InvalidOptionException(
                    "duration",
                    Seconds.format(asked) + " s at " + options.fpsOrDefault() + " frames per second are " + frames
                            + " frames, a GIF may have at most " + maxFrames);
        }
    }

    private MediaLimits with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.limits();
    }

    /** Limits that may still be changed. */
    private static final class Draft {
        private long maxInputBytes;
        private long maxMoviePixels;
        private long maxGifPixels;
        private int maxFrames;
        private Duration maxDuration;
        private Duration timeLimit;
        private Duration cpuTime;
        private long maxOutputBytes;
        private long memory;

        Draft(MediaLimits from) {
            maxInputBytes = from.maxInputBytes;
            maxMoviePixels = from.maxMoviePixels;
            maxGifPixels = from.maxGifPixels;
            maxFrames = from.maxFrames;
            maxDuration = from.maxDuration;
            timeLimit = from.timeLimit;
            cpuTime = from.cpuTime;
            maxOutputBytes = from.maxOutputBytes;
            memory = from.memory;
        }

        MediaLimits limits() {
            return new MediaLimits(
                    maxInputBytes,
                    maxMoviePixels,
                    maxGifPixels,
                    maxFrames,
                    maxDuration,
                    timeLimit,
                    cpuTime,
                    maxOutputBytes,
                    memory);
        }
    }
}
