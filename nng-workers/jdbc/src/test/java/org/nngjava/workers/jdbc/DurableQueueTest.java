package org.nngjava.workers.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.workers.FileBlobStore;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobContext;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobState;
import org.nngjava.workers.Retention;
import org.nngjava.workers.Worker;

/** A queue goes on where the one before it ended. */
@Timeout(60)
class DurableQueueTest {
    private static final Duration LEASE = Duration.ofMillis(600);

    @TempDir
    Path directory;

    /** The example in the README. */
    @Test
    void aJobThatWasAcceptedIsDoneByTheNextQueue() throws Exception {
        Job job;
        try (JdbcJobStore store = JdbcJobStore.sqlite(directory.resolve("jobs.db"));
                FileBlobStore blobs = new FileBlobStore(directory.resolve("blobs"));
                JobQueue queue = JobQueue.builder().store(store).blobs(blobs).open()) {
            job = queue.submit("shout", "hello".getBytes(UTF_8));
        }
        try (JdbcJobStore store = JdbcJobStore.sqlite(directory.resolve("jobs.db"));
                FileBlobStore blobs = new FileBlobStore(directory.resolve("blobs"));
                JobQueue queue = JobQueue.builder().store(store).blobs(blobs).open();
                Worker worker = Worker.builder()
                        .queue(queue)
                        .handle("shout", DurableQueueTest::shout)
                        .start()) {
            Job done = finished(queue, job);
            assertThat(done.worker()).isEqualTo(worker.name());
            assertThat(queue.blobs().open(done.result())).hasBinaryContent("HELLO".getBytes(UTF_8));
        }
    }

    @Test
    void queuedJobsStayQueuedAndRunningOnesGetOneWholeLease() throws Exception {
        CountDownLatch halted = new CountDownLatch(1);
        Job done;
        Job running;
        Job queued;
        try (JdbcJobStore store = open();
                FileBlobStore blobs = new FileBlobStore(directory.resolve("blobs"))) {
            JobQueue queue = JobQueue.builder().store(store).blobs(blobs).open();
            Worker worker = Worker.builder()
                    .queue(queue)
                    .handle("shout", DurableQueueTest::shout)
                    .handle("sleep", job -> halted.await())
                    .start();
            done = finished(queue, queue.submit("shout", new byte[100_000]));
            running = queue.submit("sleep", new byte[0]);
            await().until(() -> running(queue, running));
            queued = queue.submit("sleep", new byte[50_000]);
            queue.close(); // As a crash, the worker hears of nothing.
            halted.countDown();
            worker.close();
        }
        try (JdbcJobStore store = open();
                FileBlobStore blobs = new FileBlobStore(directory.resolve("blobs"));
                JobQueue queue = JobQueue.builder()
                        .store(store)
                        .blobs(blobs)
                        .lease(LEASE)
                        .heartbeat(LEASE.dividedBy(3))
                        .open()) {
            assertThat(queue.job(running.id()).orElseThrow().state()).isEqualTo(JobState.RUNNING);
            assertThat(queue.job(queued.id()).orElseThrow().queuePosition()).isEqualTo(1);
            assertThat(queue.blobs().open(queued.payload())).hasBinaryContent(new byte[50_000]);
            assertThat(queue.job(done.id())).contains(done);
            assertThat(queue.blobs().open(done.result())).hasBinaryContent(new byte[100_000]);
            // It shows in the job itself when it is saved, a little later than in the status.
            await().until(() -> queue.job(running.id()).orElseThrow().state() == JobState.QUEUED);
            assertThat(queue.status().queued()).isEqualTo(2);
            assertThat(queue.job(running.id()).orElseThrow().attempt()).isZero();
            assertThat(queue.submit("x", new byte[0]).id()).isGreaterThan(queued.id());
        }
    }

    @Test
    void finishedJobsAreRememberedAsLongAsTheRetentionOfTheDaySays() throws Exception {
        List<Job> done;
        try (JdbcJobStore store = open();
                FileBlobStore blobs = new FileBlobStore(directory.resolve("blobs"));
                JobQueue queue = JobQueue.builder().store(store).blobs(blobs).open();
                Worker worker = Worker.builder()
                        .queue(queue)
                        .handle("shout", DurableQueueTest::shout)
                        .start()) {
            Job first = finished(queue, queue.submit("shout", new byte[100_000]));
            Job second = finished(queue, queue.submit("shout", new byte[100_000]));
            assertThat(second.worker()).isEqualTo(worker.name());
            done = List.of(first, second);
        }
        try (JdbcJobStore store = open();
                FileBlobStore blobs = new FileBlobStore(directory.resolve("blobs"));
                JobQueue queue = JobQueue.builder()
                        .store(store)
                        .blobs(blobs)
                        .retention(Retention.of(1, Duration.ofDays(1)))
                        .open()) {
            await().until(() -> queue.job(done.get(0).id()).isEmpty());
            assertThat(queue.job(done.get(1).id())).contains(done.get(1));
            await().untilAsserted(() ->
                    assertThat(blobs.ids()).containsExactly(done.get(1).result().id()));
            assertThat(store.load()).hasSize(1);
        }
    }

    private JdbcJobStore open() {
        return JdbcJobStore.sqlite(directory.resolve("jobs.db"));
    }

    private static void shout(JobContext job) throws IOException {
        String text = new String(job.payload().readAllBytes(), UTF_8);
        try (var result = job.result("text/plain")) {
            result.write(text.toUpperCase(Locale.ROOT).getBytes(UTF_8));
        }
    }

    private static boolean running(JobQueue queue, Job job) {
        return queue.job(job.id()).orElseThrow().state() == JobState.RUNNING;
    }

    private static Job finished(JobQueue queue, Job job) throws Exception {
        return queue.await(job.id()).get(30, TimeUnit.SECONDS);
    }
}
