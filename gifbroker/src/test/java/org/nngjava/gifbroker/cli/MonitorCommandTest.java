package org.nngjava.gifbroker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.gifbroker.http.JobResource;
import org.nngjava.gifbroker.http.Json;
import org.nngjava.gifbroker.http.LiveSnapshot;
import org.nngjava.gifbroker.media.TestMovies;
import org.nngjava.gifbroker.monitor.Alert;
import org.nngjava.gifbroker.monitor.RedisServer;

/** A broker, a worker and a monitor, each a process of its own. */
@Timeout(300)
class MonitorCommandTest {
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final Duration TWO_HEARTBEATS = Duration.ofSeconds(4);

    @TempDir
    Path directory;

    private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();
    private final List<Alert> posted = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    @Test
    void aProcessThatIsKilledIsDeadWithinTwoHeartbeatsAndSomebodyIsTold() throws Exception {
        RoleProcess broker = broker("127.0.0.1:0");
        RoleProcess worker = worker(broker, "anna");
        broker.awaitWorkers(1);
        Path told = directory.resolve("told");
        RoleProcess monitor = monitor(
                broker,
                "--alert-command",
                "cat >> " + told + "; echo \" $ALERT_TEXT\" >> " + told,
                "--alert-url",
                hook());
        awaitLine(monitor, "workers 1");

        Instant killed = Instant.now();
        worker.signal("KILL");

        await().atMost(LONG).until(() -> state(broker, "anna"), Optional.of("dead")::equals);
        assertThat(Instant.now()).isBefore(killed.plus(TWO_HEARTBEATS));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(posted)
                        .extracting(Alert::event, Alert::process)
                        .containsExactly(tuple("dead", "anna")));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(Files.readString(told))
                        .contains("\"event\":\"dead\",\"process\":\"anna\"", "worker anna is dead"));
        assertThat(monitor.log()).contains("gifbroker: worker anna is dead");

        broker.signal("KILL");

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(posted)
                        .last()
                        .satisfies(alert -> assertThat(alert.sentence()).isEqualTo("the server is dead")));
        broker(broker.http().getAuthority());
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(posted)
                        .last()
                        .satisfies(alert -> assertThat(alert.sentence()).isEqualTo("the server is back")));
    }

    @Test
    void itShowsTrafficAndLatencyOfEachProcess() throws Exception {
        RoleProcess broker = broker("127.0.0.1:0");
        worker(broker, "anna");
        Path movie = TestMovies.movie(directory, "mp4", 0.5);
        JobResource job = Json.read(
                broker.sendAsync(broker.request("/v1/gifs?width=120")
                                .POST(BodyPublishers.ofFile(movie))
                                .build())
                        .join()
                        .body(),
                JobResource.class);
        await().atMost(LONG).until(() -> broker.job(job.id()).state(), "succeeded"::equals);

        await().atMost(LONG).untilAsserted(() -> {
            LiveSnapshot.Worker anna = snapshot(broker).workers().get(0);
            assertThat(anna.traffic().receivedBytes()).isGreaterThan(Files.size(movie));
            assertThat(anna.runTime().count()).isEqualTo(1);
        });
        CommandRun once =
                CommandRun.of("monitor", "--once", "--server", broker.http().toString());
        assertThat(once.out())
                .containsPattern("wait [0-9.]+m?s/[0-9.]+m?s  run [0-9.]+m?s/[0-9.]+m?s  in \\d+.*  out \\d+")
                .containsPattern("anna +idle +0/1 +1 finished  run [0-9.]+m?s/[0-9.]+m?s +in +\\d+\\.\\d kB  out");
    }

    @Test
    void countersInRedisOutliveTheServer() throws Exception {
        assumeTrue(RedisServer.program().isPresent(), "no redis-server here: ci/setup test");
        RedisServer redis = open(RedisServer.start(directory));
        RoleProcess broker = broker("127.0.0.1:0");
        for (int i = 0; i < 3; i++) {
            broker.sendAsync(broker.request("/v1/gifs")
                            .POST(BodyPublishers.ofString("no movie " + i))
                            .build())
                    .join();
        }
        awaitKept(broker, redis, 3);
        awaitKept(broker, redis, 3); // looking again adds nothing
        broker.signal("KILL");
        RoleProcess next = broker("127.0.0.1:0");
        next.sendAsync(next.request("/v1/gifs")
                        .POST(BodyPublishers.ofString("no movie"))
                        .build())
                .join();
        awaitKept(next, redis, 4);
    }

    @Test
    void aRedisThatIsNotThereAndAnAlertThatCannotBeToldAreComplainedOf() throws Exception {
        RoleProcess broker = broker("127.0.0.1:0");
        RoleProcess worker = worker(broker, "anna");
        broker.awaitWorkers(1);
        RoleProcess monitor = monitor(
                broker,
                "--redis",
                "redis://127.0.0.1:1/0",
                "--alert-command",
                "exit 3",
                "--alert-url",
                "http://127.0.0.1:1/");
        awaitLine(monitor, "workers 1");

        worker.signal("KILL");

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(monitor.log())
                        .contains("counters are not kept at 127.0.0.1:1: ")
                        .contains("--alert-command was not told that worker anna is dead: it ended with 3")
                        .contains("--alert-url was not told that worker anna is dead: "));
        assertThat(monitor.isAlive()).isTrue();
    }

    @Test
    void wrongUsageIsExplained() {
        assertThat(CommandRun.of("monitor", "--redis", "http://127.0.0.1/").err())
                .contains("--redis is an address such as redis://");
        assertThat(CommandRun.of("monitor", "--alert-url", "nowhere").err())
                .contains("--alert-url is an address such as");
        assertThat(CommandRun.of("monitor", "--once", "--alert-command", "true").exitCode())
                .isEqualTo(2);
    }

    private RoleProcess broker(String http) throws IOException {
        return open(RoleProcess.start(
                directory.resolve("broker"),
                "broker",
                "--http",
                http,
                "--listen",
                "tcp://127.0.0.1:0",
                "--events",
                "tcp://127.0.0.1:0"));
    }

    private RoleProcess worker(RoleProcess broker, String name) throws IOException {
        return open(RoleProcess.start(directory.resolve(name), "worker", "--broker", broker.workUrl(), "--name", name));
    }

    private RoleProcess monitor(RoleProcess broker, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("monitor", "--every", "200ms", "--server", broker.http().toString()));
        arguments.addAll(List.of(more));
        return open(RoleProcess.launch(directory.resolve("monitor"), arguments.toArray(String[]::new)));
    }

    private static void awaitLine(RoleProcess process, String text) throws IOException {
        String line;
        do {
            line = process.line();
            assertThat(line).as(process.log()).isNotNull();
        } while (!line.contains(text));
    }

    private void awaitKept(RoleProcess broker, RedisServer redis, int accepted) {
        await().atMost(LONG).untilAsserted(() -> {
            CommandRun run = CommandRun.of(
                    "monitor",
                    "--once",
                    "--server",
                    broker.http().toString(),
                    "--redis",
                    redis.uri().toString(),
                    "--json");
            assertThat(run.err()).isEmpty();
            assertThat(redis.hash("gifbroker:counters")).containsEntry("accepted", Integer.toString(accepted));
        });
    }

    private static LiveSnapshot snapshot(RoleProcess broker) {
        return Json.read(
                broker.sendAsync(broker.request("/v1/live").build()).join().body(), LiveSnapshot.class);
    }

    private static Optional<String> state(RoleProcess broker, String worker) {
        return snapshot(broker).workers().stream()
                .filter(each -> each.name().equals(worker))
                .map(LiveSnapshot.Worker::state)
                .findFirst();
    }

    /** A server that remembers what is posted to it. */
    private String hook() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            posted.add(Json.read(exchange.getRequestBody().readAllBytes(), Alert.class));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        opened.add(() -> server.stop(0));
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/alerts";
    }

    private <T extends AutoCloseable> T open(T closeable) {
        opened.add(closeable);
        return closeable;
    }
}
