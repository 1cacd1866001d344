package org.nngjava.workers.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.workers.Blob;
import org.nngjava.workers.FileBlobStore;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobState;
import org.nngjava.workers.JobStoreException;
import org.nngjava.workers.Worker;
import org.nngjava.workers.WorkerStatus;

/** The disk is full, the database is locked, a blob is gone: a clear error, nothing lost, and all goes on afterwards. */
@Timeout(120)
class StoreFailureTest {
    private static final long UNLIMITED = 1 << 30;
    private static final byte[] PAYLOAD = new byte[8 * 1024];

    @TempDir
    Path directory;

    private final AtomicLong pages = new AtomicLong(UNLIMITED);
    private final CountDownLatch finish = new CountDownLatch(1);
    private Path file;
    private JdbcJobStore store;
    private FileBlobStore blobs;
    private JobQueue queue;

    /** A database that may have so many pages; a new limit counts when the store connects again, as it does after an error. */
    private final class Limited extends Sqlite {
        Limited() {
            super(file, Duration.ofMillis(200));
        }

        @Override
        public Connection openWriter() throws SQLException {
            Connection writer = super.openWriter();
            writer.setAutoCommit(true);
            run(writer, "PRAGMA max_page_count=" + pages);
            writer.setAutoCommit(false);
            return writer;
        }
    }

    @BeforeEach
    void open() throws IOException {
        file = directory.resolve("jobs.db");
        store = JdbcJobStore.open(new Limited());
        blobs = new FileBlobStore(directory.resolve("blobs"));
        queue = JobQueue.builder().store(store).blobs(blobs).open();
    }

    @AfterEach
    void close() {
        finish.countDown();
        queue.close();
        blobs.close();
        store.close();
    }

    @Test
    void aFullDiskTakesNoJobsUntilThereIsSpace() throws Exception {
        reopenWithPages(100);
        List<Job> accepted = new ArrayList<>();
        assertThatThrownBy(() -> {
                    while (true) {
                        accepted.add(queue.submit("x", PAYLOAD));
                    }
                })
                .isInstanceOf(JobStoreException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("full");
        assertThat(accepted).isNotEmpty();
        assertThat(queue.status().queued()).isEqualTo(accepted.size());
        assertThatThrownBy(() -> queue.submit("x", PAYLOAD)).isInstanceOf(JobStoreException.class);

        pages.set(UNLIMITED);
        accepted.add(submitOnceItWorks());
        assertThat(store.load()).extracting(stored -> stored.job().id()).containsExactlyElementsOf(ids(accepted));
        try (Worker worker =
                Worker.builder().queue(queue).handle("x", job -> {}).start()) {
            for (Job job : accepted) {
                assertThat(finished(job).worker()).isEqualTo(worker.name());
            }
        }
    }

    @Test
    void aResultThatFindsTheDiskFullIsCommittedOnceThereIsSpace() throws Exception {
        try (Worker worker = worker()) {
            Job running = queue.submit("wait", PAYLOAD);
            await().until(() -> queue.job(running.id()).orElseThrow().state() == JobState.RUNNING);
            lockDatabase(() -> {
                assertThatThrownBy(() -> queue.submit("x", PAYLOAD))
                        .isInstanceOf(JobStoreException.class)
                        .hasMessageContaining("locked");
                finish.countDown();
                await().until(() -> queue.status().running() == 0);
                assertThat(queue.job(running.id()).orElseThrow().state()).isEqualTo(JobState.RUNNING);
                assertThatThrownBy(() -> queue.submit("x", PAYLOAD)).isInstanceOf(JobStoreException.class);
                await().until(() -> queue.workers().stream().allMatch(WorkerStatus::responsive));
            });
            Job done = finished(running);
            assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(done.attempt()).isEqualTo(1);
            assertThat(queue.blobs().open(done.result())).hasBinaryContent(PAYLOAD);
            assertThat(finished(submitOnceItWorks()).worker()).isEqualTo(worker.name());
            assertThat(store.load()).hasSize(2);
        }
    }

    @Test
    void whatWasRefusedIsNotThereAfterARestart() throws Exception {
        Job accepted = queue.submit("x", PAYLOAD);
        lockDatabase(() -> {
            List<CompletableFuture<Job>> submissions = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                submissions.add(CompletableFuture.supplyAsync(() -> queue.submit("x", PAYLOAD)));
            }
            for (CompletableFuture<Job> submission : submissions) {
                assertThatThrownBy(submission::get).hasCauseInstanceOf(JobStoreException.class);
            }
        });
        close();
        open();
        assertThat(queue.jobs(100, null)).extracting(Job::id).containsExactly(accepted.id());
        assertThat(queue.status().queued()).isEqualTo(1);
    }

