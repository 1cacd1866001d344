package org.nngjava.gifbroker.media;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a GIF shall be. {@code null} leaves an option to its default.
 *
 * @param width in pixels, 16 to 1920; without a height that follows from the picture's shape. Default: the {@link Quality}'s, at
 *     most the picture's
 * @param height in pixels, 16 to 1920; without a width that follows. With both, the GIF is as big as fits in them
 * @param fps frames per second, 1 to 50, to the thousandth. A GIF's delays are hundredths of a second: 10, 12.5, 20, 25 and 50
 *     are exact, others so on average. Default: the {@link Quality}'s, for an MP4 twice as many
 * @param start where in the movie the GIF begins. Default: at its beginning
 * @param duration how much of the movie it shows. Default: all that is left, up to a {@linkplain MediaLimits limit}
 * @param crop the part of the picture that it shows. Default: all
 * @param speed how many times as fast as the movie, 0.25 to 4, to the thousandth. Default: 1
 * @param reverse whether it runs backwards; then all of its frames must fit in memory. Default: no
 * @param loop how often it is played, up to 1000, 0 for ever. Default: 0. Not for an MP4
 * @param quality how much it may weigh for how it looks. Default: {@link Quality#BALANCED}
 * @param caption written over its lower part, at most 200 characters; line feeds are kept, long lines are broken. Default: none
 * @param format of the file. Default: {@link OutputFormat#GIF}
 */
public record GifOptions(
        Integer width,
        Integer height,
        Double fps,
        Duration start,
        Duration duration,
        Crop crop,
        Double speed,
        Boolean reverse,
        Integer loop,
        Quality quality,
        String caption,
        OutputFormat format) {
    /** The options' names, in which {@link #parse} and {@link #toMap} put them. */
    public static final List<String> NAMES = List.of(
            "width",
            "height",
            "fps",
            "start",
            "duration",
            "crop",
            "speed",
            "reverse",
            "loop",
            "quality",
            "caption",
            "format");

    private static final int MIN_SIDE = 16;
    private static final int MAX_SIDE = 1920;
    private static final int MAX_FPS = 50;
    private static final double MIN_SPEED = 0.25;
    private static final double MAX_SPEED = 4;
    private static final int MAX_LOOP = 1000;
    private static final Duration MAX_TIME = Duration.ofHours(100);
    private static final GifOptions NONE =
            new GifOptions(null, null, null, null, null, null, null, null, null, null, null, null);

    /** Refuses values out of range with an {@link IllegalArgumentException}; {@link #parse} tells users more. */
    public GifOptions {
        require(width == null || isBetween(width, MIN_SIDE, MAX_SIDE), "width", width);
        require(height == null || isBetween(height, MIN_SIDE, MAX_SIDE), "height", height);
        require(fps == null || isBetween(fps, 1, MAX_FPS), "fps", fps);
        require(start == null || (!start.isNegative() && start.compareTo(MAX_TIME) <= 0), "start", start);
        boolean lasts =
                duration == null || (duration.compareTo(Duration.ZERO) > 0 && duration.compareTo(MAX_TIME) <= 0);
        require(lasts, "duration", duration);
        require(speed == null || isBetween(speed, MIN_SPEED, MAX_SPEED), "speed", speed);
        require(loop == null || isBetween(loop, 0, MAX_LOOP), "loop", loop);
        require(loop == null || format != OutputFormat.MP4, "loop of an MP4", loop);
    }

    /** All left to the defaults. */
    public static GifOptions defaults() {
        return NONE;
    }

    /**
     * Reads options as users write them.
     *
     * @param options by their {@linkplain #NAMES names}: pixels, frames per second and speed as numbers; {@code start} and
     *     {@code duration} in seconds as a decimal, or {@code h:m:s} or {@code m:s} with decimals; {@code crop} as {@code W:H} or
     *     {@code W:H:X:Y}; {@code reverse} as {@code true} or {@code false}; {@code quality} and {@code format} by their words
     * @throws InvalidOptionException if a value is malformed or out of range, or a name is none of these
     */
    public static GifOptions parse(Map<String, String> options) throws InvalidOptionException {
        for (String name : options.keySet()) {
            if (!NAMES.contains(name)) {
                throw new InvalidOptionException(name, "no such option, there are " + String.join(", ", NAMES));
            }
        }
        OutputFormat format = read(
                options,
                "format",
                (name, value) -> OptionSyntax.word(name, value, OutputFormat.values(), OutputFormat::extension));
        if (format == OutputFormat.MP4 && options.containsKey("loop")) {
            throw new InvalidOptionException("loop", "an MP4 does not say how often it is played");
        }
        return new GifOptions(
                read(options, "width", GifOptions::side),
                read(options, "height", GifOptions::side),
                read(
                        options,
                        "fps",
                        (name, value) ->
                                OptionSyntax.decimal(name, value, 1, MAX_FPS, "a number of frames per second")),
                read(options, "start", GifOptions::time),
                read(options, "duration", GifOptions::timeSpan),
                read(options, "crop", Crop::parse),
                read(
                        options,
                        "speed",
                        (name, value) -> OptionSyntax.decimal(name, value, MIN_SPEED, MAX_SPEED, "a speed")),
                read(options, "reverse", OptionSyntax::flag),
                read(
                        options,
                        "loop",
                        (name, value) -> OptionSyntax.integer(
                                name, value, 0, MAX_LOOP, "how often it is played, 0 for ever, a whole number")),
                read(
                        options,
                        "quality",
                        (name, value) -> OptionSyntax.word(name, value, Quality.values(), Quality::label)),
                read(options, "caption", Caption::parse),
                format);
    }

    /** The options that are not left to their defaults, such that {@link #parse} gives them back. */
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        put(map, "width", width, Object::toString);
        put(map, "height", height, Object::toString);
        put(map, "fps", fps, Seconds::format);
        put(map, "start", start, Seconds::format);
        put(map, "duration", duration, Seconds::format);
        put(map, "crop", crop, Crop::toString);
        put(map, "speed", speed, Seconds::format);
        put(map, "reverse", reverse, Object::toString);
        put(map, "loop", loop, Object::toString);
        put(map, "quality", quality, Quality::label);
        put(map, "caption", caption, Function.identity());
        put(map, "format", format, OutputFormat::extension);
        return map;
    }

    /** The same options, where a value that is the default is left out: options that mean the same are equal so. */
    public GifOptions canonical() {
        return new GifOptions(
                width,
                height,
                unless(defaultFps(), fps),
                unless(Duration.ZERO, start),
                duration,
                crop,
                unless(1.0, speed),
                unless(false, reverse),
                unless(0, loop),
                unless(Quality.BALANCED, quality),
                caption,
                unless(OutputFormat.GIF, format));
    }

    /** The format that is asked for, or GIF. */
    public OutputFormat formatOrDefault() {
        return format == null ? OutputFormat.GIF : format;
    }

    Quality qualityOrDefault() {
        return quality == null ? Quality.BALANCED : quality;
    }

    double fpsOrDefault() {
        return fps == null ? defaultFps() : fps;
    }

    /** A movie has room for twice the frames. */
    private double defaultFps() {
        return qualityOrDefault().fps() * (format == OutputFormat.MP4 ? 2 : 1);
    }

    Duration startOrZero() {
        return start == null ? Duration.ZERO : start;
    }

    double speedOrOne() {
        return speed == null ? 1 : speed;
    }

    boolean isReversed() {
        return Boolean.TRUE.equals(reverse);
    }

    int loopOrForever() {
        return loop == null ? 0 : loop;
    }

    private static <T> T read(Map<String, String> options, String name, Reader<T> reader)
            throws InvalidOptionException {
        if (!options.containsKey(name)) {
            return null;
        }
        String value = options.get(name);
        return reader.read(name, value == null ? "" : value);
    }

    private static <T> void put(Map<String, String> map, String name, T value, Function<T, String> writer) {
        if (value != null) {
            map.put(name, writer.apply(value));
        }
    }

    private static <T> T unless(T usual, T value) {
        return usual.equals(value) ? null : value;
    }

    private static Integer side(String name, String value) throws InvalidOptionException {
        return OptionSyntax.integer(name, value, MIN_SIDE, MAX_SIDE, "a whole number of pixels");
    }

    private static Duration time(String name, String value) throws InvalidOptionException {
        return OptionSyntax.time(name, value, MAX_TIME);
    }

    private static Duration timeSpan(String name, String value) throws InvalidOptionException {
        Duration span = time(name, value);
        if (span.isZero()) {
            throw new InvalidOptionException(name, "must be more than 0 seconds");
        }
        return span;
    }

    private static boolean isBetween(double value, double min, double max) {
        return value >= min && value <= max;
    }

    private static void require(boolean holds, String name, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " " + value);
        }
    }

    /** Reads one value. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(String name, String value) throws InvalidOptionException;
    }
}
