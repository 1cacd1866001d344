package org.nngjava.gifbroker.media;

import java.nio.file.Path;
import java.util.Map;

/** A worker that converts one movie into a GIF that takes long, until it is killed. */
final class ConvertingMain {
    private ConvertingMain() {}

    /** Arguments: the root of work directories, a movie, a cache for the bundled ffmpeg. */
    public static void main(String[] arguments) throws Exception {
        try (WorkDirectories.WorkDirectory work = WorkDirectories.open(Path.of(arguments[0]));
                ScratchDirectory job = work.newJob()) {
            Ffmpeg ffmpeg = FfmpegLocator.of(Path.of(arguments[2])).locate(null);
            GifOptions options = GifOptions.parse(Map.of("width", "1920", "fps", "50"));
            // On a thread that is not the main one, and ends at an exception only.
            Thread converting = new Thread(() -> {
                try {
                    new GifConverter(ffmpeg, MediaLimits.defaults())
                            .convert(Path.of(arguments[1]), job.path().resolve("out.gif"), options, done -> {});
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            converting.start();
            converting.join();
        }
    }
}