    @Test
    void aMissingPayloadFailsItsJobAndNoOther() throws Exception {
        Job broken = queue.submit("copy", bigPayload());
        Job whole = queue.submit("copy", bigPayload());
        Files.delete(file(broken.payload()));
        try (Worker worker = worker()) {
            Job failed = finished(broken);
            assertThat(failed.state()).isEqualTo(JobState.FAILED);
            assertThat(failed.error().message())
                    .contains("the payload cannot be read", NoSuchFileException.class.getName());
            assertThat(failed.worker()).isEqualTo(worker.name());
            assertThat(finished(whole).state()).isEqualTo(JobState.SUCCEEDED);
        }
    }

    @Test
    void aCorruptPayloadFailsItsJobAndNoOther() throws Exception {
        Job broken = queue.submit("copy", bigPayload());
        Job whole = queue.submit("copy", bigPayload());
        corrupt(file(broken.payload()));
        try (Worker worker = worker()) {
            Job failed = finished(broken);
            assertThat(failed.state()).isEqualTo(JobState.FAILED);
            assertThat(failed.error().message()).contains("the payload of job " + broken.id() + " is corrupt");
            assertThat(failed.worker()).isEqualTo(worker.name());
            assertThat(finished(whole).state()).isEqualTo(JobState.SUCCEEDED);
        }
    }

    @Test
    void aCorruptOrMissingResultIsSaidToTheReader() throws Exception {
        try (Worker worker = worker()) {
            Job done = finished(queue.submit("copy", bigPayload()));
            assertThat(done.worker()).isEqualTo(worker.name());
            corrupt(file(done.result()));
            try (InputStream result = queue.blobs().open(done.result())) {
                assertThatThrownBy(result::readAllBytes)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("corrupt");
            }
            Files.delete(file(done.result()));
            assertThatThrownBy(() -> queue.blobs().open(done.result())).isInstanceOf(NoSuchFileException.class);
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private void lockDatabase(Action meanwhile) throws Exception {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            Sqlite.run(other, "BEGIN EXCLUSIVE");
            meanwhile.run();
            Sqlite.run(other, "ROLLBACK");
        }
    }

    private void reopenWithPages(long limit) throws IOException {
        close();
        pages.set(limit);
        open();
    }

    private Worker worker() {
        return Worker.builder()
                .queue(queue)
                .slots(2)
                .handle("x", job -> {})
                .handle("wait", job -> {
                    finish.await();
                    job.result(job.payload().readAllBytes());
                })
                .handle("copy", job -> {
                    try (InputStream in = job.payload();
                            var out = job.result("application/octet-stream")) {
                        in.transferTo(out);
                    }
                })
                .start();
    }

    private Job submitOnceItWorks() {
        return await().atMost(Duration.ofSeconds(30))
                .ignoreException(JobStoreException.class)
                .until(() -> queue.submit("x", PAYLOAD), job -> true);
    }

    private Job finished(Job job) throws Exception {
        return queue.await(job.id()).get(60, TimeUnit.SECONDS);
    }

    private static byte[] bigPayload() {
        byte[] payload = new byte[3 << 20];
        new Random(1).nextBytes(payload);
        return payload;
    }

    private Path file(Blob blob) {
        return directory
                .resolve("blobs/blobs")
                .resolve(blob.id().substring(0, 2))
                .resolve(blob.id());
    }

    private static void corrupt(Path file) throws IOException {
        try (FileChannel opened = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            opened.read(one, 2 << 20);
            opened.write(ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}), 2 << 20);
        }
    }

    private static List<String> ids(List<Job> jobs) {
        return jobs.stream().map(Job::id).toList();
    }
}
