package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.nngjava.gifbroker.App;
import org.nngjava.gifbroker.DataDirectory;
import org.nngjava.gifbroker.Settings;
import org.nngjava.gifbroker.TlsFiles;
import org.nngjava.gifbroker.http.HostPort;
import org.nngjava.gifbroker.http.JobResource;
import org.nngjava.gifbroker.media.Ffmpeg;
import org.nngjava.gifbroker.media.SampleMovie;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole system once through. */
@Command(
        name = "demo",
        description = {
            "See the whole system at work.",
            "Makes a sample movie, starts broker, workers and HTTP on free ports, posts the movie, and writes its GIF.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        abbreviateSynopsis = true,
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofMillis(100);

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT",
            defaultValue = "demo.gif",
            description = "Where to write the GIF. Default: ${DEFAULT-VALUE}")
    private Path output;

    @Option(
            names = "--length",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "How long the sample movie is. Default: ${DEFAULT-VALUE}")
    private Duration length;

    @Option(
            names = "--ffmpeg",
            paramLabel = "PATH",
            description = "The ffmpeg to use. Default: the bundled one, or else the one on the PATH")
    private Path ffmpegPath;

    @Option(names = "--json", fallbackValue = "true", description = "Print the steps as one line of JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private final List<Step> steps = new ArrayList<>();

    /**
     * One step.
     *
     * @param name what was done
     * @param milliseconds how long it took
     * @param detail what came of it
     */
    record Step(String name, long milliseconds, String detail) {}

    @Override
    public Integer call() throws Exception {
        DataDirectory directory = DataDirectory.open(Optional.empty());
        App app = App.create(Settings.builder()
                .http(HostPort.parse("127.0.0.1:0"))
                .listen("tcp://127.0.0.1:0")
                .events("tcp://127.0.0.1:0")
                .ffmpeg(ffmpegPath)
                .data(directory.path())
                .drain(Duration.ZERO)
                .build());
        Role.onSignal(() -> {
            app.stop();
            directory.close();
        });
        try (directory;
                app) {
            run(app, directory.path().resolve("sample.mp4"));
            return 0;
        }
    }

    private void run(App app, Path movie) throws Exception {
        Ffmpeg ffmpeg =
                step("find ffmpeg", () -> Ffmpeg.locate(ffmpegPath), found -> found.version() + ", " + found.origin());
        step(
                "make a movie",
                () -> {
                    SampleMovie.create(ffmpeg, movie, length);
                    return Files.size(movie);
                },
                bytes -> ProgressLine.seconds(length) + " of H.264, " + ByteSize.human(bytes));
        step(
                "start",
                () -> {
                    app.start();
                    return app.http();
                },
                uri -> "broker at " + app.workUrls().get(0) + ", 2 workers, " + uri);
        try (RemoteGifMaker maker = new RemoteGifMaker(new Server(app.http(), Optional.empty(), TlsFiles.NONE))) {
            JobResource job = step(
                    "post the movie",
                    () -> maker.submit(movie, Map.of()),
                    posted -> "POST /v1/gifs, job " + posted.id());
            step("convert", () -> follow(maker, job), done -> "by worker " + done.worker());
            step("fetch the GIF", () -> fetch(maker, job.id()), ByteSize::human);
        }
        report();
    }

    private JobResource follow(GifMaker maker, JobResource posted) throws IOException, InterruptedException {
        ProgressLine progress = json ? ProgressLine.silent() : ProgressLine.onStandardError("", "convert");
        JobResource job = posted;
        while (job.finishedAt() == null) {
            progress.show(job);
            job = maker.look(job.id(), LOOK);
        }
        progress.clear();
        if (job.error() != null) {
            throw new IOException(job.error().detail());
        }
        return job;
    }

    private long fetch(GifMaker maker, String jobId) throws IOException, InterruptedException {
        Path whole = output.toAbsolutePath();
        Path part = whole.resolveSibling("." + whole.getFileName() + ".part");
        try {
            maker.fetch(jobId, part);
            Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        return Files.size(whole);
    }

    private <T> T step(String name, Callable<T> work, Function<T, String> detail) throws Exception {
        long begun = System.nanoTime();
        T value = work.call();
        Step step = new Step(name, Duration.ofNanos(System.nanoTime() - begun).toMillis(), detail.apply(value));
        steps.add(step);
        if (!json) {
            out().printf(
                            "%-15s %7s   %s%n",
                            step.name(), ProgressLine.seconds(Duration.ofMillis(step.milliseconds())), step.detail());
            out().flush();
        }
        return value;
    }

    private void report() throws IOException {
        Path gif = output.toAbsolutePath();
        if (json) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("gif", gif.toString());
            report.put("bytes", Files.size(gif));
            report.put("steps", steps);
            Role.say(out(), report);
        } else {
            long total = steps.stream().mapToLong(Step::milliseconds).sum();
            out().printf("%n%s is ready, %s in all.%n", gif, ProgressLine.seconds(Duration.ofMillis(total)));
            out().printf(
                            "To keep such a service running: the command 'serve' instead of 'demo', then open http://%s/%n",
                            Settings.DEFAULT_HTTP);
            out().flush();
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
