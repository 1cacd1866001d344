package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.nngjava.gifbroker.http.Secret;
import org.nngjava.gifbroker.load.LoadReport;
import org.nngjava.gifbroker.load.LoadRequest;
import org.nngjava.gifbroker.load.LoadShare;
import org.nngjava.gifbroker.load.LoadTrial;
import org.nngjava.workers.JobQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A load test whose load comes from all workers. */
@Command(
        name = "load",
        description = {
            "Measure an HTTP server under load that comes from several workers.",
            "Their processes are started here, or elsewhere by 'gifbroker load-worker' where --listen lets them connect. Exactly N requests reach "
                    + "the target; workers warm up against servers of their own. Ends with 1 if a request had no answer or an error for one.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        abbreviateSynopsis = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gifbroker load http://127.0.0.1:8080/healthz -n 100000 -c 100 --workers 3",
            "  gifbroker load http://127.0.0.1:8080/ --rate 500 -n 30000 -c 50",
            "  gifbroker load http://127.0.0.1:8080/v1/gifs -b @movie.mp4 -n 100 --json"
        })
final class LoadCommand implements Callable<Integer> {
    private static final long LOOK_MS = 20;
    private static final int MOST_WORKERS = 1_000;

    /** The better compiler would still be at work while the test runs: it takes the processor from who measures, and the slowest answers are its. */
    private static final List<String> JVM_OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");

    @Parameters(paramLabel = "URL", description = "What to ask for, such as http://127.0.0.1:8080/healthz.")
    private URI url;

    @Option(
            names = {"-n", "--requests"},
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many requests, from all workers together. Default: ${DEFAULT-VALUE}")
    private int requests;

    @Option(
            names = {"-c", "--connections"},
            paramLabel = "N",
            defaultValue = "10",
            description =
                    "Over how many connections, of all workers together: so many requests are under way at a time. Default: ${DEFAULT-VALUE}")
    private int connections;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many workers. Default: ${DEFAULT-VALUE}")
    private int workers;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Begins so many requests a second, evenly, whether others are answered or not. Default: each when the one before it on its connection is answered")
    private double rate;

    @Option(
            names = {"-X", "--method"},
            paramLabel = "METHOD",
            description = "Default: GET, or POST with --body")
    private String method;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME: VALUE",
            description = "A header to send. May be given more than once.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = {"-b", "--body"},
            paramLabel = "TEXT|@FILE",
            description = "What to send as body, or the file that has it.")
    private String body;

