package org.nngjava.gifbroker.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoriesTest {
    private static final String DEAD = "worker-0123456789abcdef0123456789abcdef-";

    @TempDir
    Path directory;

    @Test
    void aWorkersDirectoryIsItsOwn() throws Exception {
        Path root = directory.resolve("a/work");
        try (WorkDirectories.WorkDirectory work = WorkDirectories.open(root)) {
            assertThat(work.path()).isAbsolute().isDirectory().hasParent(root);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(work.path())))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                    .isEqualTo("rwx------");
        }
        assertThat(workersIn(root)).isEmpty();
    }

    @Test
    void aJobsDirectoryGoesWithAllThatIsInIt() throws Exception {
        try (WorkDirectories.WorkDirectory work = WorkDirectories.open(directory)) {
            Path kept = Files.writeString(directory.resolve("kept"), "not ours");
            ScratchDirectory job = work.newJob();
            Files.createDirectories(job.path().resolve("a/b"));
            Files.writeString(job.path().resolve("a/b/c"), "x");
            Files.createSymbolicLink(job.path().resolve("link"), kept);
            Files.createSymbolicLink(job.path().resolve("up"), directory);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(job.path())))
                    .isEqualTo("rwx------");

            job.close();
            job.close();

            assertThat(job.path()).doesNotExist();
            assertThat(kept).exists();
        }
    }

    @Test
    void closingTakesUnfinishedJobsAlongAndMayBeRepeated() throws Exception {
        WorkDirectories.WorkDirectory work = WorkDirectories.open(directory);
        Files.writeString(work.newJob().path().resolve("movie"), "x");

        work.close();
        work.close();

        assertThat(workersIn(directory)).isEmpty();
    }

    @Test
    void directoriesThatNobodyLocksAreRemovedAndNothingElse() throws Exception {
        Path unlocked = Files.createDirectories(directory.resolve(DEAD + "1"));
        Files.writeString(unlocked.resolve(".lock"), "");
        Files.writeString(unlocked.resolve("movie"), "x");
        Path neverLocked = Files.createDirectories(directory.resolve(DEAD + "2"));
        Path foreign = Files.createDirectories(directory.resolve("worker-of-somebody-else"));
        Path blobs = Files.createDirectories(directory.resolve("blobs"));

        try (WorkDirectories.WorkDirectory other = WorkDirectories.open(directory);
                WorkDirectories.WorkDirectory work = WorkDirectories.open(directory)) {
            assertThat(unlocked).doesNotExist();
            assertThat(neverLocked).doesNotExist();
            assertThat(foreign).exists();
            assertThat(blobs).exists();
            assertThat(other.path()).exists();
            assertThat(work.path()).exists().isNotEqualTo(other.path());
        }
    }

    @Test
    void theDirectoriesOfOtherLivingProcessesStay() throws Exception {
        Process jvm = OtherJvm.start(
                directory.resolve("log"),
                List.of(),
                LockingMain.class,
                directory.resolve("work").toString());
        Path work = directory.resolve("work");
        try {
            await().until(() -> Files.isDirectory(work)
                    && workersIn(work).size() == 1
                    && Files.readString(directory.resolve("log")).contains("locked"));

            WorkDirectories.open(work).close();
            assertThat(workersIn(work)).hasSize(1);
        } finally {
            jvm.destroyForcibly().waitFor();
        }

        WorkDirectories.open(work).close();
        assertThat(workersIn(work)).isEmpty();
    }

    @Test
    void manyMayStartAndStopAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Files.createDirectories(directory.resolve(DEAD + 1));
            List<Callable<Boolean>> workers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                workers.add(() -> {
                    try (WorkDirectories.WorkDirectory work = WorkDirectories.open(directory);
                            ScratchDirectory job = work.newJob()) {
                        Files.writeString(job.path().resolve("movie"), "x");
                        return Files.exists(job.path().resolve("movie"));
                    }
                });
            }
            for (Future<Boolean> worker : threads.invokeAll(workers)) {
                assertThat(worker.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(workersIn(directory)).isEmpty();
    }

    @Test
    void aRootThatIsAFileIsAnError() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> WorkDirectories.open(file));
    }

    private static List<Path> workersIn(Path root) throws IOException {
        try (Stream<Path> workers = Files.list(root)) {
            return workers.filter(Files::isDirectory).toList();
        }
    }

    /** Holds a work directory until it is killed. */
    static final class LockingMain {
        private LockingMain() {}

        /** Argument: the root. */
        public static void main(String[] arguments) throws Exception {
            try (WorkDirectories.WorkDirectory work = WorkDirectories.open(Path.of(arguments[0]))) {
                System.out.println("locked " + work.path());
                Thread.sleep(Long.MAX_VALUE);
            }
        }
    }
}
