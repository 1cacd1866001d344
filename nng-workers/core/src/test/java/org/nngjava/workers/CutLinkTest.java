package org.nngjava.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CutLinkTest {
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration HEARTBEAT = Duration.ofMillis(200);

    @Test
    void aCutLinkEndsTheLeaseOnBothSidesAndHealsWhenItIsMended() throws Exception {
        List<String> runs = new CopyOnWriteArrayList<>();
        CountDownLatch dropped = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        try (JobQueue queue = open();
                Relay relay = new Relay(queue.workUrls().get(0));
                Worker remote = Worker.builder()
                        .connect(relay.url())
                        .name("remote")
                        .handle("x", job -> {
                            runs.add("remote " + job.attempt());
                            try {
                                finish.await();
                            } catch (InterruptedException e) {
                                dropped.countDown();
                                throw e;
                            }
                        })
                        .start()) {
            Job job = JobQueueTest.running(queue, queue.submit("x", new byte[0]));
            await().until(() -> runs.size() == 1);
            relay.cut();
            try (Worker local = Worker.builder()
                    .queue(queue)
                    .name("local")
                    .handle("x", j -> runs.add("local " + j.attempt()))
                    .start()) {
                assertThat(JobQueueTest.finished(queue, job).worker()).isEqualTo(local.name());
                // The remote worker has no word from the queue either, and gives up by itself.
                dropped.await();
            }
            await().until(() -> queue.workers().isEmpty());
            finish.countDown();
            relay.mend();
            Job next = queue.submit("x", new byte[0]);
            assertThat(JobQueueTest.finished(queue, next).worker()).isEqualTo(remote.name());
            assertThat(runs).containsExactly("remote 1", "local 2", "remote 1");
        }
    }

    @Test
    void aResultThatComesAfterTheCutIsRefusedAndTheJobIsCommittedOnce() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        CountDownLatch finished = new CountDownLatch(1);
        List<JobEvent> events = new CopyOnWriteArrayList<>();
        try (JobQueue queue = open();
                Relay relay = new Relay(queue.workUrls().get(0));
                Worker remote = Worker.builder()
                        .connect(relay.url())
                        .name("remote")
                        .handle("x", job -> {
                            started.countDown();
                            finish.await();
                            job.result(new byte[] {1});
                            finished.countDown();
                        })
                        .start()) {
            queue.events(events::add);
            Job job = JobQueueTest.running(queue, queue.submit("x", new byte[0]));
            started.await();
            relay.cut();
            finish.countDown();
            finished.await();
            try (Worker local = Worker.builder()
                    .queue(queue)
                    .name("local")
                    .handle("x", j -> j.result(new byte[] {2}))
                    .start()) {
                assertThat(JobQueueTest.finished(queue, job).worker()).isEqualTo(local.name());
            }
            relay.mend();
            await().until(() -> queue.figures().refused() > 0);
            Job next = queue.submit("x", new byte[0]);
            assertThat(JobQueueTest.finished(queue, next).worker()).isEqualTo(remote.name());
            Job done = queue.job(job.id()).orElseThrow();
            assertThat(done.worker()).isEqualTo("local");
            assertThat(queue.blobs().open(done.result().id())).hasBinaryContent(new byte[] {2});
            assertThat(queue.figures().succeeded()).isEqualTo(2);
            await().untilAsserted(() -> assertThat(events)
                    .filteredOn(event -> event.jobId().equals(job.id()) && event.state() == JobState.SUCCEEDED)
                    .hasSize(1));
        }
    }

    @Test
    void aShortCutIsNotNoticed() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        try (JobQueue queue = open();
                Relay relay = new Relay(queue.workUrls().get(0));
                Worker remote = Worker.builder()
                        .connect(relay.url())
                        .handle("x", job -> {
                            started.countDown();
                            finish.await();
                        })
                        .start()) {
            Job job = JobQueueTest.running(queue, queue.submit("x", new byte[0]));
            started.await();
            relay.cut();
            await().until(() -> queue.workers().stream().noneMatch(WorkerStatus::responsive));
            relay.mend();
            await().until(() -> queue.workers().stream().allMatch(WorkerStatus::responsive));
            finish.countDown();
            Job done = JobQueueTest.finished(queue, job);
            assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(done.attempt()).isEqualTo(1);
            assertThat(done.worker()).isEqualTo(remote.name());
        }
    }

    private static JobQueue open() {
        return JobQueue.builder()
                .listen("tcp://127.0.0.1:0")
                .lease(LEASE)
                .heartbeat(HEARTBEAT)
                .open();
    }
}
