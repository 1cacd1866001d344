package org.nngjava.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nobody hears of what is not saved: a store that takes its time holds back answers and events. */
@Timeout(30)
class DurabilityTest {
    private final SlowStore store = new SlowStore();
    private final ExecutorService submitters = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        submitters.shutdownNow();
    }

    @Test
    void aJobIsAcceptedAndStartedOnlyWhenItIsSaved() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        try (JobQueue queue = JobQueue.builder().store(store).open();
                Worker worker = Worker.builder()
                        .queue(queue)
                        .handle("x", job -> runs.incrementAndGet())
                        .start()) {
            await().until(() -> queue.status().idle() == 1);
            List<JobEvent> events = new CopyOnWriteArrayList<>();
            queue.events(events::add);
            CompletableFuture<Job> submitted =
                    CompletableFuture.supplyAsync(() -> queue.submit("x", new byte[0]), submitters);
            await().until(() -> store.waiting.size() == 1);
            await().during(Duration.ofMillis(200)).until(() -> !submitted.isDone() && runs.get() == 0);
            assertThat(events).isEmpty();
            assertThat(queue.jobs(10, null)).isEmpty();
            store.release();
            assertThat(JobQueueTest.finished(queue, submitted.get()).worker()).isEqualTo(worker.name());
            assertThat(runs).hasValue(1);
        }
    }

    @Test
    void theStoreGetsWhatComesWhileItIsBusy() throws Exception {
        try (JobQueue queue = JobQueue.builder().store(store).open()) {
            List<CompletableFuture<Job>> submitted = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                submitted.add(CompletableFuture.supplyAsync(() -> queue.submit("x", new byte[0]), submitters));
            }
            await().until(() -> queue.status().queued() == 50);
            await().until(() -> store.given.get() == 50);
            store.release();
            for (CompletableFuture<Job> job : submitted) {
                assertThat(queue.job(job.get().id())).isPresent();
            }
        }
    }

    @Test
    void aJobThatIsSavedWhileItsQueueClosesHasItsPayload() throws Exception {
        MemoryBlobStore blobs = new MemoryBlobStore();
        byte[] payload = new byte[100_000];
        new Random(1).nextBytes(payload);
        JobQueue closing = JobQueue.builder().store(store).blobs(blobs).open();
        CompletableFuture<Job> submitted =
                CompletableFuture.supplyAsync(() -> closing.submit("x", payload), submitters);
        await().until(() -> store.given.get() == 1);
        closing.close();
        assertThatThrownBy(submitted::get).hasCauseInstanceOf(QueueClosedException.class);

        store.release();
        try (JobQueue queue = JobQueue.builder().store(store).blobs(blobs).open()) {
            assertThat(queue.jobs(10, null))
                    .singleElement()
                    .satisfies(job ->
                            assertThat(queue.blobs().open(job.payload().id())).hasBinaryContent(payload));
        }
    }

    @Test
    void aJobThatCannotBeSavedIsNotAcceptedAndNeverRuns() throws Exception {
        store.release();
        List<String> runs = new CopyOnWriteArrayList<>();
        List<JobEvent> events = new CopyOnWriteArrayList<>();
        try (JobQueue queue = JobQueue.builder().store(store).open();
                Worker worker = Worker.builder()
                        .queue(queue)
                        .handle("x", job -> runs.add(job.id()))
                        .start()) {
            await().until(() -> queue.status().idle() == 1);
            queue.events(events::add);
            store.failures.set(1);
            assertThatThrownBy(() -> queue.submit("x", new byte[0]))
                    .isInstanceOf(JobStoreException.class)
                    .hasMessageContaining("disk full");
            assertThat(queue.status().queued() + queue.status().running()).isZero();
            assertThat(queue.jobs(10, null)).isEmpty();

            Job next = queue.submit("x", new byte[0]);
            assertThat(JobQueueTest.finished(queue, next).worker()).isEqualTo(worker.name());
            assertThat(runs).containsExactly(next.id());
            await().until(() -> events.stream().anyMatch(event -> event.state().isFinal()));
            assertThat(events).extracting(JobEvent::jobId).containsOnly(next.id());
        }
    }

    @Test
    void aSubmitterThatWaitsIsToldThatItsJobCannotBeSaved() throws Exception {
        store.release();
        store.failures.set(1);
        try (JobQueue queue = JobQueue.builder().store(store).open()) {
            JobRequest request = JobRequest.builder("x").build();
            assertThatThrownBy(queue.submitAsync(request)::get).hasCauseInstanceOf(JobStoreException.class);
            store.failures.set(1);
            assertThatThrownBy(() -> queue.submit(request, Duration.ofSeconds(30)))
                    .isInstanceOf(JobStoreException.class);
        }
    }

    @Test
    void aQueuedJobThatCannotBeSavedIsGoneFromTheQueue() {
        store.release();
        store.failures.set(1);
        try (JobQueue queue = JobQueue.builder().store(store).open()) {
            assertThatThrownBy(() -> queue.submit("x", new byte[0])).isInstanceOf(JobStoreException.class);
            assertThat(queue.status().queued()).isZero();
            assertThat(queue.job(queue.submit("x", new byte[0]).id())).isPresent();
        }
    }

    @Test
    void aResultThatCannotBeSavedIsKeptUntilTheStoreIsBack() throws Exception {
        store.release();
        CountDownLatch finish = new CountDownLatch(1);
        try (JobQueue queue = JobQueue.builder().store(store).open();
                Worker worker = Worker.builder()
                        .queue(queue)
                        .handle("x", job -> finish.await())
                        .start()) {
            Job job = queue.submit("x", new byte[0]);
            JobQueueTest.running(queue, job);
            store.failures.set(1);
            finish.countDown();
            Job done = JobQueueTest.finished(queue, job);
            assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(done.attempt()).isEqualTo(1);
            assertThat(done.worker()).isEqualTo(worker.name());
        }
    }

    @Test
    void whoCancelsWhileTheStoreFailsIsToldAndTheJobIsCancelledLater() {
        store.release();
        try (JobQueue queue = JobQueue.builder().store(store).open()) {
            Job job = queue.submit("x", new byte[0]);
            store.failures.set(1);
            assertThatThrownBy(() -> queue.cancel(job.id())).isInstanceOf(JobStoreException.class);
            await().until(() -> queue.job(job.id()).orElseThrow().state() == JobState.CANCELLED);
        }
    }
}
