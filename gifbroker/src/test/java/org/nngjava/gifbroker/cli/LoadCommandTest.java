package org.nngjava.gifbroker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.http.Json;
import org.nngjava.gifbroker.http.Secret;
import org.nngjava.gifbroker.load.FixedDelayServer;
import org.nngjava.workers.Worker;
import tools.jackson.databind.JsonNode;

/** Load tests by real processes, of a server whose answers are known. */
@Timeout(300)
class LoadCommandTest {
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final Duration DELAY = Duration.ofMillis(20);

    @TempDir
    Path directory;

    @Test
    void exactlyTheRequestsThatWereAskedForReachTheTarget() throws Exception {
        try (FixedDelayServer target = new FixedDelayServer(Duration.ZERO)) {
            JsonNode report = report(3, "-n", "1001", "-c", "7", target.uri().toString());

            assertThat(target.requests()).isEqualTo(1001);
            assertThat(report.get("statuses").get("200").asInt()).isEqualTo(1001);
            assertThat(report.get("bytes").asInt()).isEqualTo(10_010);
            assertThat(report.get("failures").isEmpty()).isTrue();
            assertThat(report.get("workers").asInt()).isEqualTo(3);
            assertThat(report.get("histogram")
                            .valueStream()
                            .mapToInt(bar -> bar.get("count").asInt())
                            .sum())
                    .isEqualTo(1001);
        }
    }

    @Test
    void atARateRequestsComeEvenlyAndTheirWaitingCounts() throws Exception {
        try (FixedDelayServer target = new FixedDelayServer(DELAY)) {
            String url = target.uri().toString();
            // One connection answers 50 a second at most. Of 100 a second, the last of 60 is due after 0.59 s and
            // answered after 1.2 s.
            JsonNode busy = report(1, "-n", "60", "-c", "1", "--rate", "100", url);
            JsonNode latency = busy.get("latency");
            assertThat(latency.get("max").asDouble() - latency.get("min").asDouble())
                    .isGreaterThan(500);

            JsonNode idle = report(2, "-n", "40", "-c", "4", "--rate", "20", url);
            assertThat(idle.get("throughput").asDouble()).isLessThan(22);
            assertThat(idle.get("seconds").asDouble()).isGreaterThan(1.8);
            assertThat(idle.get("latency").get("min").asDouble()).isGreaterThan(19);
        }
    }

    @Test
    void errorsAreCountedShownAndEndWithOne() throws Exception {
        try (FixedDelayServer target = new FixedDelayServer(Duration.ZERO)) {
            CommandRun load = run(2, "-n", "20", "-c", "2", target.uri() + "503");

            assertThat(load.exitCode()).isEqualTo(1);
            assertThat(load.out()).contains("20 requests to", "20 with status 503", "99.9 %");
        }
    }

    @Test
    void answersThatDoNotComeInTimeAreCountedAndEndWithOne() throws Exception {
        try (FixedDelayServer target = new FixedDelayServer(Duration.ofMinutes(1))) {
            CommandRun load = run(
                    2, "-n", "4", "-c", "4", "--timeout", "300ms", target.uri().toString());

            assertThat(load.exitCode()).isEqualTo(1);
            assertThat(load.out())
                    .contains("unanswered  4: no answer within 300 ms")
                    .doesNotContain("latency     mean");
        }
    }

    @Test
    void headersAndABodyAreSent() throws Exception {
        Path body = Files.writeString(directory.resolve("body"), "not a movie");
        Secret token = new Secret("sixteen-characters");
        try (RunningApp server = RunningApp.start(
                directory.resolve("data"),
                settings -> settings.workers(0).token(token).drain(Duration.ZERO))) {
            JsonNode report = report(
                    2,
                    "-n",
                    "4",
                    "-c",
                    "2",
                    "-H",
                    "Authorization: Bearer sixteen-characters",
                    "-b",
                    "@" + body,
                    server.app().http() + "/v1/gifs");
            assertThat(report.get("statuses").get("202").asInt()).isEqualTo(4);
        }
    }

    @Test
    void workersElsewhereAreWaitedForAndUsed() throws Exception {
        try (FixedDelayServer target = new FixedDelayServer(DELAY);
                RoleProcess load = load(
                        "-n",
                        "300",
                        "-c",
                        "6",
                        "--workers",
                        "2",
                        "--listen",
                        "ipc://" + directory.resolve("work"),
                        "--json",
                        target.uri().toString());
                RoleProcess left = loadWorker();
                RoleProcess right = loadWorker()) {
            JsonNode report = Json.read(load.output().getBytes(StandardCharsets.UTF_8), JsonNode.class);

            assertThat(load.exitCode(LONG)).isZero();
            assertThat(report.get("workers").asInt()).isEqualTo(2);
            assertThat(target.requests()).isEqualTo(300);
            assertThat(left.isAlive() && right.isAlive()).isTrue();
        }
    }

