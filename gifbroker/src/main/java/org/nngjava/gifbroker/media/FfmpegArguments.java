package org.nngjava.gifbroker.media;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How ffmpeg is told to carry out a plan. Immutable.
 *
 * <p>A GIF needs its palette before its first frame. One process reads the movie once and holds all scaled frames until the palette is
 * known; two processes read it twice and hold none. Ordered dithering at scale 5 hides banding at a small size, and
 * {@code diff_mode=rectangle} writes only what changed. The other formats are written while the movie is read.
 *
 * @param plan to carry out
 * @param file the movie
 */
record FfmpegArguments(GifPlan plan, Path file) {
    private static final String DITHER = "paletteuse=dither=bayer:bayer_scale=5:diff_mode=rectangle";

    /** The last frame before the end may stay longer than its own time; the next one says how long. */
    private static final double OVERLAP = 1;

    /** Reads the movie and writes the GIF. */
    List<String> inOneProcess(Path gif) {
        List<String> arguments = input();
        arguments.addAll(List.of(
                "-filter_complex",
                picture() + counted("bgra") + ",split[frames][counted];[counted]"
                        + plan.options().qualityOrDefault().palette() + "[palette];[frames][palette]" + DITHER
                        + "[out]"));
        arguments.addAll(gif(gif));
        return arguments;
    }

    /** Reads the movie and writes its palette. */
    List<String> firstPass(Path palette) {
        List<String> arguments = input();
        arguments.addAll(List.of(
                "-filter_complex",
                picture() + counted("bgra") + ","
                        + plan.options().qualityOrDefault().palette() + "[palette]",
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
    List<String> secondPass(Path palette, Path gif) {
        List<String> arguments = input();
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
                picture() + "[frames];[frames][1:v:0]" + DITHER + "[out]"));
        arguments.addAll(gif(gif));
        return arguments;
    }

    /** Reads the movie and writes an animated WebP. */
    List<String> webp(Path webp) {
        List<String> arguments = input();
        arguments.addAll(List.of("-filter_complex", picture() + counted("yuva420p") + "[out]"));
        arguments.addAll(output());
        arguments.addAll(List.of(
                "-c:v",
                "libwebp_anim",
                "-quality",
                Integer.toString(plan.options().qualityOrDefault().webp()),
                "-loop",
                Integer.toString(plan.options().loopOrForever()),
                "-f",
                "webp",
                MovieInput.url(webp)));
        return arguments;
    }

    /** Reads the movie and writes an MP4: the ways to do so, of which an ffmpeg may lack some. */
    List<List<String>> mp4(Path mp4) {
        Quality quality = plan.options().qualityOrDefault();
        long bits = Math.round(quality.bitsPerPixel() * plan.width() * plan.height() * plan.fps());
        return List.of(
                mp4(mp4, "libopenh264", "-b:v", Long.toString(Math.max(100_000, bits))),
                mp4(mp4, "libx264", "-crf", Integer.toString(quality.crf())));
    }

    private List<String> mp4(Path mp4, String encoder, String rate, String value) {
        List<String> arguments = input();
        arguments.addAll(List.of("-filter_complex", picture() + ",format=yuv420p" + counted("yuv420p") + "[out]"));
        arguments.addAll(output());
        arguments.addAll(List.of(
                "-c:v",
                encoder,
                rate,
                value,
                "-threads",
                Integer.toString(FfmpegRun.threads()),
                "-movflags",
                "+faststart",
                "-f",
                "mp4",
                MovieInput.url(mp4)));
        return arguments;
    }

    private List<String> input() {
        List<String> arguments = new ArrayList<>(MovieInput.guards(plan.movie().container(), plan.limits()));
        arguments.addAll(List.of("-threads", Integer.toString(FfmpegRun.threads()), "-an", "-sn", "-dn"));
        // A picture that changes its size would begin a new palette and lose the frames before it.
        arguments.addAll(List.of("-reinit_filter", "0"));
        if (plan.jumps()) {
            arguments.addAll(List.of("-ss", Seconds.format(plan.seek())));
        }
        double read =
                beforeStart() + plan.framesRead() / plan.fps() * plan.options().speedOrOne() + OVERLAP;
        arguments.addAll(List.of("-t", Seconds.format(read), "-i", MovieInput.url(file)));
        return arguments;
    }

    private double beforeStart() {
        return Seconds.of(plan.start()) - plan.seek();
    }

    /** The frames that the GIF shows, in its size. */
    private String picture() {
        String from = Seconds.format(beforeStart());
        String skip = from.equals("0") ? "" : "trim=start=" + from + ",setpts=PTS-" + from + "/TB,";
        double speed = plan.options().speedOrOne();
        String tempo = speed == 1 ? "" : "setpts=PTS/" + Seconds.format(speed) + ",";
        return "[0:" + plan.movie().stream() + "]" + skip + tempo + "fps=fps=" + Seconds.format(plan.fps())
                + ":start_time=0,trim=end_frame=" + plan.framesRead() + "," + crop()
                + scale(plan.width(), plan.height()) + ",setsar=1"
                + plan.caption().map(caption -> "," + caption.filter()).orElse("");
    }

    /** The picture is brought to its size first: its coded size may be another, and may change in the middle of the movie. */
    private String crop() {
        return plan.crop()
                .map(crop -> scale(plan.movie().width(), plan.movie().height()) + ",crop=" + crop + ":exact=1,")
                .orElse("");
    }

    private static String scale(int width, int height) {
        return "scale=w=" + width + ":h=" + height + ":flags=lanczos";
    }

    /** Reports each frame as it passes, and then turns them round if that is asked for, in the format in which they go on. */
    private String counted(String pixelFormat) {
        return "," + FrameReport.FILTER + (plan.options().isReversed() ? ",format=" + pixelFormat + ",reverse" : "");
    }

    private List<String> gif(Path gif) {
        List<String> arguments = output();
        arguments.addAll(List.of(
                "-loop",
                Integer.toString(repetitions()),
                "-final_delay",
                Integer.toString(plan.finalDelay()),
                "-f",
                "gif",
                MovieInput.url(gif)));
        return arguments;
    }

    /** A GIF says how often it is repeated after the first time: -1 for not at all, 0 for ever. */
    private int repetitions() {
        int loop = plan.options().loopOrForever();
        return loop == 1 ? -1 : Math.max(0, loop - 1);
    }

    private List<String> output() {
        return new ArrayList<>(List.of(
                "-map",
                "[out]",
                "-an",
                "-sn",
                "-dn",
                "-map_metadata",
                "-1",
                "-map_chapters",
                "-1",
                "-fs",
                Long.toString(plan.limits().maxOutputBytes())));
    }
}
