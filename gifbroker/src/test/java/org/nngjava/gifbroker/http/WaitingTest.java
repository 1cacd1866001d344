package org.nngjava.gifbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.nngjava.gifbroker.AnimatedGif;
import org.nngjava.gifbroker.GifWorker;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.media.Ffmpeg;
import org.nngjava.gifbroker.media.TestMovies;

/** Jobs that nobody works on until a test lets a worker come. */
@Isolated("it counts the threads of the JVM")
class WaitingTest {
    private static final int CAPACITY = 3;

    @TempDir
    Path directory;

    private RunningApp app;
    private Path mp4;

    @BeforeEach
    void start() {
        app = start(Duration.ofSeconds(30));
        mp4 = TestMovies.movie(directory, "mp4");
    }

    private RunningApp start(Duration idleTimeout) {
        return RunningApp.start(
                directory.resolve("data"),
                settings -> settings.workers(0)
                        .capacity(CAPACITY)
                        .idleTimeout(idleTimeout)
                        .drain(Duration.ofMillis(100)));
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void whoWaitsInVainIsToldWhereTheJobIs() throws Exception {
        HttpResponse<byte[]> answer = app.post("", BodyPublishers.ofFile(mp4), "Prefer", "wait=1");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Preference-Applied")).isEmpty();
        assertThat(RunningApp.job(answer).state()).isEqualTo("queued");
        assertThat(RunningApp.job(answer).queuePosition()).isEqualTo(1);
    }

    @Test
    void whoFollowsAJobMayWaitForAFractionOfASecond() throws Exception {
        String id = app.submit(mp4).id();

        assertThat(RunningApp.job(app.get("/v1/jobs/" + id + "?wait=0.05")).state())
                .isEqualTo("queued");
        assertThat(RunningApp.problem(app.get("/v1/jobs/" + id + "?wait=soon")).detail())
                .startsWith("'wait' is a number of seconds");
    }

    @Test
    void waitingOutlastsTheIdleTimeout() throws Exception {
        app.close();
        // Long enough for a client that the machine holds up while it reads.
        app = start(Duration.ofSeconds(2));
        CompletableFuture<HttpResponse<byte[]>> gif = app.sendAsync(post("wait=60"));
        CompletableFuture<HttpResponse<byte[]>> job =
                await().until(() -> app.app().queue().jobs(1, null), jobs -> !jobs.isEmpty()).stream()
                        .map(first -> app.sendAsync(app.request("/v1/jobs/" + first.id() + "?wait=60")))
                        .findFirst()
                        .orElseThrow();

        // More than twice the idle time-out.
        assertThat(CompletableFuture.anyOf(gif, job)
                        .completeOnTimeout("still waiting", 5, TimeUnit.SECONDS)
                        .join())
                .isEqualTo("still waiting");
        try (GifWorker worker = worker()) {
            assertThat(gif.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(AnimatedGif.read(gif.join().body()).frames()).isEqualTo(25);
            assertThat(RunningApp.job(job.get(30, TimeUnit.SECONDS)).worker()).isEqualTo(worker.name());
        }
    }

    @Test
    void fiveHundredWhoWaitCostHardlyMoreThreadsThanOne() throws Exception {
        String id = app.submit(mp4).id();
        List<SocketChannel> clients = new ArrayList<>();
        try {
            clients.add(waitFor(id));
            int threadsForOne = ManagementFactory.getThreadMXBean().getThreadCount();
            for (int i = 1; i < 500; i++) {
                clients.add(waitFor(id));
            }
            // Answered one after the other, so all before have been taken.
            assertThat(app.get("/v1/jobs/" + id).statusCode()).isEqualTo(200);
            ManagementFactory.getThreadMXBean().resetPeakThreadCount();

            try (GifWorker worker = worker()) {
                int ofTheWorker = ManagementFactory.getThreadMXBean().getThreadCount();
                for (SocketChannel client : clients) {
                    assertThat(answer(client))
                            .startsWith("HTTP/1.1 200 ")
                            .contains("\"state\":\"succeeded\"", worker.name());
                }
                assertThat(ManagementFactory.getThreadMXBean().getPeakThreadCount())
                        .isLessThanOrEqualTo(Math.max(threadsForOne, ofTheWorker) + 20);
            }
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    @Test
    void theJobOfAClientThatLeavesGoesOn() throws Exception {
        byte[] movie = Files.readAllBytes(mp4);
        try (SocketChannel client = connect()) {
            write(
                    client,
                    "POST /v1/gifs HTTP/1.1\r\nHost: 127.0.0.1\r\nPrefer: wait=60\r\nContent-Length: " + movie.length
                            + "\r\n\r\n");
            client.write(ByteBuffer.wrap(movie));
            await().until(() -> !app.app().queue().jobs(1, null).isEmpty());
        }
        String id = app.app().queue().jobs(1, null).get(0).id();

        try (GifWorker worker = worker()) {
            assertThat(app.finished(id).state()).isEqualTo("succeeded");
            assertThat(app.get("/v1/gifs/" + id).statusCode()).isEqualTo(200);
            assertThat(worker.name()).isEqualTo(app.finished(id).worker());
        }
    }

    @Test
    void aGifThatIsNotReadyIsAConflict() throws Exception {
        HttpResponse<byte[]> answer = app.get("/v1/gifs/" + app.submit(mp4).id());

        assertThat(RunningApp.problem(answer).status()).isEqualTo(409);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void aJobCanBeCancelledAndThenForgotten() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> waiting = app.sendAsync(post("wait=60"));
        await().until(() -> !app.app().queue().jobs(1, null).isEmpty());
        String path = "/v1/jobs/" + app.app().queue().jobs(1, null).get(0).id();

        HttpResponse<byte[]> cancelled = app.send(app.request(path).DELETE());

        assertThat(cancelled.statusCode()).isEqualTo(200);
        assertThat(RunningApp.job(cancelled).state()).isEqualTo("cancelled");
        assertThat(RunningApp.problem(waiting.get(10, TimeUnit.SECONDS)).status())
                .isEqualTo(410);
        assertThat(RunningApp.job(app.get(path)).state()).isEqualTo("cancelled");
        await().untilAsserted(() -> assertThat(app.filesKept()).isEmpty());

        assertThat(app.send(app.request(path).DELETE()).statusCode()).isEqualTo(204);
        assertThat(app.get(path).statusCode()).isEqualTo(404);
        assertThat(app.send(app.request(path).DELETE()).statusCode()).isEqualTo(404);
    }

    @Test
    void aFullQueueSaysWhenToComeAgain() throws Exception {
        for (int i = 0; i < CAPACITY; i++) {
            app.submit(mp4);
        }
        int kept = app.filesKept().size();

        HttpResponse<byte[]> answer = app.post("", BodyPublishers.ofFile(mp4));

        assertThat(RunningApp.problem(answer).status()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(app.filesKept()).hasSize(kept);
    }

    @Test
    void whoWaitsWhenTheServerClosesIsToldSo() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> waiting = app.sendAsync(post("wait=60"));
        await().until(() -> !app.app().queue().jobs(1, null).isEmpty());

        app.close();

        HttpResponse<byte[]> answer = waiting.get(10, TimeUnit.SECONDS);
        assertThat(RunningApp.problem(answer).status()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    private HttpRequest.Builder post(String prefer) throws IOException {
        return app.request("/v1/gifs").header("Prefer", prefer).POST(BodyPublishers.ofFile(mp4));
    }

    private GifWorker worker() throws IOException {
        return GifWorker.builder()
                .queue(app.app().queue())
                .name("late-worker")
                .ffmpeg(Ffmpeg.locate(null))
                .work(directory.resolve("work"))
                .start();
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), app.app().http().getPort()));
    }

    private SocketChannel waitFor(String jobId) throws IOException {
        SocketChannel client = connect();
        write(client, "GET /v1/jobs/" + jobId + "?wait=60 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        return client;
    }

    private static void write(SocketChannel client, String text) throws IOException {
        client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String answer(SocketChannel client) throws IOException {
        return new String(client.socket().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
