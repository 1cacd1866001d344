package org.nngjava.gifbroker.media;

import java.nio.file.Path;
import java.util.Map;

/** An ffmpeg and its ffprobe that were started once and work. Immutable. */
public final class Ffmpeg {
    /** Where an ffmpeg came from. */
    public enum Origin {
        /** Named by the user. */
        GIVEN,
        /** Shipped with this program. */
        BUNDLED,
        /** Found on PATH. */
        PATH;

        @Override
        public String toString() {
            return switch (this) {
                case GIVEN -> "given";
                case BUNDLED -> "bundled";
                case PATH -> "on PATH";
            };
        }
    }

    private final Path ffmpeg;
    private final Path ffprobe;
    private final String version;
    private final Origin origin;
    private final Map<String, String> environment;
    private final ProcessGuard guard;

    Ffmpeg(
            Path ffmpeg,
            Path ffprobe,
            String version,
            Origin origin,
            Map<String, String> environment,
            ProcessGuard guard) {
        this.ffmpeg = ffmpeg;
        this.ffprobe = ffprobe;
        this.version = version;
        this.origin = origin;
        this.environment = Map.copyOf(environment);
        this.guard = guard;
    }

    /**
     * The ffmpeg to use: the given one, else the bundled one if it starts, else the first one on PATH that does. The bundled one
     * is unpacked once, into {@link FfmpegLocator#defaultCache()}; later calls take some 50 ms.
     *
     * @param given an ffmpeg with its ffprobe beside it, or {@code null}; when it does not start no other is tried
     * @throws FfmpegNotFoundException if none starts
     */
    public static Ffmpeg locate(Path given) throws FfmpegNotFoundException {
        return FfmpegLocator.ofThisMachine().locate(given);
    }

    /** The program {@code ffmpeg}. */
    public Path ffmpeg() {
        return ffmpeg;
    }

    /** The program {@code ffprobe}. */
    public Path ffprobe() {
        return ffprobe;
    }

    /** Its version as it says it, such as {@code 8.0.1}. */
    public String version() {
        return version;
    }

    /** Where it came from. */
    public Origin origin() {
        return origin;
    }

    /** What it needs in its environment, which is otherwise empty. */
    Map<String, String> environment() {
        return environment;
    }

    /** What its processes are started through. */
    ProcessGuard guard() {
        return guard;
    }

    @Override
    public String toString() {
        return "ffmpeg " + version + " (" + origin + ", " + ffmpeg + ")";
    }
}
