package org.nngjava.gifbroker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.gifbroker.AnimatedGif;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.media.TestMovies;

class ServeTest {
    private static final int SIGTERM = 128 + 15;
    private static final Duration SOON = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    @Test
    void itSaysWhichPortsItTookAndWhenItIsReady() throws Exception {
        try (RoleProcess serve = serve()) {
            assertThat(serve.http().getPort()).isPositive();
            assertThat(serve.workUrl()).matches("tcp://127\\.0\\.0\\.1:[1-9]\\d+");
            assertThat(serve.ready().get("pid").asLong()).isEqualTo(serve.pid());
            assertThat(serve.log()).contains("Ready at " + serve.http());
        }
    }

    @Test
    void onSigtermTheMovieAtHandIsFinishedAndNothingIsLeft() throws Exception {
        Path movie = TestMovies.movie(directory, "mp4", 12);
        try (RoleProcess serve = serve()) {
            CompletableFuture<HttpResponse<byte[]>> gif = serve.sendAsync(serve.request("/v1/gifs?width=320&fps=25")
                    .header("Prefer", "wait=60")
                    .POST(BodyPublishers.ofFile(movie))
                    .build());
            serve.awaitRunning();

            serve.signal("TERM");

            assertThat(gif.get(90, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(AnimatedGif.read(gif.join().body()).frames()).isEqualTo(300);
            assertThat(serve.exitCode(SOON)).isEqualTo(SIGTERM);
            assertThat(serve.log()).contains("Stopped").doesNotContain("ERROR", "WARN", "Exception");
            assertThat(RunningApp.files(directory.resolve("tmp"))).isEmpty();
            assertThat(serve.children()).isEmpty();
        }
    }

    @Test
    void whatAKilledServerLeftIsRemovedByTheNext() throws Exception {
        Path movie = TestMovies.movie(directory, "mp4");
        try (RoleProcess killed = serve()) {
            killed.sendAsync(killed.request("/v1/gifs?")
                            .POST(BodyPublishers.ofFile(movie))
                            .build())
                    .get(10, TimeUnit.SECONDS);
            killed.signal("KILL");
            killed.exitCode(SOON);
            assertThat(RunningApp.files(directory.resolve("tmp"))).isNotEmpty();
        }

        try (RoleProcess next = serve()) {
            next.signal("TERM");
            next.exitCode(SOON);
        }
        assertThat(RunningApp.files(directory.resolve("tmp"))).isEmpty();
    }

    @Test
    void aPortThatIsTakenIsSaidAndFailsAtOnce() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RoleProcess serve = RoleProcess.launch(
                        directory.resolve("tmp"), "serve", "--http", "127.0.0.1:" + taken.getLocalPort())) {
            assertThat(serve.exitCode(SOON)).isEqualTo(1);
            assertThat(serve.log())
                    .contains("cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": Address already in use")
                    .doesNotContain("ERROR", "Exception");
            assertThat(serve.output()).isEmpty();
        }
        assertThat(RunningApp.files(directory.resolve("tmp"))).isEmpty();
    }

    @Test
    void aWorkPortThatIsTakenIsSaidToo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RoleProcess broker = RoleProcess.launch(
                        directory.resolve("tmp"),
                        "broker",
                        "--http",
                        "127.0.0.1:0",
                        "--events",
                        "tcp://127.0.0.1:0",
                        "--listen",
                        "tcp://127.0.0.1:" + taken.getLocalPort())) {
            assertThat(broker.exitCode(SOON)).isEqualTo(1);
            assertThat(broker.log()).contains("tcp://127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void dataStaysWithinTheDirectoryThatWasNamed() throws Exception {
        Path movie = TestMovies.movie(directory, "mp4");
        Path data = directory.resolve("data");
        try (RoleProcess serve = RoleProcess.start(
                directory.resolve("tmp"),
                "serve",
                "--http",
                "127.0.0.1:0",
                "--data",
                data.toString(),
                "--max-upload",
                "1M")) {
            serve.sendAsync(serve.request("/v1/gifs")
                            .header("Prefer", "wait=60")
                            .POST(BodyPublishers.ofFile(movie))
                            .build())
                    .get(30, TimeUnit.SECONDS);
            assertThat(RunningApp.files(data.resolve("blobs"))).hasSize(1);
            assertThat(Files.exists(directory.resolve("tmp/gifbroker-" + System.getProperty("user.name"))))
                    .isFalse();
            await().untilAsserted(() ->
                    assertThat(RunningApp.files(data.resolve("work"))).isEmpty());
        }
    }

    @Test
    void aRestartLosesNeitherAnAcceptedMovieNorAFinishedGif() throws Exception {
        Path shortMovie = TestMovies.movie(directory, "mp4");
        Path longMovie = TestMovies.movie(directory, "mp4", 12);
        Path data = directory.resolve("data");
        byte[] gif;
        String done;
        String running;
        String queued;
        try (RoleProcess killed = serve("--data", data.toString(), "--workers", "1")) {
            gif = killed.sendAsync(killed.request("/v1/gifs")
                            .header("Prefer", "wait=60")
                            .POST(BodyPublishers.ofFile(shortMovie))
                            .build())
                    .get(60, TimeUnit.SECONDS)
                    .body();
            done = killed.jobs().get(0).id();
            running = submit(killed, longMovie);
            queued = submit(killed, shortMovie);
            assertThat(killed.awaitRunning().id()).isEqualTo(running);
            killed.signal("KILL");
            killed.exitCode(SOON);
        }

        try (RoleProcess stopped = serve("--data", data.toString(), "--workers", "0", "--drain", "0s")) {
            assertThat(stopped.job(done).state()).isEqualTo("succeeded");
            assertThat(gif(stopped, done)).isEqualTo(gif);
            assertThat(stopped.job(queued).state()).isEqualTo("queued");
            stopped.signal("TERM");
            assertThat(stopped.exitCode(SOON)).isEqualTo(SIGTERM);
        }

        try (RoleProcess next = serve("--data", data.toString(), "--workers", "1", "--lease", "3s")) {
            assertThat(gif(next, done)).isEqualTo(gif);
            for (String id : List.of(queued, running)) {
                await().atMost(Duration.ofMinutes(2)).until(() -> next.job(id).state(), "succeeded"::equals);
            }
            assertThat(AnimatedGif.read(gif(next, running)).frames()).isEqualTo(300);
            assertThat(next.jobs()).hasSize(3);
            assertThat(RunningApp.files(directory.resolve("tmp"))).isEmpty();
        }
    }

    @Test
    void anUploadInPiecesOutlivesAServerThatIsKilledInTheMiddleOfOne() throws Exception {
        byte[] movie = Files.readAllBytes(TestMovies.movie(directory, "mp4"));
        Path data = directory.resolve("data");
        String path;
        try (RoleProcess killed = serve("--data", data.toString())) {
            path = killed.sendAsync(tus(killed, "/v1/uploads?width=64")
                            .header("Upload-Length", Integer.toString(movie.length))
                            .POST(BodyPublishers.noBody())
                            .build())
                    .get(30, TimeUnit.SECONDS)
                    .headers()
                    .firstValue("Location")
                    .orElseThrow();
            try (Socket client =
                    new Socket(InetAddress.getLoopbackAddress(), killed.http().getPort())) {
                String head =
                        "PATCH " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
                                + "Content-Type: application/offset+octet-stream\r\nContent-Length: " + movie.length
                                + "\r\n\r\n";
                client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                client.getOutputStream().write(movie, 0, 2000);
                await().until(() -> offset(killed, path) > 0);
                killed.signal("KILL");
                killed.exitCode(SOON);
            }
        }

        try (RoleProcess next = serve("--data", data.toString())) {
            int offset = offset(next, path);
            assertThat(offset).isBetween(1, 2000);
            byte[] rest = Arrays.copyOfRange(movie, offset, movie.length);
            String job = next.sendAsync(piece(next, path, offset, BodyPublishers.ofByteArray(rest)))
                    .get(30, TimeUnit.SECONDS)
                    .headers()
                    .firstValue("Location")
                    .orElseThrow()
                    .replaceFirst(".*/", "");
            await().atMost(Duration.ofMinutes(1)).until(() -> next.job(job).state(), "succeeded"::equals);

            HttpResponse<byte[]> whole = next.sendAsync(next.request("/v1/gifs?width=64")
                            .headers("Prefer", "wait=60", "Cache-Control", "no-cache")
                            .POST(BodyPublishers.ofByteArray(movie))
                            .build())
                    .get(60, TimeUnit.SECONDS);
            assertThat(gif(next, job)).isEqualTo(whole.body());
        }
    }

    private static HttpRequest.Builder tus(RoleProcess serve, String path) {
        return serve.request(path).header("Tus-Resumable", "1.0.0");
    }

    private static HttpRequest piece(RoleProcess serve, String path, int offset, HttpRequest.BodyPublisher body) {
        return tus(serve, path)
                .headers("Upload-Offset", Integer.toString(offset), "Content-Type", "application/offset+octet-stream")
                .method("PATCH", body)
                .build();
    }

    private static int offset(RoleProcess serve, String path) throws Exception {
        HttpRequest head =
                tus(serve, path).method("HEAD", BodyPublishers.noBody()).build();
        return Integer.parseInt(serve.sendAsync(head)
                .get(30, TimeUnit.SECONDS)
                .headers()
                .firstValue("Upload-Offset")
                .orElseThrow());
    }

    @Test
    void dataThatAnotherServerUsesIsRefused() throws Exception {
        Path data = directory.resolve("data");
        try (RoleProcess first = serve("--data", data.toString());
                RoleProcess second = RoleProcess.launch(
                        directory.resolve("tmp"), "serve", "--http", "127.0.0.1:0", "--data", data.toString())) {
            assertThat(second.exitCode(SOON)).isEqualTo(1);
            assertThat(second.log()).contains(data.toString()).doesNotContain("Exception");
            assertThat(first.isAlive()).isTrue();
        }
    }

    private static String submit(RoleProcess serve, Path movie) throws Exception {
        HttpResponse<byte[]> accepted = serve.sendAsync(serve.request("/v1/gifs?width=320&fps=25")
                        .POST(BodyPublishers.ofFile(movie))
                        .build())
                .get(30, TimeUnit.SECONDS);
        assertThat(accepted.statusCode()).isEqualTo(202);
        return RunningApp.job(accepted).id();
    }

    private static byte[] gif(RoleProcess serve, String id) throws Exception {
        HttpResponse<byte[]> gif =
                serve.sendAsync(serve.request("/v1/gifs/" + id).build()).get(30, TimeUnit.SECONDS);
        assertThat(gif.statusCode()).isEqualTo(200);
        return gif.body();
    }

    private RoleProcess serve(String... more) throws Exception {
        Stream<String> usual = Stream.of(
                "serve", "--http", "127.0.0.1:0", "--listen", "tcp://127.0.0.1:0", "--events", "tcp://127.0.0.1:0");
        Stream<String> drain = List.of(more).contains("--drain") ? Stream.of() : Stream.of("--drain", "60s");
        return RoleProcess.start(
                directory.resolve("tmp"),
                Stream.of(usual, drain, Stream.of(more)).flatMap(all -> all).toArray(String[]::new));
    }
}
