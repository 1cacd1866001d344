package org.nngjava.gifbroker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nngjava.gifbroker.http.Json;
import org.nngjava.gifbroker.http.LiveSnapshot;

/** Several machines, played by one, and what one file has for each of them. */
@Timeout(300)
class UpCommandTest {
    private static final Duration LONG = Duration.ofMinutes(3);

    @TempDir
    Path directory;

    @Test
    void eachMachineRunsWhatTheFileHasForItAndNothingElse() throws Exception {
        int http = freePort();
        int work = freePort();
        Path machines = file(
                "machines:",
                "  front:",
                "    broker:",
                "      http: 127.0.0.1:" + http,
                "      listen: [tcp://127.0.0.1:" + work + "]",
                "      events: tcp://127.0.0.1:0",
                "  back:",
                "    worker:",
                "      - name: anna",
                "      - { name: bert, slots: 2 }",
                "common:",
                "  broker: tcp://127.0.0.1:" + work,
                "  token: sixteen-characters");
        URI live = URI.create("http://127.0.0.1:" + http + "/v1/live");
        try (RoleProcess front = up("front", machines);
                RoleProcess back = up("back", machines)) {
            await().atMost(LONG).ignoreExceptions().until(() -> workers(live), Set.of("anna 1", "bert 2")::equals);
            assertThat(front.children()).hasSize(1);
            assertThat(back.children()).hasSize(2);

            ProcessHandle killed = back.children().get(0);
            killed.destroyForcibly();

            await().atMost(LONG).until(() -> back.log().contains("worker ended with 137 and is started again in 1 s"));
            await().atMost(LONG).until(() -> back.children().size() == 2);
            await().atMost(LONG).until(() -> workers(live), Set.of("anna 1", "bert 2")::equals);
            List<ProcessHandle> ofBack = back.children();
            assertThat(ofBack).hasSize(2).doesNotContain(killed);

            back.signal("TERM");
            assertThat(back.exitCode(LONG)).isEqualTo(143);
            assertThat(ofBack).noneMatch(ProcessHandle::isAlive);

            List<ProcessHandle> ofFront = front.children();
            front.signal("KILL");
            await().atMost(LONG).until(() -> ofFront.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    @Test
    void whatWouldRunIsShownWithoutSecrets() throws Exception {
        Path machines = file(
                "machines:",
                "  a: { worker: { slots: 3, broker: 'tcp://127.0.0.1:1' }, monitor: }",
                "  b: { serve: { webhooks: true } }",
                "common: { token: sixteen-characters, webhook-secret: sixteen-characters }");

        assertThat(CommandRun.of("up", machines.toString(), "--host", "a", "--dry-run")
                        .out()
                        .lines())
                .containsExactly("worker token=(secret) slots=3 broker=tcp://127.0.0.1:1", "monitor token=(secret)");
        assertThat(CommandRun.of("up", machines.toString(), "--host", "b", "--dry-run")
                        .out()
                        .lines())
                .containsExactly("serve token=(secret) webhook-secret=(secret) webhooks=true");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "machines: {a: {sing: }}                       | machines.a.sing: there is no such role",
                "machines: {a: {up: }}                         | machines.a.up: there is no such role",
                "machines: {b: {worker: {slotz: 2}}, a: {}}    | machines.b.worker.slotz: worker has no such setting: see gifbroker worker --help",
                "machines: {a: {worker: {slots: many}}}        | worker: Invalid value for option '--slots'",
                "machines: {a: {worker: {slots: {of: 2}}}}     | machines.a.worker.slots: a setting has a value",
                "machines: {a: {worker: {slots: }}}            | machines.a.worker.slots: a setting has a value",
                "machines: {a: {worker: 2}}                    | machines.a.worker: settings are lines such as",
                "machines: {a: worker}                         | machines.a: a machine has roles",
                "machines: {b: {worker: }}                     | 'a' is not among the machines",
                "{machines: {a: {worker: }}, common: {fps: 2}} | common.fps: no role here has such a setting",
                "{machines: {a: }, more: 1}                    | more: it has 'common' and 'machines' only",
                "worker: {}                                    | it has 'machines'",
                "machines: {a: {load-worker: }}                | load-worker: Missing required option",
                "machines: {a: {}, a: {}}                      | line 1",
                "machines: [                                   | line 1"
            })
    void whatIsWrongInTheFileIsSaidBeforeAnythingStarts(String content, String complaint) throws Exception {
        CommandRun run = CommandRun.of("up", file(content).toString(), "--host", "a");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(directory.toString(), complaint, "Try 'gifbroker up --help'.");
    }

    @Test
    void aMachineThatIsNotInTheFileIsToldWhichAre() throws Exception {
        Path machines = file("machines: {front: {serve: }, back: {worker: }}");

        assertThat(CommandRun.of("up", machines.toString()).err())
                .contains("is not among the machines of", "front, back; --host names one");
        assertThat(CommandRun.of("up", directory + "/none").err()).contains("none: no such file");
        assertThat(CommandRun.of("up").exitCode()).isEqualTo(2);
    }

    @Test
    void aRoleThatIsUsedWronglyEndsAll() throws Exception {
        Path machines = file("machines: {a: {worker: {broker: 'tcp://127.0.0.1:1'}, broker: {http: '0.0.0.0:0'}}}");

        try (RoleProcess up = up("a", machines)) {
            assertThat(up.exitCode(LONG)).isEqualTo(2);
            assertThat(up.log()).contains("beyond loopback it needs a token", "broker is used wrongly, as it says");
            assertThat(up.children()).isEmpty();
        }
    }

    private Path file(String... lines) throws IOException {
        return Files.write(directory.resolve("machines.yaml"), List.of(lines));
    }

    private RoleProcess up(String host, Path machines) throws IOException {
        return RoleProcess.launch(directory.resolve(host), "up", machines.toString(), "--host", host);
    }

    private static Set<String> workers(URI live) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(live)
                .header("Authorization", "Bearer sixteen-characters")
                .build();
        byte[] answer = HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofByteArray())
                .body();
        return Json.read(answer, LiveSnapshot.class).workers().stream()
                .filter(worker -> !worker.state().equals(LiveSnapshot.DEAD))
                .map(worker -> worker.name() + " " + worker.slots())
                .collect(Collectors.toSet());
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
