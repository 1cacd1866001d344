package org.nngjava.gifbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.media.TestMovies;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobState;

class WebhooksTest {
    private static final Secret SECRET = new Secret("correct-horse-battery");

    @TempDir
    Path directory;

    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();
    private HttpServer receiver;
    private RunningApp app;
    private Path mp4;

    private record Message(String path, String delivery, String timestamp, String signature, String body) {
        JobResource job() {
            return Json.read(body.getBytes(StandardCharsets.UTF_8), JobResource.class);
        }
    }

    @BeforeEach
    void start() throws Exception {
        mp4 = TestMovies.movie(directory, "mp4", 0.5);
        receiver = receiver(0);
    }

    @AfterEach
    void stop() {
        if (app != null) {
            app.close();
        }
        receiver.stop(0);
    }

    @Test
    void whoIsNamedIsToldOfTheEndAndCanCheckWhoSaysSo() throws Exception {
        app = start(1, true);
        JobResource job = submit("/hook?a=b");

        await().until(() -> messages.size() == 1);

        Message message = messages.get(0);
        assertThat(message.path()).isEqualTo("/hook?a=b");
        assertThat(message.job()).isEqualTo(app.finished(job.id()));
        assertThat(message.job().state()).isEqualTo("succeeded");
        assertThat(Long.parseLong(message.timestamp()))
                .isBetween(Instant.now().getEpochSecond() - 60, Instant.now().getEpochSecond());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.value().getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
        String signed = message.timestamp() + "." + message.body();
        assertThat(message.signature())
                .isEqualTo("sha256=" + HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void failureAndCancellationAreToldToo() throws Exception {
        app = start(1, true);
        app.post("?callback=" + encoded("/failed"), BodyPublishers.ofString("no movie"));
        await().until(() -> messages.size() == 1);
        app.app().queue().quiet(worker -> worker.name().equals("local-1"));
        app.app().queue().cancel(submit("/cancelled").id());
        await().until(() -> messages.size() == 2);

        assertThat(messages.get(0).job().error().code()).isEqualTo("not-a-movie");
        assertThat(messages.get(1).job().state()).isEqualTo("cancelled");
    }

    @Test
    void aReceiverThatFailsIsToldAgainTheSame() throws Exception {
        app = start(1, true);
        statuses.addAll(List.of(500, 302));

        submit("/hook");

        await().until(() -> messages.size() == 3);
        assertThat(messages).extracting(Message::path).containsOnly("/hook");
        assertThat(messages)
                .extracting(Message::delivery)
                .containsOnly(messages.get(0).delivery());
        assertThat(messages.get(2).body()).isEqualTo(messages.get(0).body());
        await().until(() -> message().state() == JobState.SUCCEEDED);
    }

    @Test
    void aReceiverThatIsGoneIsToldNoMore() throws Exception {
        app = start(1, true);
        statuses.add(410);

        submit("/hook");

        await().until(() -> message().state() == JobState.FAILED);
        assertThat(message().error().code()).isEqualTo("webhook-gone");
        assertThat(messages).hasSize(1);
    }

    @Test
    void aRestartLosesNoMessageAndRepeatsNone() throws Exception {
        app = start(0, true);
        int port = receiver.getAddress().getPort();
        String ended = submit("/ended").id();
        app.app().queue().cancel(ended);
        await().until(() -> messages.size() == 1);
        await().until(() -> message().state() == JobState.SUCCEEDED);
        String open = submit("/open").id();
        receiver.stop(0);
        String unheard = submit("/unheard").id();
        app.app().queue().cancel(unheard);
        await().until(() -> message().attempt() > 0);
        app.close();

        receiver = receiver(port);
        app = start(1, true);

        await().until(() -> messages.size() == 3);
        assertThat(messages).extracting(message -> message.job().id()).containsOnlyOnce(ended, open, unheard);
        assertThat(app.finished(open).state()).isEqualTo("succeeded");
    }

    @Test
    void aReceiverThatDoesNotAnswerHoldsUpNobodyWhoStopsTheServer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            app = RunningApp.start(
                    directory.resolve("data"),
                    settings -> settings.workers(0)
                            .webhooks(new WebhookSettings(SECRET, true))
                            .drain(Duration.ofMinutes(2)));
            String callback = "http://127.0.0.1:" + silent.getLocalPort() + "/";
            JobResource job = RunningApp.job(app.post(
                    "?callback=" + URLEncoder.encode(callback, StandardCharsets.UTF_8), BodyPublishers.ofFile(mp4)));
            app.app().queue().cancel(job.id());
            await().until(() -> message().state() == JobState.RUNNING);

            await().atMost(Duration.ofSeconds(10)).until(() -> {
                app.close();
                return true;
            });

            app = start(0, true);
            await().until(() -> message().state() == JobState.RUNNING);
            assertThat(message().attempt()).isEqualTo(1);
        }
    }

