package org.nngjava.gifbroker.media;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a GIF shall be. {@code null} leaves an option to its default.
 *
 * @param width in pixels, 16 to 1920; the height follows from the movie's shape. Default: the movie's, at most 480
 * @param fps frames per second, 1 to 50, to the thousandth. A GIF's delays are hundredths of a second: 10, 12.5, 20, 25 and 50
 *     are exact, others so on average. Default: {@value #DEFAULT_FPS}
 * @param start where in the movie the GIF begins. Default: at its beginning
 * @param duration how much of the movie it shows. Default: all that is left, up to a {@linkplain MediaLimits limit}
 */
public record GifOptions(Integer width, Double fps, Duration start, Duration duration) {
    /** The rate unless another is asked for: exact in a GIF, and enough for the eye. */
    public static final double DEFAULT_FPS = 12.5;

    private static final int MIN_WIDTH = 16;
    private static final int MAX_WIDTH = 1920;
    private static final int MAX_FPS = 50;
    private static final Duration MAX_TIME = Duration.ofHours(100);
    private static final GifOptions NONE = new GifOptions(null, null, null, null);

    private static final Pattern INTEGER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");
    private static final Pattern CLOCK =
            Pattern.compile("(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-5]?[0-9](?:\\.[0-9]{1,9})?)");

    /** Refuses values out of range with an {@link IllegalArgumentException}; {@link #parse} tells users more. */
    public GifOptions {
        if (width != null && (width < MIN_WIDTH || width > MAX_WIDTH)) {
            throw new IllegalArgumentException("width " + width);
        }
        if (fps != null && !(fps >= 1 && fps <= MAX_FPS)) {
            throw new IllegalArgumentException("fps " + fps);
        }
        if (start != null && (start.isNegative() || start.compareTo(MAX_TIME) > 0)) {
            throw new IllegalArgumentException("start " + start);
        }
        if (duration != null && (duration.isNegative() || duration.isZero() || duration.compareTo(MAX_TIME) > 0)) {
            throw new IllegalArgumentException("duration " + duration);
        }
    }

    /** All left to the defaults. */
    public static GifOptions defaults() {
        return NONE;
    }

    /**
     * Reads options as users write them.
     *
     * @param options by their names {@code width} (pixels), {@code fps} (frames per second), {@code start} and {@code duration}
     *     (seconds as a decimal, or {@code h:m:s} or {@code m:s} with decimals)
     * @throws InvalidOptionException if a value is malformed or out of range, or a name is none of these
     */
    public static GifOptions parse(Map<String, String> options) throws InvalidOptionException {
        Integer width = null;
        Double fps = null;
        Duration start = null;
        Duration duration = null;
        for (Map.Entry<String, String> option : options.entrySet()) {
            String name = option.getKey();
            String value = option.getValue() == null ? "" : option.getValue();
            switch (name) {
                case "width" -> width = parseWidth(value);
                case "fps" -> fps = parseFps(value);
                case "start" -> start = parseTime(name, value);
                case "duration" -> {
                    duration = parseTime(name, value);
                    if (duration.isZero()) {
                        throw new InvalidOptionException(name, "must be more than 0 seconds");
                    }
                }
                default ->
                    throw new InvalidOptionException(name, "no such option, there are width, fps, start and duration");
            }
        }
        return new GifOptions(width, fps, start, duration);
    }

    /** The options that are not left to their defaults, such that {@link #parse} gives them back. */
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        if (width != null) {
            map.put("width", width.toString());
        }
        if (fps != null) {
            map.put("fps", Seconds.format(fps));
        }
        if (start != null) {
            map.put("start", Seconds.format(start));
        }
        if (duration != null) {
            map.put("duration", Seconds.format(duration));
        }
        return map;
    }

    /** The same options, where a value that is the default is left out: options that mean the same are equal so. */
    public GifOptions canonical() {
        return new GifOptions(
                width,
                fps != null && fps == DEFAULT_FPS ? null : fps,
                start != null && start.isZero() ? null : start,
                duration);
    }

    double fpsOrDefault() {
        return fps == null ? DEFAULT_FPS : fps;
    }

    Duration startOrZero() {
        return start == null ? Duration.ZERO : start;
    }

    private static int parseWidth(String value) throws InvalidOptionException {
        if (INTEGER.matcher(value).matches()) {
            int width = Integer.parseInt(value);
            if (width >= MIN_WIDTH && width <= MAX_WIDTH) {
                return width;
            }
        }
        throw new InvalidOptionException(
                "width", quote(value) + " is not a whole number of pixels from " + MIN_WIDTH + " to " + MAX_WIDTH);
    }

    private static double parseFps(String value) throws InvalidOptionException {
        if (DECIMAL.matcher(value).matches()) {
            double fps = Math.round(Double.parseDouble(value) * 1000) / 1000.0;
            if (fps >= 1 && fps <= MAX_FPS) {
                return fps;
            }
        }
        throw new InvalidOptionException(
                "fps", quote(value) + " is not a number of frames per second from 1 to " + MAX_FPS + ", such as 12.5");
    }

    private static Duration parseTime(String name, String value) throws InvalidOptionException {
        BigDecimal seconds;
        Matcher clock = CLOCK.matcher(value);
        if (DECIMAL.matcher(value).matches()) {
            seconds = new BigDecimal(value);
        } else if (clock.matches()) {
            seconds =
                    new BigDecimal(clock.group(3)).add(BigDecimal.valueOf(60).multiply(new BigDecimal(clock.group(2))));
            if (clock.group(1) != null) {
                seconds = seconds.add(BigDecimal.valueOf(3600).multiply(new BigDecimal(clock.group(1))));
            }
        } else {
            throw new InvalidOptionException(
                    name, quote(value) + " is not a time: give seconds such as 2.5, or h:m:s such as 0:01:30");
        }
        Duration time = Seconds.toDuration(seconds);
        if (time.compareTo(MAX_TIME) > 0) {
            throw new InvalidOptionException(name, quote(value) + " is more than " + MAX_TIME.toHours() + " hours");
        }
        return time;
    }

    /** What strangers wrote, cut to a length that a message can carry, and without control characters. */
    private static String quote(String value) {
        String shown = value.length() > 40 ? value.substring(0, 40) + "..." : value;
        return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
