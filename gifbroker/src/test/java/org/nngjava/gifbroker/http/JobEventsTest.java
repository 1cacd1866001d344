package org.nngjava.gifbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.gifbroker.GifWorker;
import org.nngjava.gifbroker.NewThread;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.media.Ffmpeg;
import org.nngjava.gifbroker.media.TestMovies;
import org.nngjava.workers.JobRequest;

class JobEventsTest {
    @TempDir
    Path directory;

    private RunningApp app;
    private Path mp4;

    @BeforeEach
    void start() {
        app = RunningApp.start(
                directory.resolve("data"), settings -> settings.workers(0).drain(Duration.ofMillis(100)));
        mp4 = TestMovies.movie(directory, "mp4");
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void aStreamOfOneJobTellsItsStatesAndEndsWithIt() throws Exception {
        String id = app.submit(mp4).id();
        HttpResponse<Stream<String>> events = app.stream("/v1/jobs/" + id + "/events");
        List<String> states = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> end =
                NewThread.run(() -> jobs(events).map(JobResource::state).forEach(states::add));
        await().untilAsserted(() -> assertThat(states).containsExactly("queued"));

        try (GifWorker worker = worker()) {
            await().until(end::isDone);
            assertThat(worker.name()).isEqualTo("late-worker");
        }
        assertThat(events.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        assertThat(states.get(states.size() - 1)).isEqualTo("succeeded");
    }

    @Test
    void aStreamOfAllTellsOfJobsThatCameLater() throws Exception {
        HttpResponse<Stream<String>> events = app.stream("/v1/events");
        List<JobResource> told = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> end = NewThread.run(() -> jobs(events).forEach(told::add));

        JobResource job = app.submit(mp4);
        await().untilAsserted(() -> assertThat(told).anyMatch(seen -> seen.id().equals(job.id())));
        app.app().queue().cancel(job.id());
        await().untilAsserted(
                        () -> assertThat(told).anyMatch(seen -> seen.state().equals("cancelled")));

        app.close();
        await().until(end::isDone);
    }

    @Test
    void thePlaceInTheQueueIsTold() throws Exception {
        String first = app.submit(mp4).id();
        String second = app.submit(mp4).id();
        HttpResponse<Stream<String>> events = app.stream("/v1/jobs/" + second + "/events");
        List<Integer> places = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> end =
                NewThread.run(() -> jobs(events).map(JobResource::queuePosition).forEach(places::add));
        await().untilAsserted(() -> assertThat(places).containsExactly(2));

        app.app().queue().cancel(first);

        await().untilAsserted(() -> assertThat(places).containsExactly(2, 1));
        app.app().queue().cancel(second);
        await().until(end::isDone);
    }

    @Test
    void whoComesBackIsToldWhatItMissedAndNoMore() throws Exception {
        String first = app.submit(mp4).id();
        app.submit(mp4);
        List<String> heard = lines("/v1/events");
        String third = app.submit(mp4).id();
        await().until(() -> heard.stream().anyMatch(line -> line.contains(third)));
        String id = heard.stream()
                .filter(line -> line.startsWith("id: "))
                .reduce((one, next) -> next)
                .orElseThrow()
                .substring(4);
        app.app().queue().cancel(first);
        String fourth = app.submit(mp4).id();

        List<String> later = lines("/v1/events", "Last-Event-ID", id);

        await().until(() -> later.stream().anyMatch(line -> line.contains(fourth)));
        assertThat(later).noneMatch(line -> line.startsWith("event: resync") || line.contains(third));
        assertThat(later).anyMatch(line -> line.contains(first) && line.contains("cancelled"));
    }

    @Test
    void whoComesBackToAnotherStartOfTheServerIsToldToLookAgain() throws Exception {
        app.submit(mp4);
        for (String id : List.of("00000000-1", "nonsense", "99999999999999999999-1")) {
            List<String> heard = lines("/v1/events", "Last-Event-ID", id);

            await().until(() -> heard.contains("event: resync"));
        }
    }

    @Test
    void whoHasHeardOfTheEndIsToldThatThereIsNoMore() throws Exception {
        String id = app.submit(mp4).id();
        app.app().queue().cancel(id);
        String path = "/v1/jobs/" + id + "/events";
        String last = app.stream(path)
                .body()
                .filter(line -> line.startsWith("id: "))
                .reduce((one, next) -> next)
                .orElseThrow()
                .substring(4);

        assertThat(app.get(path, "Last-Event-ID", last).statusCode()).isEqualTo(204);
        assertThat(app.get(path, "Last-Event-ID", "0-queued-0").statusCode()).isEqualTo(200);
    }

    @Test
    void aClientThatTakesNothingIsToldToLookAgainInsteadOfEachJob() throws Exception {
        int jobs = 2_000;
        try (Socket client = new Socket()) {
            client.setReceiveBufferSize(4_096);
            client.setSoTimeout(20_000);
            client.connect(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), app.app().http().getPort()));
            client.getOutputStream()
                    .write("GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            BufferedReader stream =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
            readUntil(stream, "event: resync");
            AtomicInteger heard = new AtomicInteger();
            app.app().queue().events(event -> heard.incrementAndGet());

            // More than the system holds for a client, and then more jobs than the server does.
            String last = "";
            for (int i = 0; i < jobs; i++) {
                last = app.app()
                        .queue()
                        .submit(JobRequest.builder("gif")
                                .options(i < 600 ? Map.of("caption", "\u20ac".repeat(8_000)) : Map.of())
                                .build())
                        .id();
            }
            await().until(() -> heard.get() == jobs);

            List<String> before = readUntil(stream, "event: resync");
            List<String> after = readUntil(stream, last);
            assertThat(Stream.concat(before.stream(), after.stream()).filter(line -> line.startsWith("event: job")))
                    .hasSizeLessThan(jobs - 1_000);
        }
    }

    /** The lines of a stream up to that which contains a text. */
    private static List<String> readUntil(BufferedReader stream, String text) throws Exception {
        List<String> lines = new ArrayList<>();
        while (lines.isEmpty() || !lines.get(lines.size() - 1).contains(text)) {
            lines.add(stream.readLine());
        }
        return lines;
    }

    /** The lines of a stream as they come. */
    private List<String> lines(String path, String... headers) throws Exception {
        HttpResponse<Stream<String>> stream = app.stream(path, headers);
        List<String> lines = new CopyOnWriteArrayList<>();
        NewThread.run(() -> stream.body().forEach(lines::add));
        return lines;
    }

    private static Stream<JobResource> jobs(HttpResponse<Stream<String>> events) {
        return events.body()
                .filter(line -> line.startsWith("data: {\"id\""))
                .map(line -> Json.read(
                        line.substring(6).getBytes(java.nio.charset.StandardCharsets.UTF_8), JobResource.class));
    }

    private GifWorker worker() throws Exception {
        return GifWorker.builder()
                .queue(app.app().queue())
                .name("late-worker")
                .ffmpeg(Ffmpeg.locate(null))
                .work(directory.resolve("work"))
                .start();
    }
}
