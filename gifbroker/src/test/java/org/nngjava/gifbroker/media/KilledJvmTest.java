package org.nngjava.gifbroker.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KilledJvmTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"POSIX_SPAWN", "VFORK"})
    void itsFfmpegDiesWithItAndTheNextWorkerRemovesItsDirectory(String launchMechanism) throws Exception {
        assumeFalse(TestMovies.ffmpeg().guard().setpriv().isEmpty(), "there is no setpriv");
        Path work = directory.resolve("work");
        Path movie = TestMovies.movie(directory, "mp4");
        Process jvm = OtherJvm.start(
                directory.resolve("log"),
                List.of("-Djdk.lang.Process.launchMechanism=" + launchMechanism),
                ConvertingMain.class,
                work.toString(),
                movie.toString(),
                Path.of("target", "ffmpeg-cache").toString());
        try {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !jvm.isAlive() || ffmpegsOf(work).size() == 1);
            assertThat(jvm.isAlive()).as(() -> read(directory.resolve("log"))).isTrue();
            // It has work to do for long enough to tell that it did not just finish.
            await().during(Duration.ofMillis(300)).until(() -> ffmpegsOf(work).size() == 1);
        } finally {
            jvm.destroyForcibly();
        }

        await().atMost(Duration.ofSeconds(2)).until(() -> ffmpegsOf(work).isEmpty());
        assertThat(jvm.waitFor()).isEqualTo(128 + 9);
        assertThat(workersIn(work)).hasSize(1);

        WorkDirectories.open(work).close();
        assertThat(workersIn(work)).isEmpty();
    }

    @Test
    void aProcessThatSurvivedItAllTheSameIsEndedByTheNextWorker() throws Exception {
        Path work = directory.resolve("work");
        Path left = work.resolve("worker-0123456789abcdef0123456789abcdef-1");
        Path job = Files.createDirectories(left.resolve("job-1"));
        Process orphan =
                new ProcessBuilder("sleep", "300").directory(job.toFile()).start();
        try {
            WorkDirectories.open(work).close();

            assertThat(orphan.waitFor(2, TimeUnit.SECONDS)).isTrue();
            assertThat(left).doesNotExist();
        } finally {
            orphan.destroyForcibly();
        }
    }

    /** Those that run, not those that are about to be it. */
    private static List<ProcessHandle> ffmpegsOf(Path work) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith("/ffmpeg"))
                .filter(process -> List.of(process.info().arguments().orElse(new String[0])).stream()
                        .anyMatch(argument -> argument.contains(work.toString())))
                .toList();
    }

    private static List<Path> workersIn(Path work) throws Exception {
        try (Stream<Path> workers = Files.list(work)) {
            return workers.filter(Files::isDirectory).toList();
        }
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
