package org.nngjava.gifbroker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.gifbroker.AnimatedGif;
import org.nngjava.gifbroker.media.TestMovies;

/** A broker, a worker and a client who know each other by certificates. */
@Timeout(120)
class TlsTest {
    private static final Path FILES = Path.of("src/test/resources/tls");
    private static final String TOKEN = "sixteen-characters";

    @TempDir
    Path directory;

    @Test
    void moviesAndGifsTravelEncrypted() throws Exception {
        Path movie = TestMovies.movie(directory, "mp4", 0.5);
        Path gif = directory.resolve("out.gif");
        try (RoleProcess broker = broker();
                RoleProcess worker = worker(broker)) {
            String url = broker.ready().get("http").asString();
            assertThat(url).startsWith("https://127.0.0.1:");
            assertThat(broker.workUrl()).startsWith("tls+tcp://");

            CommandRun trusting = convert(movie, gif, url, "--tls-ca", file("ca.pem"));

            assertThat(trusting.exitCode()).as(trusting.err()).isZero();
            assertThat(AnimatedGif.read(Files.readAllBytes(gif)).frames()).isPositive();
            assertThat(worker.isAlive()).isTrue();

            CommandRun cautious = convert(movie, directory.resolve("other.gif"), url);
            assertThat(cautious.exitCode()).isEqualTo(1);
            assertThat(cautious.err()).contains("--tls-ca names the authorities to trust");
        }
    }

    @Test
    void filesThatCannotBeUsedAreNamedBeforeAnythingStarts() {
        assertThat(refusal("--tls-cert", file("server.pem"))).contains("a certificate needs its private key");
        assertThat(refusal("--tls-cert", file("none"), "--tls-key", file("server.key")))
                .contains("cannot read", "none");
        assertThat(refusal("--tls-cert", file("server.pem"), "--tls-key", file("worker.key")))
                .contains("is not the key of");
        assertThat(refusal("--tls-ca", file("README"))).contains("PEM format");
    }

    @Test
    void aWorkerThatIsGivenNoneSaysThatItNeedsSome() {
        CommandRun run = CommandRun.of("worker", "--broker", "tls+tcp://localhost:1");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("tls+tcp://localhost:1 needs a TLS configuration");
    }

    @Test
    void aWorkerThatDoesNotTrustItsBrokerSaysWhatToCheck() throws Exception {
        try (RoleProcess broker = broker();
                RoleProcess stranger = RoleProcess.start(
                        directory.resolve("stranger"),
                        "worker",
                        "--broker",
                        worksAt(broker),
                        "--tls-ca",
                        file("worker.pem"))) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(stranger.log())
                            .contains(
                                    "no answer from a broker at " + worksAt(broker),
                                    "do both ends trust each other's certificates?"));
        }
    }

    private RoleProcess broker() throws Exception {
        return RoleProcess.start(
                directory.resolve("broker"),
                "broker",
                "--http",
                "127.0.0.1:0",
                "--listen",
                "tls+tcp://127.0.0.1:0",
                "--events",
                "tcp://127.0.0.1:0",
                "--token",
                TOKEN,
                "--tls-cert",
                file("server.pem"),
                "--tls-key",
                file("server.key"),
                "--tls-ca",
                file("ca.pem"));
    }

    private RoleProcess worker(RoleProcess broker) throws Exception {
        return RoleProcess.start(
                directory.resolve("worker"),
                "worker",
                "--broker",
                worksAt(broker),
                "--token",
                TOKEN,
                "--tls-cert",
                file("worker.pem"),
                "--tls-key",
                file("worker.key"),
                "--tls-ca",
                file("ca.pem"));
    }

    /** The library checks names, and no addresses. */
    private static String worksAt(RoleProcess broker) {
        return broker.workUrl().replace("tls+tcp://127.0.0.1", "tls+tcp4://localhost");
    }

    private static CommandRun convert(Path movie, Path gif, String url, String... more) {
        String[] usual = {"convert", movie.toString(), "-o", gif.toString(), "--server", url, "--token", TOKEN};
        return CommandRun.of(Stream.concat(Stream.of(usual), Stream.of(more)).toArray(String[]::new));
    }

    private static String refusal(String... options) {
        CommandRun run = CommandRun.of(
                Stream.concat(Stream.of("worker"), Stream.of(options)).toArray(String[]::new));
        assertThat(run.exitCode()).isEqualTo(2);
        return run.err();
    }

    private static String file(String name) {
        return FILES.resolve(name).toString();
    }
}
