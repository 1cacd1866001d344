package org.nngjava.gifbroker.media;

import java.util.OptionalDouble;

/**
 * The lines by which ffmpeg tells how far it is. While it gathers the palette it has no output to report, so a filter prints
 * each frame that passes; when it writes the GIF, {@code -progress} tells the time reached.
 */
final class FrameReport {
    /** Prints {@code frame:12 pts:12 pts_time:0.96} and {@code seen=1} for each frame. */
    static final String FILTER =
            "metadata=mode=add:key=seen:value=1,metadata=mode=print:key=seen:file=pipe\\\\:1:direct=1";

    private static final String READ = "pts_time:";
    private static final String WRITTEN = "out_time_us=";
    private static final String FRAMES = "frame=";

    private FrameReport() {}

    /** Seconds of the movie that were read, if the line says so. */
    static OptionalDouble read(String line) {
        int at = line.indexOf(READ);
        return at < 0 ? OptionalDouble.empty() : number(line.substring(at + READ.length()));
    }

    /** Seconds of the GIF that were written, if the line says so. */
    static OptionalDouble written(String line) {
        if (!line.startsWith(WRITTEN)) {
            return OptionalDouble.empty();
        }
        OptionalDouble micros = number(line.substring(WRITTEN.length()));
        return micros.isEmpty() ? micros : OptionalDouble.of(micros.getAsDouble() / 1e6);
    }

    /** Frames of the GIF that were written, if the line says so. */
    static OptionalDouble frames(String line) {
        return line.startsWith(FRAMES) ? number(line.substring(FRAMES.length())) : OptionalDouble.empty();
    }

    private static OptionalDouble number(String text) {
        try {
            return OptionalDouble.of(Double.parseDouble(text.strip()));
        } catch (NumberFormatException e) {
            // N/A, as long as nothing is written.
            return OptionalDouble.empty();
        }
    }
}
