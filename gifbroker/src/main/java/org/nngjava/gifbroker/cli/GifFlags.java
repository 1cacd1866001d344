package org.nngjava.gifbroker.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.nngjava.gifbroker.media.GifOptions;
import org.nngjava.gifbroker.media.InvalidOptionException;
import org.nngjava.gifbroker.media.MediaLimits;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a GIF shall be, as flags: each is the option of the same name. */
final class GifFlags {
    @Option(
            names = "--width",
            paramLabel = "PIXELS",
            description =
                    "Width, 16 to 1920; without --height that follows from the shape. Default: 480, never more than the movie's")
    private String width;

    @Option(
            names = "--height",
            paramLabel = "PIXELS",
            description = "Height, 16 to 1920; without --width that follows. With both, what fits in them")
    private String height;

    @Option(names = "--fps", paramLabel = "N", description = "Frames per second, 1 to 50. Default: 12.5, MP4 25")
    private String fps;

    @Option(names = "--start", paramLabel = "TIME", description = "Where to begin, in seconds or h:m:s. Default: 0")
    private String start;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "How much of the movie to take, in seconds or h:m:s. Default: all")
    private String duration;

    @Option(
            names = "--crop",
            paramLabel = "W:H[:X:Y]",
            description = "The part of the picture to show, in pixels of the movie; without X and Y its middle")
    private String crop;

    @Option(names = "--speed", paramLabel = "N", description = "How many times as fast, 0.25 to 4. Default: 1")
    private String speed;

    @Option(
            names = "--reverse",
            arity = "0",
            fallbackValue = "true",
            description = "Backwards. All frames must fit into a quarter of --max-memory")
    private boolean reverse;

    @Option(
            names = "--loop",
            paramLabel = "N",
            description = "How often it is played, up to 1000, 0 for ever. Default: 0. Not for MP4")
    private String loop;

    @Option(
            names = "--quality",
            paramLabel = "WORD",
            description = {
                "small: a fifth of the size; 320 wide, 10 fps, 64 colours.",
                "balanced: 480 wide, 12.5 fps; the default.",
                "best: two and a half times the size; 640 wide, 20 fps."
            })
    private String quality;

    @Option(
            names = "--caption",
            paramLabel = "TEXT",
            description =
                    "Writes this over the lower part, at most 200 characters; line feeds are kept, long lines broken")
    private String caption;

    @Option(
            names = "--format",
            paramLabel = "WORD",
            description = "gif, webp (animated) or mp4 (H.264, no sound). Default: what -o ends in, or else gif")
    private String format;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /**
     * What is asked for.
     *
     * @param usualFormat unless a format is asked for
     */
    GifOptions options(String usualFormat) {
        Map<String, String> options = new LinkedHashMap<>();
        put(options, "width", width);
        put(options, "height", height);
        put(options, "fps", fps);
        put(options, "start", start);
        put(options, "duration", duration);
        put(options, "crop", crop);
        put(options, "speed", speed);
        put(options, "reverse", reverse ? "true" : null);
        put(options, "loop", loop);
        put(options, "quality", quality);
        put(options, "caption", caption);
        put(options, "format", format == null ? usualFormat : format);
        try {
            return GifOptions.parse(options);
        } catch (InvalidOptionException e) {
            throw misuse(e);
        }
    }

    /** Refuses what goes beyond the limits whatever the movie. */
    void check(GifOptions options, MediaLimits limits) {
        try {
            limits.check(options);
        } catch (InvalidOptionException e) {
            throw misuse(e);
        }
    }

    private ParameterException misuse(InvalidOptionException e) {
        return new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }

    private static void put(Map<String, String> options, String name, String value) {
        if (value != null) {
            options.put(name, value);
        }
    }
}
