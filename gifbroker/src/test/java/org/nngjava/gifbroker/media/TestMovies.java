package org.nngjava.gifbroker.media;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Movies for tests: a test pattern of 160x120, made by the ffmpeg that is tested. */
public final class TestMovies {
    private TestMovies() {}

    /** The ffmpeg to test with, unpacked below the build's directory. */
    public static Ffmpeg ffmpeg() {
        return Holder.FFMPEG;
    }

    /** A movie of two seconds, 25 frames per second, in the container of this extension and a usual codec. */
    public static Path movie(Path directory, String extension) {
        return movie(directory, extension, 2);
    }

    /** A movie of so many seconds, 25 frames per second, in the container of this extension and a usual codec. */
    public static Path movie(Path directory, String extension, double seconds) {
        List<String> arguments = new ArrayList<>(
                List.of("-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=" + seconds, "-g", "12", "-c:v"));
        arguments.addAll(
                switch (extension) {
                    case "mp4", "mov", "mkv" -> List.of(h264(), "-b:v", "500k", "-pix_fmt", "yuv420p");
                    case "webm" -> List.of("libvpx-vp9", "-b:v", "300k", "-speed", "8", "-deadline", "realtime");
                    case "ogv" -> List.of("libvpx", "-b:v", "300k", "-deadline", "realtime", "-f", "ogg");
                    case "ts", "mpg" -> List.of("mpeg2video", "-b:v", "500k");
                    case "flv" -> List.of("flv", "-b:v", "500k");
                    case "wmv" -> List.of("wmv2", "-b:v", "500k");
                    case "gif" -> List.of("gif");
                    case "avi" -> List.of("mpeg4", "-b:v", "500k");
                    default -> throw new IllegalArgumentException(extension);
                });
        return make(directory.resolve("movie-" + seconds + "." + extension), arguments.toArray(String[]::new));
    }

    /** Runs ffmpeg as any user would, to write this file. */
    public static Path make(Path file, String... arguments) {
        List<String> command = new ArrayList<>(List.of(ffmpeg().ffmpeg().toString(), "-y", "-nostdin", "-v", "error"));
        command.addAll(Arrays.asList(arguments));
        command.add(file.toString());
        run(command);
        return file;
    }

    /** The first part of a file. */
    public static Path cut(Path file, double share) {
        try {
            byte[] all = Files.readAllBytes(file);
            Path cut = file.resolveSibling("cut-" + file.getFileName());
            return Files.write(cut, Arrays.copyOf(all, (int) (all.length * share)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The samples of the first picture that a filter lets through.
     *
     * @param filter whose format says how a sample is written
     */
    static byte[] samples(Path pictures, String filter) {
        return runForBytes(List.of(
                ffmpeg().ffmpeg().toString(),
                "-v",
                "error",
                "-i",
                pictures.toString(),
                "-frames:v",
                "1",
                "-vf",
                filter,
                "-f",
                "rawvideo",
                "-"));
    }

    /** What a program prints, run with no guard at all. */
    static String run(List<String> command) {
        return new String(runForBytes(command), StandardCharsets.UTF_8);
    }

    /** The bytes that a program writes, run with no guard at all. */
    private static byte[] runForBytes(List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(ffmpeg().environment());
            Process process = builder.start();
            byte[] output = process.getInputStream().readAllBytes();
            if (process.waitFor() != 0) {
                throw new AssertionError(command + " failed: " + new String(output, StandardCharsets.UTF_8));
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String h264() {
        return ffmpeg().origin() == Ffmpeg.Origin.BUNDLED ? "libopenh264" : "libx264";
    }

    /** Located once for all tests of a JVM. */
    private static final class Holder {
        static final Ffmpeg FFMPEG = locate();

        private static Ffmpeg locate() {
            try {
                return FfmpegLocator.of(Path.of("target", "ffmpeg-cache")).locate(null);
            } catch (FfmpegNotFoundException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
