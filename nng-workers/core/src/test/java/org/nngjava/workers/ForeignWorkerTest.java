package org.nngjava.workers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The worker in C of docs/examples, in a process of its own. */
@Timeout(90)
class ForeignWorkerTest {
    private static final Path SOURCE = Path.of("../../docs/examples/worker.c");
    private static final Path HEADERS = Path.of("../../native/build/sources/nng/include");
    private static final Path SYSTEM_HEADERS = Path.of("/usr/include/nng/nng.h");

    @TempDir
    Path directory;

    @BeforeEach
    void compile() throws Exception {
        boolean built = Files.exists(HEADERS.resolve("nng/nng.h"));
        assumeTrue(built || Files.exists(SYSTEM_HEADERS), "NOT RUN: there are no headers of libnng");
        assumeTrue(unpackLibrary() || Files.exists(SYSTEM_HEADERS), "NOT RUN: there is no libnng to link with");
        assumeTrue(hasCompiler(), "NOT RUN: there is no C compiler");
        String output = run(
                "cc",
                "-Wall",
                "-Werror",
                "-I" + HEADERS,
                "-o",
                directory.resolve("worker").toString(),
                SOURCE.toString(),
                "-L" + directory,
                "-Wl,-rpath," + directory,
                "-lnng",
                "-lpthread");
        assertThat(output).isEmpty();
    }

    @Test
    void aWorkerInCTakesPart() throws Exception {
        try (JobQueue queue = JobQueue.builder()
                .listen("tcp://127.0.0.1:0")
                .heartbeat(Duration.ofMillis(200))
                .lease(Duration.ofSeconds(5))
                .open()) {
            Process worker = start(queue, 3);
            try {
                byte[] big = new byte[2_500_001];
                Arrays.fill(big, (byte) 'x');
                for (byte[] payload : List.of(bytes("hello, ngw1"), new byte[0], big)) {
                    Job done = JobQueueTest.finished(
                            queue,
                            queue.submit(JobRequest.builder("shout")
                                    .payload(payload)
                                    .options(java.util.Map.of("op", "\"token\":\"none\"}"))
                                    .build()));
                    assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
                    assertThat(done.worker()).isEqualTo("foreign");
                    assertThat(done.result().contentType()).isEqualTo("text/plain");
                    assertThat(queue.blobs().open(done.result().id()))
                            .hasBinaryContent(bytes(new String(payload, US_ASCII).toUpperCase(Locale.ROOT)));
                }
                assertThat(worker.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(worker.exitValue()).isZero();
                assertThat(queue.workers()).isEmpty();
            } finally {
                worker.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void itWaitsForAQueueAndOutlivesIt() throws Exception {
        String url = "ipc://" + directory.resolve("q");
        Process worker = new ProcessBuilder(directory.resolve("worker").toString(), url, "foreign", "shout", "2")
                .inheritIO()
                .start();
        try {
            for (int i = 0; i < 2; i++) {
                try (JobQueue queue = JobQueue.builder().listen(url).open()) {
                    await().until(() -> queue.status().idle() == 1);
                    assertThat(JobQueueTest.finished(queue, queue.submit("shout", bytes("a")))
                                    .worker())
                            .isEqualTo("foreign");
                }
            }
        } finally {
            worker.destroyForcibly().waitFor();
        }
    }

    private Process start(JobQueue queue, int jobs) throws IOException {
        return new ProcessBuilder(
                        directory.resolve("worker").toString(),
                        queue.workUrls().get(0),
                        "foreign",
                        "shout",
                        Integer.toString(jobs))
                .inheritIO()
                .start();
    }

    /** The library that the binding brings along. */
    private boolean unpackLibrary() throws IOException {
        String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
        try (InputStream library =
                ForeignWorkerTest.class.getResourceAsStream("/org/nngjava/native/linux-" + machine + "/libnng.so")) {
            if (library == null) {
                return false;
            }
            Files.copy(library, directory.resolve("libnng.so"));
            return true;
        }
    }

    private static boolean hasCompiler() throws Exception {
        try {
            return new ProcessBuilder("cc", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }
}
