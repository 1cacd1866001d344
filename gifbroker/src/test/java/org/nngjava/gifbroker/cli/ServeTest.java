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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.gifbroker.AnimatedGif;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.media.TestMovies;

class ServeTest {
    private static final int SIGTERM = 128 + 15;
    private static final Duration SOON = Duration.ofSeconds(30);

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

            assertThat(gif.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
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
            assertThat(RunningApp.files(data)).hasSize(1);
            assertThat(Files.exists(directory.resolve("tmp/gifbroker-" + System.getProperty("user.name"))))
                    .isFalse();
            await().untilAsserted(() ->
                    assertThat(RunningApp.files(data.resolve("work"))).isEmpty());
        }
    }

    private RoleProcess serve() throws Exception {
        return RoleProcess.start(
                directory.resolve("tmp"),
                "serve",
                "--http",
                "127.0.0.1:0",
                "--listen",
                "tcp://127.0.0.1:0",
                "--events",
                "tcp://127.0.0.1:0",
                "--drain",
                "60s");
    }
}
