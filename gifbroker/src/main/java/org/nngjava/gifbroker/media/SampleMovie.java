package org.nngjava.gifbroker.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A movie to show what a GIF looks like, drawn by ffmpeg itself: waves roll before a sun that bobs on the horizon. */
public final class SampleMovie {
    /** Pixels. */
    public static final int WIDTH = 480;

    /** Pixels. */
    public static final int HEIGHT = 270;

    private static final int FPS = 25;
    private static final List<String> ENCODERS = List.of("libx264", "libopenh264", "mpeg4");

    private SampleMovie() {}

    /**
     * Writes the movie: MP4, H.264 where this ffmpeg can, else MPEG-4. It takes about a third of its duration.
     *
     * @param movie to write or replace; a temporary directory is made beside it
     * @throws IOException if it cannot be written
     * @throws InterruptedException if the caller is interrupted
     */
    public static void create(Ffmpeg ffmpeg, Path movie, Duration duration) throws IOException, InterruptedException {
        FfmpegRun run = new FfmpegRun(ffmpeg, MediaLimits.defaults());
        Path target = movie.toAbsolutePath();
        try (ScratchDirectory scratch = ScratchDirectory.in(target.getParent())) {
            Path made = scratch.path().resolve("movie.mp4");
            String problem = "";
            for (String encoder : ENCODERS) {
                ChildProcess.Exit exit = run.convert(
                        arguments(encoder, made, duration),
                        scratch.path(),
                        line -> {},
                        Deadline.after(MediaLimits.defaults().timeLimit()),
                        () -> {});
                if (exit.code() == 0) {
                    Files.move(made, target, StandardCopyOption.REPLACE_EXISTING);
                    return;
                }
                problem = exit.errors();
            }
            throw new IOException(ffmpeg + " cannot make a sample movie: " + problem);
        } catch (MediaException e) {
            throw new IOException(ffmpeg + " cannot make a sample movie: " + e.getMessage(), e);
        }
    }

    private static List<String> arguments(String encoder, Path movie, Duration duration) {
        return List.of(
                "-filter_complex",
                scene(),
                "-map",
                "[scene]",
                "-t",
                Seconds.format(duration),
                "-c:v",
                encoder,
                "-b:v",
                "4M",
                // Some encoders leave specks of flat colours behind until the next whole picture.
                "-g",
                "10",
                "-movflags",
                "+faststart",
                "-f",
                "mp4",
                MovieInput.url(movie));
    }

    /** Each part is drawn once; from then on it is only moved. */
    private static String scene() {
        return String.join(
                ";",
                once(
                                "black",
                                WIDTH,
                                HEIGHT,
                                "r='" + shade(0x1D, 0x7A, 0xF0, 0xFF) + "':g='" + shade(0x1E, 0x2F, 0x6A, 0xD0)
                                        + "':b='" + shade(0x4F, 0x70, 0x5A, 0x7A) + "':a=255")
                        + "[sky]",
                once(
                                "0xFFF3C4",
                                120,
                                120,
                                own("max(255*clip(40.5-hypot(X-60,Y-60),0,1),5*clip(60-hypot(X-60,Y-60),0,20))"))
                        + "[sun]",
                wave("0xC2557A", 168, 6, 2, 3, 5, 0.0010) + "[wave1]",
                wave("0x8A3D7C", 188, 8, 2, 3, 3, -0.0016) + "[wave2]",
                wave("0x57306F", 210, 9, 1, 5, 3, 0.0026) + "[wave3]",
                wave("0x2B2150", 234, 10, 1, 6, 2, -0.0040) + "[wave4]",
                "[sky][sun]overlay=x=270:y='75+18*sin(t*2*PI/6)':format=rgb[scene0]",
                "[scene0][wave1]overlay=format=rgb[scene1]",
                "[scene1][wave2]overlay=format=rgb[scene2]",
                "[scene2][wave3]overlay=format=rgb[scene3]",
                "[scene3][wave4]overlay=format=rgb,format=yuv420p[scene]");
    }

    private static String once(String color, int width, int height, String pixels) {
        return "color=c=" + color + ":s=" + width + "x" + height + ":r=" + FPS + ":d=" + 1.0 / FPS + ",format=rgba,geq="
                + pixels + ",loop=loop=-1:size=1";
    }

    /** The source's own colour, and where it shows. */
    private static String own(String alpha) {
        return "r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='" + alpha + "'";
    }

    /** Two sines whole numbers of which fit into the width, so that it can roll around. */
    private static String wave(String color, int y, int high, int often, int high2, int often2, double speed) {
        String crest = String.format(
                Locale.ROOT,
                "255*clip(Y-%d+%d*sin(2*PI*%d*X/W)+%d*sin(2*PI*%d*X/W+1),0,1)",
                y,
                high,
                often,
                high2,
                often2);
        return once(color, WIDTH, HEIGHT, own(crest)) + ",scroll=h=" + String.format(Locale.ROOT, "%.4f", speed);
    }

    /** One colour channel of the sky, from the top down to the horizon. */
    private static String shade(int top, int high, int low, int horizon) {
        return String.format(
                Locale.ROOT,
                "if(lt(Y,70),%1$d+(%2$d-%1$d)*Y/70,if(lt(Y,130),%2$d+(%3$d-%2$d)*(Y-70)/60,"
                        + "if(lt(Y,190),%3$d+(%4$d-%3$d)*(Y-130)/60,%4$d)))",
                top,
                high,
                low,
                horizon);
    }
}
