package org.nngjava.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nngjava.gifbroker.EventClients;

/**
 * The same clips through {@code gifbroker serve} with two workers and through {@code xargs -P 2 ffmpeg}, in turn, on the same ffmpeg.
 * Prints the throughput ratio, the latency that the service adds to one short clip, and quality and size of its GIFs beside the
 * baseline's.
 *
 * <p>The baseline is fixed: one ffmpeg process for each clip, palettegen diff, bayer 5, rectangle, the same size and rate.
 */
public final class GifBenchmark {
    private static final String PICTURE = "fps=12.5,scale=480:-1:flags=lanczos";
    private static final String BASELINE = PICTURE
            + ",split[frames][counted];[counted]palettegen=stats_mode=diff[palette];"
            + "[frames][palette]paletteuse=dither=bayer:bayer_scale=5:diff_mode=rectangle";
    private static final Pattern SSIM = Pattern.compile("All:([0-9.]+)");
    private static final int WORKERS = 2;
    private static final int CLIENTS = 4;
    private static final int SECONDS = 5;
    private static final int STARTS = 9;
    private static final int WAITING = 1_000;
    private static final int CHANGES = 15;
    private static final Duration ANSWER = Duration.ofMinutes(5);

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Path directory;
    private final URI server;
    private final Path ffmpeg;

    private GifBenchmark(Path directory, URI server, Path ffmpeg) {
        this.directory = directory;
        this.server = server;
        this.ffmpeg = ffmpeg;
    }

    /**
     * Measures.
     *
     * @param args the number of clips, unless 24, and of rounds, unless 7
     * @throws Exception if anything fails
     */
    public static void main(String[] args) throws Exception {
        int clips = args.length > 0 ? Integer.parseInt(args[0]) : 24;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
        Path directory = Files.createTempDirectory("gif-benchmark-");
        try {
            Path archive = GifServer.archiveClasses(directory);
            List<String> installed = List.of("-XX:SharedArchiveFile=" + archive, "-XX:TieredStopAtLevel=1", "-Xmx256m");
            double[] plain = new double[STARTS];
            double[] unit = new double[STARTS];
            for (int i = 0; i < STARTS; i++) {
                plain[i] = secondsToStart(directory.resolve("plain-" + i), List.of());
                unit[i] = secondsToStart(directory.resolve("unit-" + i), installed);
            }
            try (GifServer server = GifServer.start(CLIENT, directory.resolve("server"), List.of())) {
                Matcher used = server.ffmpeg();
                System.out.printf(
                        "ffmpeg %s (%s), %d CPUs, %d clips of %d s, %d rounds%n",
                        used.group(1),
                        used.group(2),
                        Runtime.getRuntime().availableProcessors(),
                        clips,
                        SECONDS,
                        rounds);
                new GifBenchmark(directory, server.uri(), Path.of(used.group(3))).run(clips, rounds);
            }
            row("seconds from the start until ready", number(Median.of(plain)), "", "", "");
            row("the same, as its systemd unit does it", number(Median.of(unit)), "", "", "<= 1.5");
        } finally {
            Trees.delete(directory);
        }
    }

    private static double secondsToStart(Path directory, List<String> options)
            throws IOException, InterruptedException {
        try (GifServer started = GifServer.start(CLIENT, directory, options)) {
            return started.secondsToStart();
        }
    }

    private void run(int count, int rounds) throws Exception {
        List<Path> clips = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clips.add(clip(i, SECONDS));
        }
        List<Path> some = clips.subList(0, Math.min(4, count));
        byService(some);
        byXargs(some);

