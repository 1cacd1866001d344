package org.nngjava.gifbroker.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nngjava.gifbroker.NewThread;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.TlsFiles;
import org.nngjava.gifbroker.http.HostPort;
import org.nngjava.gifbroker.http.JobResource;
import org.nngjava.gifbroker.http.Secret;
import org.nngjava.gifbroker.http.WorkLine;

/** Workers that speak HTTP, in processes of their own. */
class StreamWorkerTest {
    private static final Path SHELL_WORKER = Path.of("../docs/examples/stream-worker.sh");
    private static final Secret TOKEN = new Secret("correct-horse-battery");

    private static final int JOBS = 400;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private RunningApp app;

    @AfterEach
    void stop() {
        if (app != null) {
            app.close();
        }
    }

    @Test
    void aWorkerAndAProducerPrintALineForEachCounter() {
        start();
        CommandRun run = run("-n", "1", "-p", "1", "-c", "3", "--every", "0");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .containsExactlyInAnyOrder(
                        "producer 1: 1", "worker 1: 1", "producer 1: 2", "worker 1: 2", "producer 1: 3", "worker 1: 3");
    }

    @Test
    void manyOfBothShareTheCounters() {
        start();
        CommandRun run = run("-n", "5", "-p", "4", "-c", "200", "--every", "0", "--json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines().filter(line -> line.startsWith("{\"event\":\"accepted\"")))
                .hasSize(200);
        assertThat(run.out()
                        .lines()
                        .filter(line -> line.startsWith("{\"event\":\"done\""))
                        .map(line -> line.replaceAll(".*\"counter\":\"(\\d+)\".*", "$1")))
                .hasSizeGreaterThanOrEqualTo(200)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "-n 0,-n and -p are 0 to 1000",
                "-n many,'many'",
                "--credit 0,--credit is 1 to 256",
                "--lease 0,--lease is 1s to 1h",
                "--lease 1500ms,in whole seconds",
                "--count 0,--count is 1 at least",
                "--every soon,'soon' is not a time",
                "--server nowhere,--server is an address such as",
                "--quick,Unknown option",
            })
    void wrongUsageIsSaidAndEndsWithTwo(String arguments, String why) {
        CommandRun run = CommandRun.of(("stream-worker " + arguments).split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(why, "Try 'gifbroker stream-worker --help'.");
    }

    @ParameterizedTest
    @CsvSource({"-n 1", "-n 0 -p 1"})
    void aServerThatIsNotThereIsSaidAndEndsWithOne(String arguments) throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        CommandRun run =
                CommandRun.of(("stream-worker --server http://127.0.0.1:" + port + " " + arguments).split(" "));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("no server answers at http://127.0.0.1:" + port);
    }

    @ParameterizedTest
    @CsvSource({"-n 1", "-n 0 -p 1"})
    void aTokenThatIsMissingOrWrongEndsWithOne(String arguments) {
        start(TOKEN);
        assertThat(run(arguments.split(" ")).err()).contains("This server asks for a token");
        CommandRun wrong = run((arguments + " --token wrong-horse-battery").split(" "));
        assertThat(wrong.err()).contains("The token is another one");
        assertThat(wrong.exitCode()).isEqualTo(1);
    }

    @Test
    void theServersReasonIsSaid() {
        start();
        CommandRun run = run("--type", "webhook");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("Jobs of the type 'webhook' are done by this server alone");
    }

    @Test
    void aLineThatIsNoJobIsSaidAndTheWorkerComesBack() throws Exception {
        List<String> lines = List.of("{\"event\":\"job\"}", "nonsense", "{\"event\":\"dance\"}", "[]");
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
        Set<String> left = ConcurrentHashMap.newKeySet();
        left.addAll(lines);
        other.createContext("/v1/work/stream", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                Optional<String> line = left.stream().findFirst();
                line.ifPresent(left::remove);
                out.write((line.orElse("{\"event\":\"end\",\"reason\":\"halted\"}") + "\n").getBytes(UTF_8));
            }
        });
        other.start();
        List<String> troubles = new CopyOnWriteArrayList<>();
        try {
            Server server = new Server(
                    URI.create("http://127.0.0.1:" + other.getAddress().getPort()), Optional.empty(), TlsFiles.NONE);
            StreamWorker.Manner manner = new StreamWorker.Manner("x", 1, Duration.ofSeconds(30), Duration.ZERO);
            new StreamWorker(server, "1", manner, new Troubles(troubles)).run();
        } finally {
            other.stop(0);
        }
        assertThat(troubles).hasSize(lines.size()).allMatch(why -> why.contains("sent a line that is no job"));
    }

    private record Troubles(List<String> troubles) implements StreamWorker.Watcher {
        @Override
        public void connected(String worker) {}

        @Override
        public void done(String worker, WorkLine job) {}

        @Override
        public void lost(String worker, WorkLine job) {}

        @Override
        public void troubled(String worker, Exception why) {
            troubles.add(why.getMessage());
        }
    }

    @Test
    void aKilledWorkersJobsGoToAnotherAtOnce() throws Exception {
        start();
        try (RoleProcess victim = worker("victim", "1h");
                RoleProcess heir = worker("heir", "0")) {
            app.app().queue().quiet(any -> any.name().startsWith("heir"));
            List<String> ids = submit(8);
            awaitHeld("victim1", 8);
            app.app().queue().resume(any -> true);
            long killed = System.nanoTime();
            victim.signal("KILL");

            for (String id : ids) {
                JobResource done = app.finished(id);
                assertThat(done.state()).isEqualTo("succeeded");
                assertThat(done.worker()).isEqualTo("heir1");
            }
            long millis = (System.nanoTime() - killed) / 1_000_000;
            System.out.println(
                    "measured: from kill -9 of a worker on a stream to the last of its 8 jobs: " + millis + " ms");
            assertThat(millis)
                    .as("noticed by the connection, and not by the lease")
                    .isLessThan(20_000);
            assertThat(heir.isAlive()).isTrue();
        }
    }

    @Test
    void aFrozenWorkersJobsGoToAnotherAndItLosesThem() throws Exception {
        start();
        try (RoleProcess sleeper = worker("sleeper", "2s", "--lease", "1s");
                RoleProcess heir = worker("heir", "0")) {
            app.app().queue().quiet(any -> any.name().startsWith("heir"));
            List<String> ids = submit(2);
            awaitHeld("sleeper1", 2);
            sleeper.signal("STOP");
            app.app().queue().resume(any -> true);

            for (String id : ids) {
                assertThat(app.finished(id).worker()).isEqualTo("heir1");
            }
            sleeper.signal("CONT");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> ids.stream().allMatch(id -> sleeper.log().contains("has lost job " + id)));
            assertThat(app.app().queue().figures().succeeded()).isEqualTo(2);
            assertThat(heir.isAlive()).isTrue();
        }
    }

    @Test
    void aWorkerWaitsForItsServerToComeBack() throws Exception {
        start();
        int port = app.app().http().getPort();
        try (RoleProcess worker = worker("patient", "0")) {
            app.close();
            await().until(() -> worker.log().contains("no server answers"));
            app = RunningApp.start(
                    directory.resolve("data"),
                    settings -> settings.workers(0).http(HostPort.parse("127.0.0.1:" + port)));

            assertThat(app.finished(submit(1).get(0)).worker()).isEqualTo("patient1");
        }
    }

    @Test
    void aWorkerInShellTakesPart() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "NOT RUN: there is no curl");
        start(TOKEN);
        try (Shell worker = Shell.start(app.app().http().toString(), "shell", "shout")) {
            for (String text : List.of("hello, curl", "7")) {
                JobResource done = finished(post("?type=shout", text));
                assertThat(done.state()).isEqualTo("succeeded");
                assertThat(done.worker()).isEqualTo("shell");
                assertThat(result(done)).isEqualTo(text.toUpperCase(Locale.ROOT));
            }
            JobResource failed = finished(post("?type=shout", "a \"quotation\""));
            assertThat(failed.state()).isEqualTo("failed");
            assertThat(failed.error().detail()).isEqualTo("a worker in shell reads simple texts only");
            worker.awaitLine("shell: hello, curl");
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> app.app().queue().workers().isEmpty());
    }

    @Test
    void noCounterIsLostOrDoneTwiceWhateverIsKilled() throws Exception {
        long seed = System.nanoTime();
        StreamSoak.Books books = new StreamSoak(directory.resolve("soak"), JOBS, seed).run("400ms");
        System.out.println("measured: seed " + seed + ": " + books);
        assertThat(books.balance(JOBS)).as(books.toString()).isTrue();
        assertThat(books.killed() + books.frozen()).isEqualTo(StreamSoak.FEWEST_STRIKES);
        assertThat(books.repeated()).isPositive();
    }

    /** The example, and all processes that it starts. */
    private record Shell(Process process, BufferedReader out) implements AutoCloseable {
        static Shell start(String... arguments) throws IOException {
            ProcessBuilder builder = new ProcessBuilder();
            builder.command().add("sh");
            builder.command().add(SHELL_WORKER.toString());
            builder.command().addAll(List.of(arguments));
            builder.environment().put("GIFBROKER_TOKEN", TOKEN.value());
            Process process =
                    builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
            return new Shell(process, new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)));
        }

        void awaitLine(String wanted) {
            CompletableFuture<Optional<String>> seen =
                    NewThread.supply(() -> out.lines().filter(wanted::equals).findFirst());
            await().until(() -> seen.isDone() && seen.join().isPresent());
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
    }

    private void start(Secret... token) {
        app = RunningApp.start(directory.resolve("data"), settings -> {
            settings.workers(0).drain(Duration.ofMillis(100));
            for (Secret one : token) {
                settings.token(one);
            }
        });
    }

    private CommandRun run(String... arguments) {
        List<String> all = new ArrayList<>(
                List.of("stream-worker", "--server", app.app().http().toString()));
        all.addAll(List.of(arguments));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private RoleProcess worker(String name, String workTime, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "stream-worker", "--server", app.app().http().toString(), "--name", name, "--work-time", workTime));
        arguments.addAll(List.of(more));
        return RoleProcess.start(directory.resolve(name), arguments.toArray(String[]::new));
    }

    private List<String> submit(int count) throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            ids.add(post("?type=counter", Integer.toString(i)).id());
        }
        return ids;
    }

    private JobResource post(String query, String payload) throws Exception {
        HttpResponse<byte[]> answer = app.send(app.request("/v1/work" + query)
                .header("Authorization", "Bearer " + TOKEN.value())
                .POST(BodyPublishers.ofString(payload)));
        assertThat(answer.statusCode()).isEqualTo(202);
        return RunningApp.job(answer);
    }

    private JobResource finished(JobResource job) throws Exception {
        return RunningApp.job(app.get("/v1/jobs/" + job.id() + "?wait=60", "Authorization", "Bearer " + TOKEN.value()));
    }

    private String result(JobResource job) throws Exception {
        return new String(
                app.get(job.links().result(), "Authorization", "Bearer " + TOKEN.value())
                        .body(),
                UTF_8);
    }

    private void awaitHeld(String worker, int jobs) {
        await().until(() -> app.app().queue().workers().stream()
                .anyMatch(one -> one.name().equals(worker) && one.jobs().size() == jobs));
    }
}
