package org.nngjava.workers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AsyncWorkerTest {
    @AutoClose
    private final Opened opened = new Opened();

    /** Keeps jobs until the test says what becomes of them. */
    private static class Desk implements LeaseHolder {
        private final BlockingQueue<LeasedJob> jobs = new LinkedBlockingQueue<>();
        private final List<LeasedJob> lost = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Duration> halting = new CompletableFuture<>();

        @Override
        public void leased(LeasedJob job) {
            jobs.add(job);
        }

        @Override
        public void lost(LeasedJob job) {
            lost.add(job);
        }

        @Override
        public void halting(Duration timeout) {
            halting.complete(timeout);
        }

        private LeasedJob next() throws InterruptedException {
            LeasedJob job = jobs.poll(20, TimeUnit.SECONDS);
            assertThat(job).as("a job within 20 s").isNotNull();
            return job;
        }
    }

    @Test
    void jobsAreDoneInAnyOrderAndNoMoreAreGivenThanThereAreSlots() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Desk desk = new Desk();
        start(queue, desk, 20);
        List<Job> jobs = IntStream.range(0, 100)
                .mapToObj(i -> queue.submit("x", Integer.toString(i).getBytes(UTF_8)))
                .toList();
        List<LeasedJob> held = new ArrayList<>();
        for (int done = 0; done < jobs.size(); done++) {
            while (held.size() < Math.min(20, jobs.size() - done)) {
                held.add(desk.next());
            }
            assertThat(queue.status().running()).isLessThanOrEqualTo(20);
            LeasedJob job = held.remove(held.size() / 2);
            job.result(job.smallPayload().orElseThrow());
            assertThat(job.succeed().get(10, TimeUnit.SECONDS)).isTrue();
        }
        for (int i = 0; i < jobs.size(); i++) {
            Job done = JobQueueTest.finished(queue, jobs.get(i));
            assertThat(done.worker()).isEqualTo("async");
            assertThat(done.attempt()).isEqualTo(1);
            assertThat(result(queue, done)).isEqualTo(Integer.toString(i).getBytes(UTF_8));
        }
        assertThat(queue.figures().succeeded()).isEqualTo(100);
        assertThat(desk.lost).isEmpty();
    }

    @Test
    void itKnowsOfTheJobWhatAHandlerDoes() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Desk desk = new Desk();
        start(queue, desk, 1);
        Job job = queue.submit(JobRequest.builder("x")
                .payload(new byte[3])
                .options(Map.of("size", "big"))
                .labels("red")
                .timeout(Duration.ofSeconds(7))
                .build());
        LeasedJob leased = desk.next();
        assertThat(leased.id()).isEqualTo(job.id());
        assertThat(leased.type()).isEqualTo("x");
        assertThat(leased.attempt()).isEqualTo(1);
        assertThat(leased.options()).containsExactly(Map.entry("size", "big"));
        assertThat(leased.labels()).containsExactly("red");
        assertThat(leased.timeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(leased.smallPayload()).hasValue(new byte[3]);
        leased.progress(0.5);
        await().until(() -> queue.job(job.id()).orElseThrow().progress() == 0.5);
    }

    @Test
    void bigPayloadsAndResultsGoInPieces() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Desk desk = new Desk();
        start(queue, desk, 1);
        byte[] big = new byte[3_000_001];
        new Random(1).nextBytes(big);
        Job job = queue.submit("x", big);
        LeasedJob leased = desk.next();
        assertThat(leased.smallPayload()).isEmpty();
        try (OutputStream spoilt = leased.result("text/plain")) {
            spoilt.write(new byte[2_000_000]);
        }
        try (InputStream in = leased.payload();
                OutputStream out = leased.result("application/x-echo")) {
            in.transferTo(out);
        }
        assertThat(leased.succeed().get(10, TimeUnit.SECONDS)).isTrue();
        Job done = JobQueueTest.finished(queue, job);
        assertThat(done.result().contentType()).isEqualTo("application/x-echo");
        assertThat(result(queue, done)).isEqualTo(big);
    }

    @Test
    void aResultThatCouldNotBeStoredDoesNotCountUntilItIsGivenAnew() throws Exception {
        FlakyBlobStore blobs = new FlakyBlobStore();
        JobQueue queue = opened.queue(JobQueue.builder().blobs(blobs));
        Desk desk = new Desk();
        start(queue, desk, 1);
        byte[] big = new byte[100_000];
        new Random(1).nextBytes(big);
        Job job = queue.submit("x", new byte[0]);
        LeasedJob leased = desk.next();
        leased.result("text/plain").write(big);
        blobs.failOnce();
        assertThat(leased.succeed()).failsWithin(Duration.ofSeconds(10));
        assertThat(leased.succeed()).failsWithin(Duration.ofSeconds(10));
        leased.result("text/plain").write(big);
        assertThat(leased.succeed().get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(result(queue, JobQueueTest.finished(queue, job))).isEqualTo(big);
    }

    @Test
    void aFailureIsTriedAgainUnlessItIsPermanent() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Desk desk = new Desk();
        start(queue, desk, 1);
        Job job = queue.submit(JobRequest.builder("x")
                .backoff(new Backoff(Duration.ZERO, Duration.ZERO))
                .build());
        assertThat(desk.next().fail(new JobError("busy", "come again", false)).get(10, TimeUnit.SECONDS))
                .isTrue();
        LeasedJob second = desk.next();
        assertThat(second.attempt()).isEqualTo(2);
        second.fail(new JobError("never", "no such thing", true));
        Job done = JobQueueTest.finished(queue, job);
        assertThat(done.state()).isEqualTo(JobState.FAILED);
        assertThat(done.error().code()).isEqualTo("never");
    }

    @Test
    void whatIsSaidLaterIsNotHeard() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Desk desk = new Desk();
        start(queue, desk, 1);
        Job job = queue.submit("x", new byte[0]);
        LeasedJob leased = desk.next();
        CompletableFuture<Boolean> first = leased.succeed();
        assertThat(leased.fail(new JobError("late", "", true)).get()).isFalse();
        assertThat(leased.succeed().get()).isFalse();
        assertThat(first.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(JobQueueTest.finished(queue, job).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aCancelledJobIsLostAndItsResultRefused() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Desk desk = new Desk();
        start(queue, desk, 1);
        Job job = queue.submit("x", new byte[0]);
        LeasedJob leased = desk.next();
        queue.cancel(job.id());
        await().until(() -> desk.lost.contains(leased));
        assertThat(leased.cancelled()).isTrue();
        assertThat(leased.succeed().get()).isFalse();
        assertThat(queue.job(job.id()).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
        queue.submit("x", new byte[0]);
        assertThat(desk.next().succeed().get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anAttemptThatTakesTooLongHasFailedAndIsLost() throws Exception {
        JobQueue queue =
                opened.queue(JobQueue.builder().heartbeat(Duration.ofMillis(50)).lease(Duration.ofSeconds(5)));
        Desk desk = new Desk();
        start(queue, desk, 1);
        Job job = queue.submit(JobRequest.builder("x")
                .timeout(Duration.ofMillis(100))
                .retries(0)
                .build());
        LeasedJob leased = desk.next();
        Job done = JobQueueTest.finished(queue, job);
        assertThat(done.error().code()).isEqualTo(JobError.TIMEOUT);
        await().until(() -> desk.lost.contains(leased));
    }

    @Test
    void whatAnAbortedWorkerHadGoesToAnotherAndCountsItsDeath() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder().grace(Duration.ofMillis(50)));
        Job job = queue.submit("x", new byte[0]);
        for (int death = 1; death <= 3; death++) {
            Desk desk = new Desk();
            AsyncWorker worker = start(queue, desk, 1);
            LeasedJob leased = desk.next();
            assertThat(leased.attempt()).isEqualTo(death);
            worker.abort();
            assertThat(desk.lost).containsExactly(leased);
            assertThat(leased.succeed().get()).isFalse();
        }
        Job done = JobQueueTest.finished(queue, job);
        assertThat(done.state()).isEqualTo(JobState.FAILED);
        assertThat(done.error().code()).isEqualTo(JobError.POISON);
    }

    @Test
    void whatAClosedWorkerHadIsGivenBackAndDoesNotCount() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Job job = queue.submit("x", new byte[0]);
        for (int i = 0; i < 5; i++) {
            Desk desk = new Desk();
            AsyncWorker worker = start(queue, desk, 4);
            assertThat(desk.next().attempt()).isEqualTo(1);
            worker.close();
            assertThat(queue.workers()).isEmpty();
        }
        Desk desk = new Desk();
        start(queue, desk, 1);
        desk.next().succeed();
        Job done = JobQueueTest.finished(queue, job);
        assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(done.attempt()).isEqualTo(1);
    }

    @Test
    void aReportThatIsUnderWayIsHeardBeforeTheWorkerCloses() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        for (int i = 0; i < 20; i++) {
            Desk desk = new Desk();
            AsyncWorker worker = start(queue, desk, 1);
            Job job = queue.submit("x", new byte[0]);
            CompletableFuture<Boolean> confirmed = desk.next().succeed();
            worker.close();
            assertThat(confirmed.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(JobQueueTest.finished(queue, job).attempt()).isEqualTo(1);
        }
    }

    @Test
    void aJobThatIsGivenBackGoesToAnotherAtOnce() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Desk one = new Desk();
        AsyncWorker worker = start(queue, one, 1);
        Job job = queue.submit("x", new byte[0]);
        LeasedJob leased = one.next();
        worker.quiet();
        Desk other = new Desk();
        start(queue, other, 1);
        assertThat(leased.giveBack().get(10, TimeUnit.SECONDS)).isTrue();
        LeasedJob again = other.next();
        assertThat(again.id()).isEqualTo(job.id());
        assertThat(again.attempt()).isEqualTo(1);
        assertThat(again.token()).isNotEqualTo(leased.token());
    }

    @Test
    void itObeysOrders() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Desk desk = new Desk();
        start(queue, desk, 1);
        await().until(() -> queue.status().idle() == 1);
        queue.quiet(any -> true);
        await().until(() -> queue.workers().get(0).mode() == WorkerMode.QUIET);
        queue.submit("x", new byte[0]);
        assertThat(desk.jobs).isEmpty();
        queue.resume(any -> true);
        desk.next().succeed();
        queue.halt(any -> true, Duration.ofSeconds(3));
        assertThat(desk.halting.get(10, TimeUnit.SECONDS)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void itTakesNoJobsOfOtherTypes() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Desk desk = new Desk();
        start(queue, desk, 4);
        Job other = queue.submit("y", new byte[0]);
        queue.submit("x", new byte[0]);
        desk.next().succeed();
        assertThat(desk.jobs).isEmpty();
        assertThat(queue.job(other.id()).orElseThrow().state()).isEqualTo(JobState.QUEUED);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Worker.builder().queue(queue).startAsync(desk));
    }

    @Test
    void aHolderThatThrowsHasFailedTheJob() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Desk desk = new Desk() {
            @Override
            public void leased(LeasedJob job) {
                throw new IllegalStateException("not today");
            }
        };
        start(queue, desk, 1);
        Job done = JobQueueTest.finished(
                queue, queue.submit(JobRequest.builder("x").retries(0).build()));
        assertThat(done.error().message()).contains("not today");
    }

    @Test
    void aCutLinkEndsItsLeasesOnBothSides() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder()
                .listen("tcp://127.0.0.1:0")
                .lease(Duration.ofSeconds(1))
                .heartbeat(Duration.ofMillis(200)));
        Relay relay = new Relay(queue.workUrls().get(0));
        opened.add(relay);
        Desk remote = new Desk();
        opened.add(Worker.builder().connect(relay.url()).name("remote").startAsync(remote, "x"));
        Job job = queue.submit("x", new byte[0]);
        LeasedJob leased = remote.next();
        relay.cut();
        Desk local = new Desk();
        start(queue, local, 1);
        local.next().succeed();
        assertThat(JobQueueTest.finished(queue, job).worker()).isEqualTo("async");
        await().until(() -> remote.lost.contains(leased));
        relay.mend();
        assertThat(leased.succeed().get()).isFalse();
    }

    private AsyncWorker start(JobQueue queue, LeaseHolder holder, int slots) {
        return opened.add(
                Worker.builder().queue(queue).name("async").slots(slots).startAsync(holder, "x"));
    }

    private static byte[] result(JobQueue queue, Job done) throws Exception {
        try (InputStream in = queue.blobs().open(done.result().id())) {
            return in.readAllBytes();
        }
    }
}
