package org.nngjava.gifbroker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.gifbroker.NewThread;
import org.nngjava.gifbroker.http.Json;
import org.nngjava.gifbroker.http.Problem;
import org.nngjava.workers.PipelineSink;
import tools.jackson.databind.JsonNode;

/** A web server and three sinks, each a process of its own. */
class PipeTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int AT_ONCE = 32;

    @TempDir
    Path directory;

    private final List<RoleProcess> sinks = new ArrayList<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final ExecutorService readers = Executors.newCachedThreadPool();
    private RoleProcess web;

    @AfterEach
    void end() {
        sinks.forEach(RoleProcess::close);
        if (web != null) {
            web.close();
        }
        readers.shutdown();
    }

    @Test
    void itWaitsForItsSinksAndEachGetsAThirdOfTheRequests() throws Exception {
        List<String> urls = Stream.of("a", "b", "c")
                .map(name -> "ipc://" + directory.resolve(name))
                .toList();
        CompletableFuture<RoleProcess> ready =
                start("pipe", "web", "--port", "0", "--sinks", String.join(",", urls), "--connect-timeout", "60s");
        for (String url : urls) {
            assertThat(ready).isNotDone();
            sinks.add(start("pipe", "sink", "--listen", url).get());
        }
        web = ready.get();

        assertThat(load(0, 3000)).containsOnly(202);

        assertThat(web.log()).contains("Waiting for 3 of 3 sinks", urls.get(2) + " is connected");
        JsonNode report = stopped(web);
        assertThat(report.get("accepted").asInt()).isEqualTo(3000);
        assertThat(report.get("refused").asInt()).isZero();
        assertThat(report.get("undelivered").asInt()).isZero();
        for (RoleProcess sink : sinks) {
            assertThat(messages(sink)).isEqualTo(1000);
        }
    }

    @Test
    void aMessageIsTheRequestAsItCame() throws Exception {
        Path socket = directory.resolve("s");
        List<String> got = new ArrayList<>();
        try (PipelineSink sink = PipelineSink.builder("ipc://" + socket)
                .acknowledge()
                .handle(message -> got.add(new String(message, StandardCharsets.ISO_8859_1)))
                .start()) {
            web = start("pipe", "web", "--port", "0", "--ack", "--max-body", "1K", "--sinks", sink.url())
                    .get();
            assertThat(web.sendAsync(web.request("/orders/%C3%A4?a=1&b")
                                    .header("Content-Type", "text/plain")
                                    .header("X-Order", "7")
                                    .header("Cookie", "session=secret")
                                    .header("Authorization", "Bearer secret")
                                    .PUT(BodyPublishers.ofString("one\ntwo"))
                                    .build())
                            .get()
                            .statusCode())
                    .isEqualTo(202);
            await().until(() -> got.size() == 1);
            assertThat(got.get(0))
                    .startsWith("PUT /orders/%C3%A4?a=1&b HTTP/1.1\r\n")
                    .containsIgnoringCase("\r\nContent-Type: text/plain\r\n")
                    .containsIgnoringCase("\r\nX-Order: 7\r\n")
                    .endsWith("\r\nContent-Length: 7\r\n\r\none\ntwo")
                    .doesNotContain("secret");

            HttpResponse<byte[]> large = web.sendAsync(web.request("/")
                            .POST(BodyPublishers.ofByteArray(new byte[1025]))
                            .build())
                    .get();
            assertThat(large.statusCode()).isEqualTo(413);
            HttpResponse<byte[]> foreign = web.sendAsync(web.request("/")
                            .header("Origin", "http://evil.example")
                            .build())
                    .get();
            assertThat(foreign.statusCode()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noRequestFailsWhenASinkIsKilledAndTheOthersShareTheRest(boolean ack) throws Exception {
        startAll(ack, "--print");
        List<Future<Set<String>>> printed =
                sinks.stream().map(sink -> readers.submit(() -> printed(sink))).toList();
        int before = 600;
        int after = 900;
        assertThat(load(0, before)).containsOnly(202);
        CompletableFuture<Set<Integer>> answers = NewThread.supply(() -> load(before, before + after));
        await().until(() -> answered.get() >= before + 200);
        sinks.get(1).signal("KILL");
        assertThat(answers.get()).containsOnly(202);

        JsonNode report = stopped(web);
        assertThat(report.get("accepted").asInt()).isEqualTo(before + after);
        sinks.get(0).signal("TERM");
        sinks.get(2).signal("TERM");
        List<Set<String>> got = new ArrayList<>();
        for (Future<Set<String>> of : printed) {
            got.add(of.get());
        }
        assertThat(got.get(1).size()).isBetween(1, 1000);
        assertThat(got.get(0).size()).isCloseTo(got.get(2).size(), within(150));
        if (ack) {
            assertThat(report.get("undelivered").asInt()).isZero();
            assertThat(got.stream().flatMap(Set::stream).collect(Collectors.toSet()))
                    .isEqualTo(IntStream.range(0, before + after)
                            .mapToObj(n -> "GET /?n=" + n)
                            .collect(Collectors.toSet()));
        }
    }

    @Test
    void aSinkThatIsPausedHoldsItsBufferAndGetsItsShareAgainWhenItGoesOn() throws Exception {
        startAll(true, "--buffer", "300");
        assertThat(load(0, 300)).containsOnly(202);
        awaitMessages(sinks.get(1), 100);

        sinks.get(1).signal("STOP");
        assertThat(load(0, 1500)).containsOnly(202);
        sinks.get(1).signal("CONT");
        awaitMessages(sinks.get(1), 400);
        assertThat(load(0, 300)).containsOnly(202);

        assertThat(stopped(web).get("undelivered").asInt()).isZero();
        assertThat(messages(sinks.get(1))).isCloseTo(500, within(15));
        assertThat(messages(sinks.get(0)) + messages(sinks.get(2))).isCloseTo(1600, within(15));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whenAllSinksArePausedItSaysSoUntilTheyGoOn(boolean ack) throws Exception {
        startAll(ack, "--buffer", "50");
        for (RoleProcess sink : sinks) {
            sink.signal("STOP");
        }
        byte[] body = new byte[60_000]; // the system's buffers take some as well
        int accepted = 0;
        HttpResponse<byte[]> answer = post(body);
        while (answer.statusCode() == 202) {
            accepted++;
            answer = post(body);
        }

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(Json.read(answer.body(), Problem.class).detail()).contains("full (3 of 3)");
        if (ack) {
            assertThat(accepted).isEqualTo(150);
        } else {
            assertThat(accepted).isBetween(150, 1500);
        }

        for (RoleProcess sink : sinks) {
            sink.signal("CONT");
        }
        await().atMost(LONG).until(() -> post(body).statusCode() == 202);
        JsonNode report = stopped(web);
        assertThat(report.get("undelivered").asInt()).isZero();
        assertThat(report.get("refused").asInt()).isPositive();
        int arrived = 0;
        for (RoleProcess sink : sinks) {
            arrived += messages(sink);
        }
        assertThat(arrived).isEqualTo(accepted + 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            pipe                                                          | a command is missing: web or sink
            pipe web                                                      | Missing required option: '--sinks=URL'
            pipe web --sinks nowhere                                      | nowhere
            pipe web --sinks http://127.0.0.1:1                           | http://127.0.0.1:1
            pipe web --sinks tcp://192.0.2.1:4444                         | not secure
            pipe web --sinks tcp://127.0.0.1:1,tcp://127.0.0.1:1          | named twice
            pipe web --sinks tcp://127.0.0.1:1 --min-sinks 2              | --min-sinks is 1 to 1
            pipe web --sinks tcp://127.0.0.1:1 --port 65536               | --port is 0 to 65535
            pipe web --sinks tcp://127.0.0.1:1 --port here                | 'here' is not an int
            pipe web --sinks tcp://127.0.0.1:1 --buffer 0                 | 1 to 8192 messages
            pipe web --sinks tcp://127.0.0.1:1 --max-body 1M              | --max-body is 960K at most
            pipe web --sinks tcp://127.0.0.1:1 --sing                     | Unknown option: '--sing'
            pipe sink                                                     | (--port=PORT | --listen=URL)
            pipe sink --port -1                                           | --port is 0 to 65535
            pipe sink --listen tcp://0.0.0.0:4444                         | not secure
            pipe sink --listen nowhere                                    | nowhere
            """)
    void wrongUsageIsExplained(String line, String message) {
        CommandRun run = CommandRun.of(line.split(" +"));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message).contains("--help");
    }

    @Test
    void whatCannotBeHadIsNamed() {
        try (PipelineSink sink = PipelineSink.builder("tcp://127.0.0.1:0")
                .acknowledge()
                .handle(message -> {})
                .start()) {
            String busy = sink.url().replaceAll(".*:", "");
            String away = "ipc://" + directory.resolve("away");

            assertThat(CommandRun.of("pipe", "sink", "--port", busy).err()).contains(sink.url(), "address in use");
            assertThat(CommandRun.of("pipe", "sink", "--port", busy).exitCode()).isEqualTo(1);
            assertThat(CommandRun.of("pipe", "web", "--port", busy, "--sinks", away)
                            .err())
                    .contains("cannot listen on 127.0.0.1:" + busy);
            CommandRun none = CommandRun.of(
                    "pipe", "web", "--port", "0", "--sinks", sink.url() + "," + away, "--connect-timeout", "1s");
            assertThat(none.exitCode()).isEqualTo(1);
            assertThat(none.err())
                    .contains("2 of 2 are needed")
                    .contains(sink.url() + " is no sink, or one with --ack")
                    .contains(away + " does not answer");
        }
    }

    private void startAll(boolean ack, String... more) throws Exception {
        List<String> ofSinks = new ArrayList<>(List.of("pipe", "sink", "--port", "0"));
        List<String> ofWeb = new ArrayList<>(List.of("pipe", "web", "--port", "0"));
        if (ack) {
            ofSinks.add("--ack");
            ofWeb.add("--ack");
        }
        if (more[0].equals("--buffer")) {
            ofWeb.addAll(List.of(more));
        } else {
            ofSinks.addAll(List.of(more));
        }
        List<CompletableFuture<RoleProcess>> starting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            starting.add(start(ofSinks.toArray(String[]::new)));
        }
        for (CompletableFuture<RoleProcess> sink : starting) {
            sinks.add(sink.get());
        }
        ofWeb.addAll(List.of(
                "--sinks",
                sinks.stream().map(sink -> sink.ready().get("url").asString()).collect(Collectors.joining(","))));
        web = start(ofWeb.toArray(String[]::new)).get();
    }

    private CompletableFuture<RoleProcess> start(String... arguments) {
        return NewThread.supply(() -> {
            try {
                return RoleProcess.start(directory.resolve("tmp"), arguments);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Sends requests with these numbers, many at a time, and gives the statuses of the answers. */
    private Set<Integer> load(int from, int to) {
        Semaphore room = new Semaphore(AT_ONCE);
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int n = from; n < to; n++) {
            room.acquireUninterruptibly();
            answers.add(web.sendAsync(web.request("/?n=" + n).build())
                    .thenApply(HttpResponse::statusCode)
                    .whenComplete((status, failure) -> {
                        answered.incrementAndGet();
                        room.release();
                    }));
        }
        return answers.stream().map(CompletableFuture::join).collect(Collectors.toSet());
    }

    private HttpResponse<byte[]> post(byte[] body) {
        return web.sendAsync(
                        web.request("/").POST(BodyPublishers.ofByteArray(body)).build())
                .join();
    }

    /** Ends a process in order, and gives what it tells at its end. */
    private static JsonNode stopped(RoleProcess role) throws Exception {
        role.signal("TERM");
        List<String> lines = role.lines().toList();
        assertThat(role.exitCode(LONG)).isEqualTo(143);
        return Json.read(lines.get(lines.size() - 1).getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }

    private static int messages(RoleProcess sink) throws Exception {
        return stopped(sink).get("messages").asInt();
    }

    /** As its log tells once a second. */
    private static void awaitMessages(RoleProcess sink, int number) {
        await().until(() -> sink.log().contains(" " + number + " messages,"));
    }

    /** The messages that a sink printed until its end. */
    private static Set<String> printed(RoleProcess sink) {
        return sink.lines()
                .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class))
                .filter(line -> line.get("event").asString().equals("message"))
                .map(line -> line.get("line").asString())
                .collect(Collectors.toSet());
    }
}
