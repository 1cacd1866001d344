package org.nngjava.gifbroker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
