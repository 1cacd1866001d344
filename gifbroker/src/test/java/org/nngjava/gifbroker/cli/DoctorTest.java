package org.nngjava.gifbroker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.gifbroker.RunningApp;

class DoctorTest {
    @TempDir
    Path directory;

    @Test
    void aMachineThatCanDoAllIsWell() {
        CommandRun run = CommandRun.of(
                "doctor",
                "--http",
                "127.0.0.1:0",
                "--data",
                directory.resolve("new/data").toString());

        assertThat(run.exitCode()).as(run.out()).isZero();
        assertThat(run.out())
                .containsPattern("ok +nng +1\\.")
                .containsPattern("ok +tls ")
                .containsPattern("ok +ffmpeg ")
                .containsPattern("ok +conversion +a movie of a second became a GIF")
                .contains(directory + " can be written");
        assertThat(Files.exists(directory.resolve("new"))).isFalse();
        assertThat(RunningApp.files(directory)).isEmpty();
    }

    @Test
    void whatIsMissingIsSaidWithWhatToDo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CommandRun run = CommandRun.of(
                    "doctor",
                    "--http",
                    "127.0.0.1:" + taken.getLocalPort(),
                    "--ffmpeg",
                    directory.resolve("none").toString(),
                    "--data",
                    "/proc/data");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out())
                    .containsPattern("fail +ffmpeg ")
                    .contains("or name it by --ffmpeg")
                    .containsPattern("fail +data +/proc")
                    .containsPattern("fail +http ")
                    .contains("name another address by --http")
                    .doesNotContain("conversion");
        }
    }

    @Test
    void aServerThatRunsIsFoundAndScriptsCanReadIt() {
        try (RunningApp app = RunningApp.start(directory.resolve("data"), settings -> settings.workers(0))) {
            CommandRun run =
                    CommandRun.of("doctor", "--json", "--http", app.app().http().getAuthority());

            assertThat(run.out().lines()).allMatch(line -> line.startsWith("{\"level\":\""));
            assertThat(run.out())
                    .contains("a gifbroker serves at " + app.app().http().getAuthority());
        }
    }
}
