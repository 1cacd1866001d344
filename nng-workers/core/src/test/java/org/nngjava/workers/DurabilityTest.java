package org.nngjava.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
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
    void whatComesWhileTheStoreIsBusyIsSavedTogether() throws Exception {
        try (JobQueue queue = JobQueue.builder().store(store).open()) {
            List<CompletableFuture<Job>> submitted = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                submitted.add(CompletableFuture.supplyAsync(() -> queue.submit("x", new byte[0]), submitters));
            }
            await().until(() -> queue.status().queued() == 50);
            store.release();
            for (CompletableFuture<Job> job : submitted) {
                assertThat(queue.job(job.get().id())).isPresent();
            }
            assertThat(store.saves).hasValueLessThan(10);
        }
    }

    @Test
    void aStoreThatFailsIsAskedAgainUntilItSucceeds() throws Exception {
        store.failures.set(1);
        store.release();
        try (JobQueue queue = JobQueue.builder().store(store).open()) {
            Job job = queue.submit("x", new byte[0]);
            assertThat(queue.job(job.id())).isPresent();
            assertThat(store.saves).hasValue(2);
        }
    }

    /** Saves when it is told to; once told, at once. */
    private static final class SlowStore implements JobStore {
        private final MemoryJobStore saved = new MemoryJobStore();
        private final List<CompletableFuture<Void>> waiting = new CopyOnWriteArrayList<>();
        private final AtomicInteger saves = new AtomicInteger();
        private volatile boolean released;
        private final AtomicInteger failures = new AtomicInteger();

        void release() {
            released = true;
            waiting.forEach(save -> save.complete(null));
        }

        @Override
        public CompletionStage<Void> save(Collection<StoredJob> changed) {
            saves.incrementAndGet();
            if (failures.getAndDecrement() > 0) {
                return CompletableFuture.failedFuture(new IOException("disk full"));
            }
            CompletableFuture<Void> turn = new CompletableFuture<>();
            waiting.add(turn);
            if (released) {
                turn.complete(null);
            }
            return turn.thenCompose(ignored -> saved.save(changed));
        }

        @Override
        public List<StoredJob> load() {
            return saved.load();
        }

        @Override
        public CompletionStage<Void> remove(Collection<String> ids) {
            return saved.remove(ids);
        }

        @Override
        public Optional<StoredJob> find(String id) {
            return saved.find(id);
        }

        @Override
        public List<StoredJob> list(int limit, String beforeId) {
            return saved.list(limit, beforeId);
        }

        @Override
        public void close() {}
    }
}