    @Option(names = "--no-keep-alive", fallbackValue = "true", description = "Opens a connection for each request.")
    private boolean noKeepAlive;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "20000",
            description =
                    "How many requests each worker sends to a server of its own before the test, so that its compiler is done. Default: ${DEFAULT-VALUE}")
    private int warmup;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long an answer may take. Default: ${DEFAULT-VALUE}")
    private Duration timeout;

    @Option(
            names = "--listen",
            paramLabel = "URL",
            description =
                    "Starts no workers here, and takes those that connect to this URL. Beyond loopback: tls+tcp, with a token or certificates.")
    private String listen;

    @Option(
            names = "--token",
            paramLabel = "TOKEN|@FILE",
            description = "What workers that connect have to show, or the file that has it.")
    private Secret token;

    @Mixin
    private TlsOptions tls;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "How long to wait for the workers. Default: ${DEFAULT-VALUE}")
    private Duration patience;

    @Option(names = "--json", fallbackValue = "true", description = "Print the report as one line of JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private final List<Process> processes = new ArrayList<>();
    private final String localToken = UUID.randomUUID().toString();

    @Override
    public Integer call() throws Exception {
        LoadShare whole = whole();
        try (JobQueue queue = open()) {
            String broker = queue.workUrls().get(0);
            if (listen == null) {
                startWorkers(broker);
            } else {
                say("Waiting for " + workers + " of: gifbroker load-worker --broker " + broker);
            }
            awaitWorkers(queue);
            say("Warming up");
            LoadReport report = run(queue, whole);
            if (json) {
                Role.say(spec.commandLine().getOut(), report);
            } else {
                report.print(spec.commandLine().getOut());
            }
            return report.isClean() ? 0 : 1;
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private LoadReport run(JobQueue queue, LoadShare whole) throws IOException, InterruptedException {
        LoadProgress progress = new LoadProgress(System.err, ProgressLine.isTerminal(2), requests);
        try {
            return new LoadTrial(queue, whole, workers, warmup).run(json ? fraction -> {} : progress::show);
        } finally {
            progress.clear();
        }
    }

    private void say(String text) {
        if (!json) {
            spec.commandLine().getErr().println(text);
        }
    }

    // ---- What is asked for

    private LoadShare whole() throws IOException {
        Usage.require(spec, Server.isWebAddress(url), "'" + url + "' is not an address such as http://127.0.0.1:8080/");
        Usage.require(spec, requests >= 1, "-n is 1 at least");
        Usage.require(spec, connections >= 1, "-c is 1 at least");
        Usage.require(
                spec,
                connections <= requests,
                "-c " + connections + " is more than -n " + requests + ": a connection would have nothing to send");
        Usage.require(spec, workers >= 1 && workers <= MOST_WORKERS, "--workers is 1 to " + MOST_WORKERS);
        Usage.require(
                spec,
                workers <= connections,
                "--workers " + workers + " is more than -c " + connections + ": a worker would have no connection");
        Usage.require(spec, rate >= 0, "--rate is 0 at least");
        Usage.require(spec, warmup >= 0, "--warm-up is 0 at least");
        Usage.require(spec, timeout.toMillis() >= 1, "--timeout is 1ms at least");
        headers.forEach(header -> Usage.require(
                spec, header.indexOf(':') > 0, "'" + header + "' is not a header such as 'Accept: text/html'"));
        String verb = Objects.requireNonNullElse(method, body == null ? "GET" : "POST");
        String bytes = Base64.getEncoder().encodeToString(bytes());
        return new LoadShare(
                new LoadRequest(url, verb, headers, bytes, !noKeepAlive, timeout), requests, connections, rate);
    }

    private byte[] bytes() throws IOException {
        if (body == null) {
            return new byte[0];
        }
        return body.startsWith("@")
                ? Files.readAllBytes(Path.of(body.substring(1)))
                : body.getBytes(StandardCharsets.UTF_8);
    }

    // ---- Workers

    /** Local workers have a token as well: whoever is on this machine might hear of the headers otherwise. */
    private JobQueue open() {
        JobQueue.Builder queue = JobQueue.builder().listen(listen == null ? "tcp://127.0.0.1:0" : listen);
        if (listen == null) {
            queue.token(localToken);
        } else if (token != null) {
            queue.token(token.value());
        }
        if (tls.files().hasCertificate()) {
            queue.tls(tls.files().server());
        }
        try {
            return queue.open();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--listen: " + e.getMessage(), e);
        }
    }

    private void startWorkers(String broker) throws IOException {
        for (int i = 1; i <= workers; i++) {
            ProcessBuilder builder = OwnProcess.builder(
                            JVM_OPTIONS,
                            List.of("load-worker", "--broker", broker, "--name", "load-" + i, "--until-input-ends"))
                    .redirectOutput(Redirect.INHERIT)
                    .redirectError(Redirect.INHERIT);
            builder.environment().put("GIFBROKER_TOKEN", localToken);
            processes.add(builder.start());
        }
    }

    private void awaitWorkers(JobQueue queue) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (int there = queue.status().workers();
                there < workers;
                there = queue.status().workers()) {
            for (Process process : processes) {
                if (!process.isAlive()) {
                    throw new IOException("a worker ended with " + process.exitValue() + " before it began");
                }
            }
            if (System.nanoTime() > end) {
                throw new IOException(
                        "only " + there + " of " + workers + " workers are there after " + patience.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
    }
}