    @Test
    void messagesAreNoJobsThatPeopleLookFor() throws Exception {
        app = start(1, true);
        JobResource job = submit("/hook");
        await().until(() -> message().state() == JobState.SUCCEEDED);
        String messageId = message().id();

        assertThat(page("/v1/jobs")).extracting(JobResource::id).containsExactly(job.id());
        assertThat(page("/v1/jobs?type=webhook")).extracting(JobResource::id).containsExactly(messageId);
        assertThat(RunningApp.problem(app.get("/v1/gifs/" + messageId)).code()).isEqualTo("unknown-job");
        app.app().queue().halt(worker -> worker.name().equals("local-1"), Duration.ZERO);
        await().untilAsserted(() -> assertThat(app.get("/readyz").statusCode()).isEqualTo(503));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://10.1.2.3:8080/x",
                "http://169.254.169.254/latest/meta-data",
                "http://[::1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://[fd00::1]/",
                "http://0.0.0.0/",
                "http://2130706433/",
                "ftp://example.com/",
                "file:///etc/passwd",
                "http://user:word@example.com/",
                "//example.com/",
                "example.com",
                "http://exa mple.com/",
                "https:///x"
            })
    void whereNoMessageMayGoIsRefusedAtOnce(String callback) throws Exception {
        app = start(0, false);

        HttpResponse<byte[]> answer = app.post(
                "?callback=" + URLEncoder.encode(callback, StandardCharsets.UTF_8), BodyPublishers.ofFile(mp4));

        assertThat(RunningApp.problem(answer).code()).isEqualTo("invalid-option");
        assertThat(RunningApp.problem(answer).detail()).startsWith("callback: ");
        assertThat(app.filesKept()).isEmpty();
    }

    @Test
    void aNameThatLeadsToThisMachineIsFoundOutWhenItIsResolved() throws Exception {
        app = start(0, false);
        String callback = "http://localhost:" + receiver.getAddress().getPort() + "/hook";
        JobResource job = RunningApp.job(app.post(
                "?callback=" + URLEncoder.encode(callback, StandardCharsets.UTF_8), BodyPublishers.ofFile(mp4)));
        app.app().queue().cancel(job.id());

        await().until(() -> message().state().isFinal());

        assertThat(message().error().code()).isEqualTo("webhook-private");
        assertThat(message().attempt()).isEqualTo(1);
        assertThat(messages).isEmpty();
    }

    @Test
    void unlessTheyAreAllowedThereAreNone() throws Exception {
        app = RunningApp.start(directory.resolve("data"), settings -> settings.workers(0));

        HttpResponse<byte[]> answer = app.post("?callback=https%3A%2F%2Fexample.com%2F", BodyPublishers.ofFile(mp4));

        assertThat(RunningApp.problem(answer).detail()).isEqualTo("callback: this server sends no webhooks");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "2606:4700::1111", "2a00::1"})
    void thePublicInternetIsPublic(String address) throws Exception {
        assertThat(NetworkAddress.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.255.0.1",
                "10.0.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.1.2.3",
                "224.0.0.1",
                "255.255.255.255",
                "198.19.0.1",
                "::",
                "::1",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fdff::1",
                "ff02::1",
                "::ffff:10.0.0.1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "2001::1",
                "2001:db8::1"
            })
    void thisMachineAndTheNetworksAroundItAreNot(String address) throws Exception {
        assertThat(NetworkAddress.isPublic(InetAddress.getByName(address))).isFalse();
    }

    private RunningApp start(int workers, boolean allowPrivate) {
        return RunningApp.start(
                directory.resolve("data"),
                settings -> settings.workers(workers)
                        .webhooks(new WebhookSettings(SECRET, allowPrivate))
                        .drain(Duration.ofMillis(100)));
    }

    private HttpServer receiver(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::receive);
        server.start();
        return server;
    }

    private void receive(HttpExchange exchange) throws IOException {
        messages.add(new Message(
                exchange.getRequestURI().toString(),
                exchange.getRequestHeaders().getFirst("X-Gifbroker-Delivery"),
                exchange.getRequestHeaders().getFirst("X-Gifbroker-Timestamp"),
                exchange.getRequestHeaders().getFirst("X-Gifbroker-Signature"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        Integer status = statuses.poll();
        exchange.getResponseHeaders().set("Location", "/elsewhere");
        exchange.sendResponseHeaders(status == null ? 204 : status, -1);
        exchange.close();
    }

    private String encoded(String path) {
        String address = "http://127.0.0.1:" + receiver.getAddress().getPort() + path;
        return URLEncoder.encode(address, StandardCharsets.UTF_8);
    }

    private JobResource submit(String path) throws Exception {
        HttpResponse<byte[]> accepted =
                app.post("?width=64&callback=" + encoded(path), BodyPublishers.ofByteArray(Files.readAllBytes(mp4)));
        assertThat(accepted.statusCode()).isEqualTo(202);
        return RunningApp.job(accepted);
    }

    /** The newest message as a job. */
    private Job message() {
        return app.app().queue().jobs(100, null).stream()
                .filter(job -> job.type().equals("webhook"))
                .findFirst()
                .orElseGet(() -> await().until(
                                () -> app.app().queue().jobs(100, null).stream()
                                        .filter(job -> job.type().equals("webhook"))
                                        .findFirst()
                                        .orElse(null),
                                job -> job != null));
    }

    private List<JobResource> page(String path) throws Exception {
        return Json.read(app.get(path).body(), JobHandlers.JobPage.class).jobs();
    }
}
