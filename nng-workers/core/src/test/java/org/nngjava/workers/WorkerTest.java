package org.nngjava.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkerTest {
    @TempDir
    Path directory;

    @AutoClose
    private final Opened opened = new Opened();

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "inproc"})
    void aWorkerMayBeStartedBeforeItsQueue(String transport) throws Exception {
        String url = transport + "://" + directory.resolve("q");
        opened.worker(Worker.builder().connect(url).handle("x", job -> {}));
        JobQueue queue = opened.queue(JobQueue.builder().listen(url));
        assertThat(JobQueueTest.finished(queue, queue.submit("x", new byte[0])).state())
                .isEqualTo(JobState.SUCCEEDED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "inproc"})
    void aWorkerOutlivesItsQueueAndServesTheNext(String transport) throws Exception {
        String url = transport + "://" + directory.resolve("q");
        opened.worker(Worker.builder().connect(url).handle("x", job -> {}));
        for (int i = 0; i < 3; i++) {
            try (JobQueue queue = JobQueue.builder().listen(url).open()) {
                assertThat(JobQueueTest.finished(queue, queue.submit("x", new byte[0]))
                                .state())
                        .isEqualTo(JobState.SUCCEEDED);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "inproc"})
    void theResultForAQueueThatForgotItsJobsIsRefusedAndTheWorkerGoesOn(String transport) throws Exception {
        String url = transport + "://" + directory.resolve("q");
        CountDownLatch finish = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        opened.worker(Worker.builder().connect(url).handle("x", job -> {
            runs.incrementAndGet();
            finish.await();
        }));
        JobQueue before = JobQueue.builder().listen(url).open();
        Job lost = before.submit("x", new byte[0]);
        await().until(() -> runs.get() == 1);
        before.close();
        JobQueue after = opened.queue(JobQueue.builder().listen(url));
        finish.countDown();
        Job next = after.submit("x", new byte[0]);
        assertThat(JobQueueTest.finished(after, next).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(after.job(lost.id())).isEmpty();
        assertThat(runs).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "inproc"})
    void aJobOutlivesARestartOfItsQueueIfTheStoreDoes(String transport) throws Exception {
        String url = transport + "://" + directory.resolve("q");
        MemoryJobStore store = new MemoryJobStore();
        CountDownLatch finish = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        opened.worker(Worker.builder().connect(url).handle("x", job -> {
            runs.incrementAndGet();
            finish.await();
        }));
        JobQueue before = JobQueue.builder().listen(url).store(store).open();
        Job job = before.submit("x", new byte[0]);
        await().until(() -> runs.get() == 1);
        before.close();
        JobQueue after = opened.queue(JobQueue.builder().listen(url).store(store));
        CompletableFuture<Job> waiter = after.await(job.id());
        finish.countDown();
        assertThat(waiter.get().state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(waiter.get().attempt()).isEqualTo(1);
        assertThat(runs).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "inproc"})
    void aResultIsKeptWhileTheQueueIsAway(String transport) throws Exception {
        String url = transport + "://" + directory.resolve("q");
        MemoryJobStore store = new MemoryJobStore();
        CountDownLatch finish = new CountDownLatch(1);
        CountDownLatch finished = new CountDownLatch(1);
        opened.worker(Worker.builder().connect(url).handle("x", job -> {
            finish.await();
            job.result(new byte[] {42});
            finished.countDown();
        }));
        JobQueue before = JobQueue.builder().listen(url).store(store).open();
        Job job = JobQueueTest.running(before, before.submit("x", new byte[0]));
        before.close();
        finish.countDown();
        finished.await();
        JobQueue after = opened.queue(JobQueue.builder().listen(url).store(store));
        Job done = JobQueueTest.finished(after, job);
        assertThat(done.attempt()).isEqualTo(1);
        assertThat(after.blobs().open(done.result().id())).hasBinaryContent(new byte[] {42});
    }

    @Test
    void stoppingFinishesWhatRunsAndTakesNothingNew() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        CountDownLatch finish = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Worker worker = opened.worker(Worker.builder().queue(queue).slots(2).handle("x", job -> {
            begun.countDown();
            finish.await();
        }));
        Job runs = queue.submit("x", new byte[0]);
        begun.await();
        await().until(() -> queue.status().idle() == 1);
        CompletableFuture<Boolean> stopped = NewThread.supply(() -> stop(worker, Duration.ofSeconds(20)));
        await().until(() -> queue.status().idle() == 0);
        Job waits = queue.submit("x", new byte[0]);
        assertThat(stopped).isNotDone();
        finish.countDown();
        assertThat(stopped.get()).isTrue();
        assertThat(queue.job(runs.id()).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(queue.job(waits.id()).orElseThrow().attempt()).isZero();
        assertThat(queue.workers()).isEmpty();
    }

    @Test
    void whatDoesNotFinishInTimeIsGivenBackAndStartedElsewhereAtOnce() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        CountDownLatch finish = new CountDownLatch(1);
        Worker first = opened.worker(Worker.builder().queue(queue).name("first").handle("x", job -> finish.await()));
        Job job = JobQueueTest.running(queue, queue.submit("x", new byte[0]));
        opened.worker(Worker.builder().queue(queue).name("second").handle("x", j -> finish.await()));
        await().until(() -> queue.status().idle() == 1);
        assertThat(first.stop(Duration.ofMillis(50))).isFalse();
        Job again = queue.job(job.id()).orElseThrow();
        assertThat(again.worker()).isEqualTo("second");
        assertThat(again.attempt()).isEqualTo(1);
        finish.countDown();
        assertThat(JobQueueTest.finished(queue, job).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aHandlerThatDoesNotStopIsLeftAloneAndItsJobGivenBack() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        CountDownLatch finish = new CountDownLatch(1);
        Worker stubborn = opened.worker(Worker.builder().queue(queue).handle("x", job -> {
            while (finish.getCount() > 0) {
                Thread.onSpinWait();
            }
        }));
        Job job = JobQueueTest.running(queue, queue.submit("x", new byte[0]));
        stubborn.close();
        assertThat(queue.job(job.id()).orElseThrow().state()).isEqualTo(JobState.QUEUED);
        finish.countDown();
    }

    @Test
    void stoppingAnIdleWorkerTakesNoTimeEvenIfItsQueueIsGone() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder().listen("ipc://" + directory.resolve("q")));
        Worker idle = opened.worker(Worker.builder().queue(queue).slots(3).handle("x", job -> {}));
        await().until(() -> queue.status().idle() == 3);
        long before = System.nanoTime();
        assertThat(idle.stop(Duration.ofSeconds(30))).isTrue();
        Worker orphan = opened.worker(
                Worker.builder().connect("ipc://" + directory.resolve("none")).handle("x", job -> {}));
        assertThat(orphan.stop(Duration.ofSeconds(30))).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aQuietWorkerFinishesWhatItHasAndTakesNoMoreUntilItResumes() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        CountDownLatch finish = new CountDownLatch(1);
        Worker worker = opened.worker(
                Worker.builder().queue(queue).slots(2).labels("old", "slow").handle("x", job -> finish.await()));
        Job runs = JobQueueTest.running(queue, queue.submit("x", new byte[0]));
        assertThat(queue.quiet(w -> w.labels().contains("none"))).isZero();
        assertThat(queue.quiet(w -> w.labels().contains("old"))).isEqualTo(1);
        Job waits = queue.submit("x", new byte[0]);
        await().until(() -> worker.mode() == WorkerMode.QUIET);
        finish.countDown();
        assertThat(JobQueueTest.finished(queue, runs).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(queue.job(waits.id()).orElseThrow().attempt()).isZero();
        assertThat(queue.workers()).singleElement().satisfies(status -> {
            assertThat(status.mode()).isEqualTo(WorkerMode.QUIET);
            assertThat(status.labels()).containsExactlyInAnyOrder("old", "slow");
        });
        assertThat(queue.resume(w -> w.id().equals(worker.id()))).isEqualTo(1);
        assertThat(JobQueueTest.finished(queue, waits).attempt()).isEqualTo(1);
    }

    @Test
    void aWorkerMayBeQuietOfItsOwnWill() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Worker worker = opened.worker(Worker.builder().queue(queue).handle("x", job -> {}));
        worker.quiet();
        await().until(() -> queue.workers().stream().anyMatch(status -> status.mode() == WorkerMode.QUIET));
        Job waits = queue.submit("x", new byte[0]);
        assertThat(queue.job(waits.id()).orElseThrow().state()).isEqualTo(JobState.QUEUED);
        worker.resume();
        assertThat(JobQueueTest.finished(queue, waits).attempt()).isEqualTo(1);
    }

    @Test
    void allWorkersEndWhenTheyAreToldToAndGiveBackWhatTheyHave() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        CountDownLatch finish = new CountDownLatch(1);
        List<Worker> workers = new ArrayList<>();
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            workers.add(
                    opened.worker(Worker.builder().queue(queue).name("w" + i).handle("x", job -> finish.await())));
            jobs.add(JobQueueTest.running(queue, queue.submit("x", new byte[0])));
        }
        assertThat(queue.halt(w -> true, Duration.ofMillis(100))).isEqualTo(3);
        for (Worker worker : workers) {
            worker.awaitEnd();
        }
        await().until(() -> queue.workers().isEmpty());
        assertThat(jobs).allSatisfy(job -> {
            Job now = queue.job(job.id()).orElseThrow();
            assertThat(now.state()).isEqualTo(JobState.QUEUED);
            assertThat(now.attempt()).isZero();
        });
        finish.countDown();
    }

    @Test
    void aWorkerThatIsToldToHaltMayFinishInTime() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        CountDownLatch finish = new CountDownLatch(1);
        Worker worker = opened.worker(Worker.builder().queue(queue).handle("x", job -> finish.await()));
        Job job = JobQueueTest.running(queue, queue.submit("x", new byte[0]));
        queue.halt(w -> w.name().equals(worker.name()), Duration.ofSeconds(30));
        await().until(() -> worker.mode() == WorkerMode.HALTING);
        finish.countDown();
        worker.awaitEnd();
        assertThat(queue.job(job.id()).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aQueueThatStopsLetsJobsEndAndStartsNoMore() throws Exception {
        MemoryJobStore store = new MemoryJobStore();
        JobQueue queue = opened.queue(JobQueue.builder().store(store));
        CountDownLatch finish = new CountDownLatch(1);
        opened.worker(Worker.builder().queue(queue).handle("x", job -> finish.await()));
        Job runs = JobQueueTest.running(queue, queue.submit("x", new byte[0]));
        Job waits = queue.submit("x", new byte[0]);
        CompletableFuture<Boolean> stopped = NewThread.supply(() -> stop(queue, Duration.ofSeconds(30)));
        await().until(() -> !queue.status().accepting());
        finish.countDown();
        assertThat(stopped.get()).isTrue();
        assertThat(store.find(runs.id()).orElseThrow().job().state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(store.find(waits.id()).orElseThrow().job().state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void aQueueThatStopsTakesBackWhatTakesTooLong() throws Exception {
        MemoryJobStore store = new MemoryJobStore();
        JobQueue queue = opened.queue(JobQueue.builder().store(store));
        opened.worker(Worker.builder().queue(queue).handle("x", job -> Thread.sleep(60_000)));
        Job job = JobQueueTest.running(queue, queue.submit("x", new byte[0]));
        assertThat(queue.stop(Duration.ofMillis(50))).isFalse();
        assertThat(store.find(job.id()).orElseThrow().job().state()).isEqualTo(JobState.QUEUED);
        assertThat(store.find(job.id()).orElseThrow().job().attempt()).isZero();
    }

    @Test
    void stoppingTwiceIsStoppingOnce() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Worker worker = opened.worker(Worker.builder().queue(queue).handle("x", job -> {}));
        assertThat(worker.stop(Duration.ofSeconds(5))).isTrue();
        assertThat(worker.stop(Duration.ofSeconds(5))).isTrue();
        worker.close();
    }

    @Test
    void closingEndsAStopThatStillHasTime() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        CountDownLatch finish = new CountDownLatch(1);
        Worker worker = opened.worker(Worker.builder().queue(queue).handle("x", job -> finish.await()));
        Job job = JobQueueTest.running(queue, queue.submit("x", new byte[0]));
        CompletableFuture<Boolean> stopped = NewThread.supply(() -> stop(worker, Duration.ofDays(1)));
        await().until(() -> worker.mode() == WorkerMode.HALTING);
        worker.close();
        assertThat(stopped.get()).isFalse();
        assertThat(queue.job(job.id()).orElseThrow().state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void aSecondOrderToHaltLeavesLessTime() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        CountDownLatch finish = new CountDownLatch(1);
        Worker worker = opened.worker(Worker.builder().queue(queue).handle("x", job -> finish.await()));
        Job job = JobQueueTest.running(queue, queue.submit("x", new byte[0]));
        queue.halt(any -> true, Duration.ofDays(1));
        await().until(() -> worker.mode() == WorkerMode.HALTING);
        queue.halt(any -> true, Duration.ZERO);
        worker.awaitEnd();
        await().until(() -> queue.job(job.id()).orElseThrow().state() == JobState.QUEUED);
    }

    @Test
    void aWorkerOfManySlotsRunsThemAllAtOnce() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        CountDownLatch all = new CountDownLatch(100);
        opened.worker(Worker.builder().queue(queue).slots(100).handle("x", job -> {
            all.countDown();
            all.await();
        }));
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            jobs.add(queue.submit("x", new byte[0]));
        }
        assertThat(JobQueueTest.finished(queue, jobs)).allMatch(job -> job.state() == JobState.SUCCEEDED);
    }

    @Test
    void aWorkerThatIsIdleForLongerThanTheParkTimeGetsItsJobOnce() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder().parkTime(Duration.ofMillis(200)));
        AtomicInteger runs = new AtomicInteger();
        opened.worker(Worker.builder().queue(queue).slots(4).handle("x", job -> runs.incrementAndGet()));
        await().until(() -> queue.status().idle() == 4);
        await().during(Duration.ofSeconds(1)).until(() -> queue.status().running() == 0);
        for (int i = 1; i <= 10; i++) {
            assertThat(JobQueueTest.finished(queue, queue.submit("x", new byte[0]))
                            .attempt())
                    .isEqualTo(1);
            assertThat(runs).hasValue(i);
        }
    }

    @Test
    void aWorkerNeedsAQueueAndAHandler() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Worker.builder().handle("x", job -> {}).start());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Worker.builder().connect("inproc://nowhere").start());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Worker.builder()
                        .connect("inproc://nowhere")
                        .handle("x", job -> {})
                        .slots(257)
                        .start());
    }

    private static boolean stop(JobQueue queue, Duration timeout) {
        try {
            return queue.stop(timeout);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean stop(Worker worker, Duration timeout) {
        try {
            return worker.stop(timeout);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
