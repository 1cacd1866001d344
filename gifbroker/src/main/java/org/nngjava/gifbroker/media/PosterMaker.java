package org.nngjava.gifbroker.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Takes the first frame out of what a conversion made. Safe for many threads. */
public final class PosterMaker {
    /** Of what {@link #make} writes. */
    public static final String MEDIA_TYPE = "image/jpeg";

    private static final Duration TIME_LIMIT = Duration.ofSeconds(20);

    private final MediaLimits limits;
    private final FfmpegRun run;

    /**
     * @param ffmpeg that does it
     * @param limits within which; the time limit is a shorter one
     */
    public PosterMaker(Ffmpeg ffmpeg, MediaLimits limits) {
        this.limits = limits;
        this.run = new FfmpegRun(ffmpeg, limits);
    }

    /**
     * Makes a poster: the first frame, so that nothing jumps where the one takes the place of the other.
     *
     * @param gif the GIF, WebP or MP4
     * @param format which of them it is
     * @param jpeg to write or replace, only in the end; a temporary directory is made beside it
     * @throws MediaException if there is none, with the reason
     * @throws IOException if the files cannot be used
     * @throws InterruptedException if the caller is interrupted
     */
    public void make(Path gif, OutputFormat format, Path jpeg)
            throws MediaException, IOException, InterruptedException {
        Path target = jpeg.toAbsolutePath();
        try (ScratchDirectory scratch = ScratchDirectory.in(target.getParent())) {
            Path source = gif;
            if (format == OutputFormat.WEBP) {
                source = scratch.path().resolve("still.webp");
                StillWebp.extract(gif, source);
            }
            Path made = scratch.path().resolve("poster.jpg");
            ChildProcess.Exit exit = run.convert(
                    arguments(source, demuxer(format), made),
                    scratch.path(),
                    line -> {},
                    Deadline.after(TIME_LIMIT),
                    () -> {});
            FfmpegRun.refuseIfUnsupported(exit);
            if (!Files.exists(made) || Files.size(made) == 0) {
                throw FfmpegRun.unreadable(exit, limits);
            }
            Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static String demuxer(OutputFormat format) {
        return switch (format) {
            case GIF -> MovieContainer.GIF.demuxer();
            case MP4 -> MovieContainer.MP4.demuxer();
            case WEBP -> "webp_pipe";
        };
    }

    private List<String> arguments(Path source, String demuxer, Path jpeg) {
        List<String> arguments = new ArrayList<>(MovieInput.guards(demuxer, limits));
        // One frame: nothing is gained by looking further ahead, or by threads.
        arguments.addAll(List.of(
                "-analyzeduration",
                "1",
                "-threads",
                "1",
                "-i",
                MovieInput.url(source),
                "-map",
                "0:v:0",
                "-vf",
                "format=yuvj420p",
                "-frames:v",
                "1",
                "-map_metadata",
                "-1",
                "-c:v",
                "mjpeg",
                "-q:v",
                "3",
                "-threads",
                "1",
                "-update",
                "1",
                "-f",
                "image2",
                MovieInput.url(jpeg)));
        return arguments;
    }
}
