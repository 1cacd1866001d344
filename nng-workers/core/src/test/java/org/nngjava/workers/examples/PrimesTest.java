package org.nngjava.workers.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One program, where its configuration says. */
@Timeout(180)
class PrimesTest {
    private static final Path CERTIFICATES = Path.of("src/test/resources/tls").toAbsolutePath();
    private static final String ANSWER = "78498 primes below 1000000, counted by ";

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void killAll() {
        started.forEach(process -> process.destroyForcibly().onExit().join());
    }

    @Test
    void itRunsInOneProcess() throws Exception {
        assertThat(end(start(primes()))).contains(ANSWER + "own-1, own-2");
    }

    @Test
    void itRunsInThreeProcesses() throws Exception {
        String url = "tcp://127.0.0.1:" + freePort();
        Process left = start(primes("connect=" + url, "name=left"));
        Process right = start(primes("connect=" + url, "name=right"));
        Process queue = start(primes("listen=" + url, "expect=2"));

        assertThat(end(queue)).contains(ANSWER + "left, right");
        end(left);
        end(right);
    }

    @Test
    void itRunsOnThreeHosts() throws Exception {
        Optional<String> obstacle = Hosts.obstacle();
        assumeTrue(obstacle.isEmpty(), () -> "no network namespaces here: " + obstacle.orElseThrow());
        try (Hosts hosts = new Hosts(3)) {
            String token = "token=known to all three of them";
            List<String> trust = List.of(token, "authority=" + CERTIFICATES.resolve("ca.pem"), "server=127.0.0.1");
            Process left = start(hosts.on(1, worker(hosts, 1, "left", trust)));
            Process right = start(hosts.on(2, worker(hosts, 2, "right", trust)));
            Process queue = start(hosts.on(
                    0,
                    primes(
                            token,
                            "listen=tls+tcp://0.0.0.0:7000",
                            "certificate=" + CERTIFICATES.resolve("queue.pem"),
                            "key=" + CERTIFICATES.resolve("queue.key"),
                            "expect=2")));

            assertThat(end(queue)).contains(ANSWER + "left, right");
            end(left);
            end(right);
        }
    }

    private List<String> worker(Hosts hosts, int host, String name, List<String> trust) throws IOException {
        List<String> settings = new ArrayList<>(trust);
        settings.add("connect=tls+tcp://" + hosts.addressOfFirst(host) + ":7000");
        settings.add("name=" + name);
        return primes(settings.toArray(String[]::new));
    }

    private List<String> primes(String... settings) throws IOException {
        Path file = Files.createTempFile(directory, "primes-", ".properties");
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Primes.class.getName(),
                Files.write(file, List.of(settings)).toString());
    }

    private Process start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        started.add(process);
        return process;
    }

    /** What it has printed when it ends well. */
    private static String end(Process process) throws IOException, InterruptedException {
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