    @Test
    void aWorkerThatIsKilledEndsTheTestWithASentence() throws Exception {
        try (FixedDelayServer target = new FixedDelayServer(Duration.ofMillis(100));
                RoleProcess load = longTest(target)) {
            await().atMost(LONG).until(() -> target.requests() > 10);

            load.children().get(0).destroyForcibly();

            assertThat(load.exitCode(LONG)).isEqualTo(1);
            assertThat(load.log()).containsPattern("worker load-\\d was lost");
            await().until(() -> load.children().isEmpty());
        }
    }

    @Test
    void workersEndWithATestThatIsKilled() throws Exception {
        try (FixedDelayServer target = new FixedDelayServer(Duration.ofMillis(100));
                RoleProcess load = longTest(target)) {
            await().atMost(LONG).until(() -> target.requests() > 10);
            List<ProcessHandle> workers = load.children();
            assertThat(workers).hasSize(3);

            load.signal("KILL");

            await().atMost(LONG).until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    @Test
    void aTargetThatIsNotThereIsSaidBeforeTheTest() throws Exception {
        try (RoleProcess load = load("http://127.0.0.1:1/");
                RoleProcess lost = load("http://no-such-host.invalid/")) {
            assertThat(load.exitCode(LONG)).isEqualTo(1);
            assertThat(load.log()).contains("gifbroker: nothing answers at 127.0.0.1:1: Connection refused");
            assertThat(lost.exitCode(LONG)).isEqualTo(1);
            assertThat(lost.log()).contains("gifbroker: the host no-such-host.invalid is not known");
        }
    }

    @Test
    void workersThatDoNotComeAreNotWaitedForForEver() {
        CommandRun run =
                CommandRun.of("load", "--listen", "tcp://127.0.0.1:0", "--wait", "200ms", "http://127.0.0.1:1/");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("gifbroker load-worker --broker tcp://127.0.0.1:", "only 0 of 2 workers");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "ftp://127.0.0.1/          | 'ftp://127.0.0.1/' is not an address such as",
                "nowhere                   | 'nowhere' is not an address such as",
                "-n 5 -c 6 http://h/       | -c 6 is more than -n 5",
                "-n 0 http://h/            | -n is 1 at least",
                "-c 0 http://h/            | -c is 1 at least",
                "-c 2 --workers 3 http://h/| --workers 3 is more than -c 2",
                "--workers 0 http://h/     | --workers is 1 to",
                "--rate -1 http://h/       | --rate is 0 at least",
                "--warm-up -1 http://h/    | --warm-up is 0 at least",
                "--timeout soon http://h/  | 'soon' is not a time",
                "-H nothing http://h/      | 'nothing' is not a header",
                "--listen tcp://0.0.0.0:0 http://h/ | beyond loopback use tls+tcp",
                "--surprise http://h/      | Unknown option: '--surprise'"
            })
    void wrongUsageIsExplained(String arguments, String complaint) {
        CommandRun run = CommandRun.of(("load " + arguments).split(" +", -1));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(complaint, "Try 'gifbroker load --help'.");
    }

    @Test
    void aLoadWorkerNeedsABroker() {
        assertThat(CommandRun.of("load-worker").err()).contains("Missing required option: '--broker=URL'");
        assertThat(CommandRun.of("load-worker", "--broker", "tcp://198.51.100.7:1")
                        .err())
                .contains("--broker: ", "tls+tcp");
    }

    /** One that goes on for longer than anybody waits, by three workers. */
    private RoleProcess longTest(FixedDelayServer target) throws IOException {
        return load("-n", "100000", "-c", "3", "--workers", "3", target.uri().toString());
    }

    private RoleProcess load(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("load", "--warm-up", "100"));
        all.addAll(List.of(arguments));
        return RoleProcess.launch(directory.resolve("load"), all.toArray(String[]::new));
    }

    private RoleProcess loadWorker() throws IOException {
        return RoleProcess.launch(
                directory.resolve("load-worker"), "load-worker", "--broker", "ipc://" + directory.resolve("work"));
    }

    /** Runs a test that has no failure, by workers in this process. */
    private JsonNode report(int workers, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        CommandRun load = run(workers, all.toArray(String[]::new));
        assertThat(load.exitCode()).as(load.err()).isZero();
        return Json.read(load.out().getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }

    private CommandRun run(int workers, String... arguments) {
        String url = "ipc://" + directory.resolve("work");
        List<String> all = new ArrayList<>(
                List.of("load", "--listen", url, "--workers", Integer.toString(workers), "--warm-up", "100"));
        all.addAll(List.of(arguments));
        List<Worker> started = new ArrayList<>();
        try {
            for (int i = 0; i < workers; i++) {
                started.add(LoadWorkerCommand.builder(url).start());
            }
            return CommandRun.of(all.toArray(String[]::new));
        } finally {
            started.forEach(Worker::close);
        }
    }
}
