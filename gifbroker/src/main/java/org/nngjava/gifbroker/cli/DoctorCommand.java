package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.nngjava.Nng;
import org.nngjava.TlsEngine;
import org.nngjava.gifbroker.DataDirectory;
import org.nngjava.gifbroker.Settings;
import org.nngjava.gifbroker.TlsFiles;
import org.nngjava.gifbroker.http.HostPort;
import org.nngjava.gifbroker.http.JobResource;
import org.nngjava.gifbroker.http.Json;
import org.nngjava.gifbroker.media.Ffmpeg;
import org.nngjava.gifbroker.media.FfmpegNotFoundException;
import org.nngjava.gifbroker.media.SampleMovie;
import org.nngjava.workers.QueueStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What this machine can do. */
@Command(
        name = "doctor",
        description = {
            "Say what this machine can do, and what to do where it cannot.",
            "A line for each thing: ok, warn (something is left out) or fail (it would not work; the exit code is 1 then). Give it the options "
                    + "that the server would get.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
    private static final Duration TRIAL = Duration.ofSeconds(1);
    private static final Duration LONGEST_TRIAL = Duration.ofMinutes(1);
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final long LITTLE_SPACE = 1L << 30;
    private static final long NO_SPACE = 100L << 20;

    @Option(names = "--data", paramLabel = "DIR", description = "As serve has it. Default: the temporary files")
    private Path data;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            defaultValue = Settings.DEFAULT_HTTP,
            description = "As serve has it. Default: ${DEFAULT-VALUE}")
    private HostPort http;

    @Option(
            names = "--ffmpeg",
            paramLabel = "PATH",
            description = "The ffmpeg to use. Default: the bundled one, or else the one on the PATH")
    private Path ffmpegPath;

    @Option(names = "--json", fallbackValue = "true", description = "Print a line of JSON for each thing.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private boolean failed;

    /**
     * One thing.
     *
     * @param level {@code ok}, {@code warn} or {@code fail}
     * @param what it is
     * @param found how it is
     * @param advice what to do about it; null if nothing
     */
    record Finding(String level, String what, String found, String advice) {
        static Finding ok(String what, String found) {
            return new Finding("ok", what, found, null);
        }

        static Finding warn(String what, String found, String advice) {
            return new Finding("warn", what, found, advice);
        }

        static Finding fail(String what, String found, String advice) {
            return new Finding("fail", what, found, advice);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        tell(Finding.ok(
                "java",
                System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch") + ", "
                        + Runtime.getRuntime().availableProcessors() + " processors"));
        boolean messages = tell(nng());
        tell(tls());
        Optional<Ffmpeg> ffmpeg = ffmpeg();
        if (messages && ffmpeg.isPresent()) {
            tell(conversion(ffmpeg.get()));
        }
        Path directory = existing(data == null ? Path.of(System.getProperty("java.io.tmpdir")) : data);
        tell(writable(directory));
        tell(space(directory));
        tell(httpPort());
        tell(port("port of workers", Settings.DEFAULT_WORK_URL, "--listen"));
        tell(port("port of events", Settings.DEFAULT_EVENTS_URL, "--events"));
        return failed ? 1 : 0;
    }

    private static Finding nng() {
        try {
            return Finding.ok("nng", Nng.version() + ", " + Nng.origin());
        } catch (LinkageError e) {
            return Finding.fail("nng", Failures.sentence(e), "name a libnng by -Dorg.nngjava.library=PATH");
        }
    }

    private static Finding tls() {
        try {
            return Nng.tlsEngine()
                    .map(TlsEngine::description)
                    .map(engine -> Finding.ok("tls", engine))
                    .orElseGet(() -> Finding.warn(
                            "tls",
                            "this libnng has none",
                            "workers on other machines need it; use the bundled libnng"));
        } catch (LinkageError e) {
            return Finding.warn("tls", "not known without nng", null);
        }
    }

    private Optional<Ffmpeg> ffmpeg() {
        try {
            Ffmpeg ffmpeg = Ffmpeg.locate(ffmpegPath);
            tell(Finding.ok("ffmpeg", ffmpeg.version() + ", " + ffmpeg.origin() + ", " + ffmpeg.ffmpeg()));
            return Optional.of(ffmpeg);
        } catch (FfmpegNotFoundException e) {
            tell(Finding.fail("ffmpeg", Failures.sentence(e), "install one, or name it by --ffmpeg"));
            return Optional.empty();
        }
    }

    /** Makes a GIF, as the server would. */
    private Finding conversion(Ffmpeg ffmpeg) throws InterruptedException {
        long begun = System.nanoTime();
        try (DataDirectory scratch = DataDirectory.open(Optional.empty());
                GifMaker maker =
                        new EmbeddedGifMaker(Settings.builder().workers(1).ffmpeg(ffmpegPath), LONGEST_TRIAL)) {
            Path movie = scratch.path().resolve("sample.mp4");
            SampleMovie.create(ffmpeg, movie, TRIAL);
            JobResource job = maker.submit(movie, Map.of());
            while (job.finishedAt() == null) {
                job = maker.look(job.id(), LOOK);
            }
            if (job.error() != null) {
                return Finding.fail("conversion", job.error().detail(), null);
            }
            Duration time = Duration.ofNanos(System.nanoTime() - begun);
            return Finding.ok(
                    "conversion",
                    "a movie of a second became a GIF of " + ByteSize.human(job.resultBytes()) + " in "
                            + ProgressLine.seconds(time));
        } catch (IOException e) {
            return Finding.fail("conversion", Failures.sentence(e), null);
        }
    }

    /** The directory itself, or the one in which it would be made. */
    private static Path existing(Path directory) {
        Path existing = directory.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing;
    }

    private static Finding writable(Path directory) {
        try {
            Files.delete(Files.createTempFile(directory, ".gifbroker", null));
            return Finding.ok("data", directory + " can be written");
        } catch (IOException e) {
            return Finding.fail("data", Failures.sentence(e), "name a directory of your own by --data");
        }
    }

    private static Finding space(Path directory) {
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            String found = String.format(Locale.ROOT, "%.1f GB free", free / 1e9);
            if (free < NO_SPACE) {
                return Finding.fail(
                        "disk", found, "movies are stored while they wait: make room, or name another --data");
            }
            return free < LITTLE_SPACE
                    ? Finding.warn("disk", found, "movies are stored while they wait")
                    : Finding.ok("disk", found);
        } catch (IOException e) {
            return Finding.warn("disk", Failures.sentence(e), null);
        }
    }

    private Finding httpPort() throws InterruptedException {
        if (isFree(http.host(), http.port())) {
            return Finding.ok("http", http + " is free");
        }
        try {
            Server server = new Server(URI.create("http://" + http), Optional.empty(), TlsFiles.NONE);
            Json.read(server.send(server.request("healthz").timeout(ANSWER).build()), QueueStatus.class);
            return Finding.ok("http", "a gifbroker serves at " + http);
        } catch (IOException | RuntimeException e) {
            return Finding.fail("http", http + " cannot be had", "name another address by --http");
        }
    }

    private static Finding port(String what, String url, String option) {
        URI address = URI.create(url);
        return isFree(address.getHost(), address.getPort())
                ? Finding.ok(what, url + " is free")
                : Finding.warn(
                        what, url + " is taken", "serve takes a free one instead; broker wants another by " + option);
    }

    private static boolean isFree(String host, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(host, port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean tell(Finding finding) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Role.say(out, finding);
        } else {
            out.printf("%-4s  %-15s  %s%n", finding.level(), finding.what(), finding.found());
            if (finding.advice() != null) {
                out.printf("%-23s%s%n", "", finding.advice());
            }
            out.flush();
        }
        boolean fail = finding.level().equals("fail");
        failed |= fail;
        return !fail;
    }
}
