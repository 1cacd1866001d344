package org.nngjava.gifbroker.media;

import java.nio.file.Path;

/** Says which ffmpeg is found, or why none is. */
final class LocatingMain {
    private LocatingMain() {}

    /** Argument: a cache for the bundled ffmpeg. */
    public static void main(String[] arguments) {
        try {
            System.out.println(FfmpegLocator.of(Path.of(arguments[0])).locate(null));
        } catch (FfmpegNotFoundException e) {
            System.out.println(e.getMessage());
        }
    }
}