        double[] ratios = new double[rounds];
        double[] service = new double[rounds];
        double[] baseline = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            if (round % 2 == 0) {
                service[round] = byService(clips);
                baseline[round] = byXargs(clips);
            } else {
                baseline[round] = byXargs(clips);
                service[round] = byService(clips);
            }
            ratios[round] = baseline[round] / service[round];
            System.out.printf(
                    Locale.ROOT,
                    "round %d: gifbroker %.2f s, xargs %.2f s, ratio %.3f%n",
                    round + 1,
                    service[round],
                    baseline[round],
                    ratios[round]);
        }
        Quality quality = quality(clips);
        double[] latency = latency();
        double[] notified = notified();

        System.out.println();
        row("", "gifbroker", "xargs -P 2", "", "aim");
        row("clips per second", number(count / Median.of(service)), number(count / Median.of(baseline)), "", "");
        row("throughput, median of the ratios", "", "", number(Median.of(ratios)), ">= 0.97");
        row(
                "latency of one clip of 1 s, ms",
                number(latency[0]),
                number(latency[1]),
                "+" + number(latency[2]),
                "<= +25");
        row(
                "SSIM",
                number(quality.ssim),
                number(quality.baselineSsim),
                number(quality.ssim / quality.baselineSsim),
                ">= 0.99");
        row(
                "bytes of all GIFs, MB",
                number(quality.bytes / 1e6),
                number(quality.baselineBytes / 1e6),
                number((double) quality.bytes / quality.baselineBytes),
                "<= 1.05");
        row("ms until 1,000 clients have heard", number(Median.of(notified)), "", "", "<= 100");
    }

    /** Drawn by ffmpeg: a third fractals, a third test pattern, a third colours that flow, all with some noise, as cameras have. */
    private Path clip(int number, int seconds) throws Exception {
        Path clip = directory.resolve("clip-" + number + "-" + seconds + ".mp4");
        String source = switch (number % 3) {
            case 0 -> "mandelbrot=s=480x270:r=25:start_scale=" + (0.5 + number * 0.1) + ":end_pts=600";
            case 1 -> "testsrc2=s=480x270:r=25";
            default -> "gradients=s=480x270:r=25:n=6:speed=0.03:seed=" + number;
        };
        ffmpeg(
                "-f",
                "lavfi",
                "-i",
                source,
                "-t",
                Integer.toString(seconds),
                "-vf",
                "noise=alls=6:allf=t",
                "-c:v",
                "libopenh264",
                "-b:v",
                "2M",
                "-pix_fmt",
                "yuv420p",
                clip.toString());
        return clip;
    }

    private double byService(List<Path> clips) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            long begun = System.nanoTime();
            List<Future<?>> answers = new ArrayList<>();
            for (Path clip : clips) {
                answers.add(clients.submit(() -> {
                    convert(clip, gif(clip, "service"));
                    return null;
                }));
            }
            for (Future<?> answer : answers) {
                answer.get();
            }
            return secondsSince(begun);
        } finally {
            clients.shutdown();
        }
    }

    private void convert(Path clip, Path gif) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/v1/gifs"))
                .header("Prefer", "wait=" + ANSWER.toSeconds())
                .header("Cache-Control", "no-cache")
                .timeout(ANSWER)
                .POST(HttpRequest.BodyPublishers.ofFile(clip))
                .build();
        HttpResponse<Path> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofFile(gif));
        if (answer.statusCode() != 200) {
            throw new IOException("the service answers " + answer.statusCode() + ": " + Files.readString(gif));
        }
    }

    private double byXargs(List<Path> clips) throws Exception {
        String command = "printf '%s\\n' \"$@\" | xargs -P " + WORKERS
                + " -I{} \"$FFMPEG\" -nostdin -v error -y -i {} -filter_complex '" + BASELINE + "' {}.baseline.gif";
        List<String> arguments = new ArrayList<>(List.of("sh", "-c", command, "sh"));
        clips.forEach(clip -> arguments.add(clip.toString()));
        long begun = System.nanoTime();
        run(arguments);
        return secondsSince(begun);
    }

    private static Path gif(Path clip, String by) {
        return clip.resolveSibling(clip.getFileName() + "." + by + ".gif");
    }

    /** Milliseconds: by the service, by ffmpeg alone, and the median of the differences. */
    private double[] latency() throws Exception {
        Path clip = clip(1, 1);
        int pairs = 21;
        double[] service = new double[pairs];
        double[] alone = new double[pairs];
        double[] added = new double[pairs];
        for (int i = -3; i < pairs; i++) {
            long begun = System.nanoTime();
            convert(clip, gif(clip, "service"));
            double byService = secondsSince(begun) * 1000;
            begun = System.nanoTime();
            ffmpeg(
                    "-i",
                    clip.toString(),
                    "-filter_complex",
                    BASELINE,
                    gif(clip, "baseline").toString());
            double byFfmpeg = secondsSince(begun) * 1000;
            if (i >= 0) {
                service[i] = byService;
                alone[i] = byFfmpeg;
                added[i] = byService - byFfmpeg;
            }
        }
        return new double[] {Median.of(service), Median.of(alone), Median.of(added)};
    }

    /** Milliseconds from a request that cancels a job until all who wait for events have heard of that, once for each of some jobs. */
    private double[] notified() throws Exception {
        for (int worker = 1; worker <= WORKERS; worker++) {
            post("/v1/workers/local-" + worker + "/quiet"); // what is sent now stays in the queue
        }
        double[] milliseconds = new double[CHANGES];
        try (EventClients waiting = EventClients.connect(server, WAITING, client -> "/v1/events")) {
            waiting.awaitAll("event: resync", ANSWER);
            for (int i = 0; i < CHANGES; i++) {
                String job = post("/v1/gifs?loop=" + i)
                        .headers()
                        .firstValue("Location")
                        .orElseThrow();
                String id = job.substring(job.lastIndexOf('/') + 1);
                waiting.awaitAll("{\"id\":\"" + id + "\",\"state\":\"queued\"", ANSWER);
                long begun = System.nanoTime();
                CompletableFuture<HttpResponse<Void>> cancelled = CLIENT.sendAsync(
                        HttpRequest.newBuilder(server.resolve(job)).DELETE().build(),
                        HttpResponse.BodyHandlers.discarding());
                long[] heard = waiting.awaitAll("{\"id\":\"" + id + "\",\"state\":\"cancelled\"", ANSWER);
                milliseconds[i] = (heard[WAITING - 1] - begun) / 1e6;
                cancelled.get();
            }
        }
        return milliseconds;
    }

    private HttpResponse<Void> post(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(path))
                .POST(HttpRequest.BodyPublishers.ofString("never looked at"))
                .build();
        HttpResponse<Void> answer = CLIENT.send(request, HttpResponse.BodyHandlers.discarding());
        if (answer.statusCode() != 202) {
            throw new IOException("the service answers " + answer);
        }
        return answer;
    }

    /**
     * How the GIFs compare to the clips that they were made of.
     *
     * @param ssim mean over all clips of the service's
     * @param baselineSsim of the baseline's
     * @param bytes of all GIFs of the service
     * @param baselineBytes of the baseline's
     */
    private record Quality(double ssim, double baselineSsim, long bytes, long baselineBytes) {}

    private Quality quality(List<Path> clips) throws Exception {
        double ssim = 0;
        double baselineSsim = 0;
        long bytes = 0;
        long baselineBytes = 0;
        for (Path clip : clips) {
            Path gif = gif(clip, "service");
            Path baseline = gif(clip, "baseline");
            ssim += ssim(gif, clip) / clips.size();
            baselineSsim += ssim(baseline, clip) / clips.size();
            bytes += Files.size(gif);
            baselineBytes += Files.size(baseline);
        }
        return new Quality(ssim, baselineSsim, bytes, baselineBytes);
    }

    private double ssim(Path gif, Path clip) throws Exception {
        String output = run(List.of(
                ffmpeg.toString(),
                "-nostdin",
                "-i",
                gif.toString(),
                "-i",
                clip.toString(),
                "-filter_complex",
                "[1:v]" + PICTURE + ",format=yuv420p[clip];[0:v]fps=12.5,format=yuv420p[gif];[gif][clip]ssim",
                "-f",
                "null",
                "-"));
        return Double.parseDouble(GifServer.found(SSIM, output).group(1));
    }

    private void ffmpeg(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(ffmpeg.toString(), "-nostdin", "-v", "error", "-y"));
        command.addAll(Arrays.asList(arguments));
        run(command);
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("FFMPEG", ffmpeg.toString());
        // The bundled one has its libraries beside it.
        builder.environment().merge("LD_LIBRARY_PATH", ffmpeg.getParent().toString(), (old, own) -> own + ":" + old);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + " failed: " + output);
        }
        return output;
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.3f" : "%.1f", value);
    }

    private static void row(String what, String service, String baseline, String ratio, String aim) {
        System.out.printf("%-38s %12s %12s %10s %10s%n", what, service, baseline, ratio, aim);
    }
}
