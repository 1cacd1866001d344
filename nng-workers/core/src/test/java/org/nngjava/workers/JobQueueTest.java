package org.nngjava.workers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.Device;
import org.nngjava.Protocol;
import org.nngjava.RawSocket;

@Timeout(60)
class JobQueueTest {
    @TempDir
    Path directory;

    @AutoClose
    private final Opened opened = new Opened();

    @ParameterizedTest
    @ValueSource(strings = {"inproc", "ipc", "tcp"})
    void theSameWorkerWorksOverAnyTransport(String transport) throws Exception {
        String url = switch (transport) {
            case "tcp" -> "tcp://127.0.0.1:0";
            case "ipc" -> "ipc://" + directory.resolve("q");
            default -> "inproc://" + directory.getFileName();
        };
        JobQueue queue = opened.queue(JobQueue.builder().listen(url));
        opened.worker(
                Worker.builder().connect(queue.workUrls().get(0)).name("ann").handle("echo", JobQueueTest::echo));

        for (int size : new int[] {0, 1, 16_384, 16_385, 1_048_576, 3_000_001}) {
            byte[] payload = random(size);
            Job done = finished(queue, queue.submit("echo", payload));
            assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(done.worker()).isEqualTo("ann");
            assertThat(done.result().size()).isEqualTo(size);
            assertThat(done.result().contentType()).isEqualTo("application/x-echo");
            try (InputStream in = queue.blobs().open(done.result().id())) {
                assertThat(in.readAllBytes()).isEqualTo(payload);
            }
        }
        assertThat(queue.workers()).singleElement().satisfies(worker -> {
            assertThat(worker.finished()).isEqualTo(6);
            assertThat(worker.address()).startsWith(transport + "://");
        });
    }

    @Test
    void oneQueueListensAtManyUrls() throws Exception {
        JobQueue queue =
                opened.queue(JobQueue.builder().listen("tcp://127.0.0.1:0").listen("ipc://" + directory.resolve("q")));
        assertThat(queue.workUrls()).hasSize(3).noneMatch(url -> url.endsWith(":0"));
        Set<String> names = ConcurrentHashMap.newKeySet();
        for (String url : queue.workUrls()) {
            opened.worker(Worker.builder().connect(url).name(url).handle("x", job -> {}));
        }
        await().untilAsserted(() -> assertThat(queue.status().idle()).isEqualTo(3));
        for (int i = 0; i < 6; i++) {
            names.add(finished(queue, queue.submit("x", new byte[0])).worker());
        }
        assertThat(names).containsExactlyInAnyOrderElementsOf(queue.workUrls());
    }

    @Test
    void aWorkerReachesItsQueueByWayOfADeviceInItsOwnProcess() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder().listen("tcp://127.0.0.1:0"));
        String front = "inproc://" + directory.getFileName() + "/front";
        RawSocket atFront = RawSocket.open(Protocol.REP);
        RawSocket atBack = RawSocket.open(Protocol.REQ);
        atFront.listen(front);
        atBack.dial(queue.workUrls().get(0));
        try (Device device = Device.start(atFront, atBack);
                Worker worker =
                        Worker.builder().connect(front).handle("x", job -> {}).start()) {
            assertThat(finished(queue, queue.submit("x", new byte[0])).worker()).isEqualTo(worker.name());
            assertThat(device.ended()).isNotDone();
        }
    }

    @Test
    void twentyJobsAreSharedEvenly() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder().listen("tcp://127.0.0.1:0"));
        CyclicBarrier allSlots = new CyclicBarrier(4);
        for (String name : List.of("ann", "bob")) {
            opened.worker(Worker.builder()
                    .connect(queue.workUrls().get(0))
                    .name(name)
                    .slots(2)
                    .handle("meet", job -> allSlots.await(20, TimeUnit.SECONDS)));
        }
        await().untilAsserted(() -> assertThat(queue.status().idle()).isEqualTo(4));
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            jobs.add(queue.submit("meet", new byte[0]));
        }
        Map<String, Long> shares =
                finished(queue, jobs).stream().collect(Collectors.groupingBy(Job::worker, Collectors.counting()));
        assertThat(shares).containsExactlyInAnyOrderEntriesOf(Map.of("ann", 10L, "bob", 10L));
    }

    @Test
    void aThousandQuickJobsAreAllDoneAndEachOnce() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder().listen("tcp://127.0.0.1:0"));
        Map<String, Integer> runs = new ConcurrentHashMap<>();
        for (String name : List.of("ann", "bob")) {
            opened.worker(Worker.builder()
                    .connect(queue.workUrls().get(0))
                    .name(name)
                    .slots(4)
                    .handle("count", job -> runs.merge(job.id(), 1, Integer::sum)));
        }
        Set<String> ids = new HashSet<>();
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Job job = queue.submit("count", new byte[] {(byte) i});
            jobs.add(job);
            ids.add(job.id());
        }
        assertThat(finished(queue, jobs)).allMatch(job -> job.state() == JobState.SUCCEEDED);
        assertThat(runs.keySet()).isEqualTo(ids);
        assertThat(runs.values()).allMatch(count -> count == 1);
        assertThat(queue.status().succeeded()).isEqualTo(1_000);
        assertThat(queue.status().queued() + queue.status().running()).isZero();
    }

    @Test
    void aFailedAttemptIsRepeatedAndThenSucceeds() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        opened.worker(Worker.builder().queue(queue).handle("flaky", job -> {
            if (job.attempt() < 3) {
                throw new IllegalStateException("not yet");
            }
        }));
        Job done = finished(queue, queue.submit("flaky", new byte[0]));
        assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(done.attempt()).isEqualTo(3);
        assertThat(done.error()).isNull();
    }

    @Test
    void aJobThatFailsTooOftenIsGivenUp() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        opened.worker(Worker.builder().queue(queue).handle("bad", job -> {
            throw new IllegalStateException("never");
        }));
        Job done = finished(
                queue, queue.submit(JobRequest.builder("bad").retries(1).build()));
        assertThat(done.state()).isEqualTo(JobState.FAILED);
        assertThat(done.attempt()).isEqualTo(2);
        assertThat(done.error().code()).isEqualTo(JobError.EXCEPTION);
        assertThat(done.error().message()).contains("never");
    }

    @Test
    void aPermanentFailureCarriesItsCodeAndIsNotRepeated() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        opened.worker(Worker.builder().queue(queue).handle("bad", job -> {
            throw new PermanentFailureException("unreadable", "not a movie");
        }));
        Job done = finished(queue, queue.submit("bad", new byte[0]));
        assertThat(done.state()).isEqualTo(JobState.FAILED);
        assertThat(done.attempt()).isEqualTo(1);
        assertThat(done.error()).isEqualTo(new JobError("unreadable", "not a movie", true));
    }

    @Test
    void anErrorInAHandlerDoesNotKillItsSlot() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        opened.worker(Worker.builder()
                .queue(queue)
                .handle("bad", job -> {
                    throw new StackOverflowError("deep");
                })
                .handle("good", job -> {}));
        queue.submit(JobRequest.builder("bad").retries(0).build());
        assertThat(finished(queue, queue.submit("good", new byte[0])).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void whateverAHandlerThrowsArrives() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        opened.worker(Worker.builder().queue(queue).handle("bad", job -> {
            throw new PermanentFailureException("c".repeat(1_000), "\0\ud800".repeat(50_000));
        }));
        JobError error = finished(queue, queue.submit("bad", new byte[0])).error();
        assertThat(error.code()).hasSize(JobError.MAX_CODE);
        assertThat(error.message()).hasSize(JobError.MAX_MESSAGE).startsWith("\0?\0?");
    }

    @Test
    void theLongestOptionsArrive() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Map<String, String> options = Map.of("k", "\1".repeat(JobRequest.MAX_OPTIONS - 1));
        opened.worker(Worker.builder()
                .queue(queue)
                .handle("x", job -> assertThat(job.options()).isEqualTo(options)));
        Job done = finished(
                queue, queue.submit(JobRequest.builder("x").options(options).build()));
        assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aHandlerThatLeavesItsThreadInterruptedHasSucceededAllTheSame() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        opened.worker(Worker.builder().queue(queue).handle("x", job -> {
            job.result("x/y").write(new byte[100_000]);
            Thread.currentThread().interrupt();
        }));
        for (int i = 0; i < 3; i++) {
            Job done = finished(queue, queue.submit("x", new byte[0]));
            assertThat(done.result().size()).isEqualTo(100_000);
        }
    }

    @Test
    void aRunningJobIsCancelledAtOnce() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        CountDownLatch interrupted = new CountDownLatch(1);
        opened.worker(Worker.builder()
                .queue(queue)
                .handle("long", job -> {
                    try {
                        Thread.sleep(60_000);
                    } catch (InterruptedException e) {
                        assertThat(job.cancelled()).isTrue();
                        interrupted.countDown();
                        throw e;
                    }
                })
                .handle("next", job -> {}));
        Job job = running(queue, queue.submit("long", new byte[0]));
        CompletableFuture<Job> waiter = queue.await(job.id());
        assertThat(queue.cancel(job.id())).isTrue();
        assertThat(waiter.get(1, TimeUnit.SECONDS).state()).isEqualTo(JobState.CANCELLED);
        assertThat(interrupted.await(2, TimeUnit.SECONDS)).isTrue();
        assertThat(finished(queue, queue.submit("next", new byte[0])).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(queue.cancel(job.id())).isFalse();
        assertThat(queue.job(job.id()).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void aQueuedJobIsCancelledToo() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Job job = queue.submit("nobody handles this", new byte[0]);
        assertThat(queue.cancel(job.id())).isTrue();
        assertThat(finished(queue, job).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void aHandlerThatTakesTooLongIsInterruptedAndTheAttemptHasFailed() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        opened.worker(Worker.builder().queue(queue).handle("long", job -> Thread.sleep(60_000)));
        Job done = finished(
                queue,
                queue.submit(JobRequest.builder("long")
                        .timeout(Duration.ofMillis(300))
                        .retries(0)
                        .build()));
        assertThat(done.state()).isEqualTo(JobState.FAILED);
        assertThat(done.error().code()).isEqualTo(JobError.TIMEOUT);
        assertThat(done.runTime()).isBetween(Duration.ofMillis(300), Duration.ofSeconds(3));
    }

    @Test
    void aHandlerThatDoesNotHearTheInterruptLosesItsSlotAndItsResult() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        CountDownLatch letGo = new CountDownLatch(1);
        opened.worker(Worker.builder()
                .queue(queue)
                .handle("stuck", job -> {
                    boolean done = false;
                    while (!done) {
                        try {
                            done = letGo.await(1, TimeUnit.MINUTES);
                        } catch (InterruptedException e) {
                            assertThat(job.cancelled()).isTrue();
                        }
                    }
                    job.result("too late".getBytes(UTF_8));
                })
                .handle("next", job -> {}));
        Job stuck = queue.submit(JobRequest.builder("stuck")
                .timeout(Duration.ofMillis(200))
                .retries(0)
                .build());
        Job next = queue.submit("next", new byte[0]);
        assertThat(finished(queue, next).state()).isEqualTo(JobState.SUCCEEDED);
        Job failed = finished(queue, stuck);
        assertThat(failed.error().code()).isEqualTo(JobError.TIMEOUT);
        await().untilAsserted(() -> assertThat(queue.workers())
                .singleElement()
                .satisfies(worker -> assertThat(worker.figures().stuck()).isEqualTo(1)));
        letGo.countDown();
        await().until(() -> queue.workers().get(0).figures().stuck() == 0);
        assertThat(finished(queue, queue.submit("next", new byte[0])).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(queue.job(stuck.id())).contains(failed);
    }

    @Test
    void progressIsSeenWhileTheJobRuns() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        CountDownLatch seen = new CountDownLatch(1);
        List<Double> told = new java.util.concurrent.CopyOnWriteArrayList<>();
        opened.worker(Worker.builder().queue(queue).handle("slow", job -> {
            job.progress(0.25);
            seen.await();
        }));
        try (JobQueue.Subscription subscription = queue.events(event -> told.add(event.progress()))) {
            Job job = queue.submit("slow", new byte[0]);
            await().untilAsserted(() ->
                    assertThat(queue.job(job.id()).orElseThrow().progress()).isEqualTo(0.25));
            seen.countDown();
            assertThat(finished(queue, job).progress()).isEqualTo(1);
            await().untilAsserted(() -> assertThat(told).containsExactly(0.0, 0.0, 0.25, 1.0));
            assertThat(subscription).isNotNull();
        }
    }

    @Test
    void eventsTellTheWholeWayOfAJobWithoutGaps() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        List<JobEvent> events = new java.util.concurrent.CopyOnWriteArrayList<>();
        queue.events(events::add);
        Job job = queue.submit("x", new byte[0]);
        opened.worker(Worker.builder().queue(queue).name("ann").handle("x", j -> {}));
        finished(queue, job);
        await().untilAsserted(() -> assertThat(events)
                .extracting(JobEvent::state)
                .containsExactly(JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED));
        assertThat(events).extracting(JobEvent::number).isSorted();
        assertThat(events.get(2).worker()).isEqualTo("ann");
    }

    @Test
    void positionsAreShownWhileJobsWait() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Job first = queue.submit("x", new byte[0]);
        Job second = queue.submit("x", new byte[0]);
        assertThat(queue.job(first.id()).orElseThrow().queuePosition()).isEqualTo(1);
        assertThat(queue.job(second.id()).orElseThrow().queuePosition()).isEqualTo(2);
        queue.cancel(first.id());
        assertThat(queue.job(second.id()).orElseThrow().queuePosition()).isEqualTo(1);
        assertThat(queue.job(first.id()).orElseThrow().queuePosition()).isZero();
    }

    @Test
    void aJobKeepsWhatItWasSubmittedWith() {
        JobQueue queue = opened.queue(JobQueue.builder());
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(4));
        Job job = queue.submit(JobRequest.builder("x")
                .priority(3)
                .delay(Duration.ofHours(1))
                .retries(5)
                .backoff(backoff)
                .key("k")
                .labels("red", "blue")
                .build());
        Job found = queue.job(job.id()).orElseThrow();
        assertThat(found.queuePosition()).isEqualTo(1);
        assertThat(found.dueAt()).isEqualTo(job.dueAt());
        assertThat(found.backoff()).isEqualTo(backoff);
        assertThat(job.priority()).isEqualTo(3);
        assertThat(job.dueAt()).isAfter(job.createdAt());
        assertThat(job.maxAttempts()).isEqualTo(6);
        assertThat(job.backoff()).isEqualTo(backoff);
        assertThat(job.key()).isEqualTo("k");
        assertThat(job.labels()).containsExactlyInAnyOrder("red", "blue");
        assertThat(queue.submit(JobRequest.builder("x").key("k").build()).id()).isEqualTo(job.id());
        assertThat(queue.cancel(job.id())).isTrue();
    }

    @Test
    void aDeadLetterIsReadAndRequeuedAndThenSucceeds() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        opened.worker(Worker.builder().queue(queue).handle("x", job -> {
            if (job.attempt() == 1) {
                throw new PermanentFailureException("unreadable", "for now");
            }
            echo(job);
        }));
        byte[] payload = random(100_000);
        Job dead = finished(queue, queue.submit("x", payload));
        assertThat(queue.deadLetters(10, null)).containsExactly(dead);
        assertThat(dead.error().code()).isEqualTo("unreadable");
        assertThat(queue.blobs().open(dead.payload().id())).hasBinaryContent(payload);
        assertThat(queue.requeue(dead.id())).isTrue();
        Job done = finished(queue, dead);
        assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(queue.blobs().open(done.result().id())).hasBinaryContent(payload);
        assertThat(queue.deadLetters(10, null)).isEmpty();
        assertThat(queue.requeue(dead.id())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 100_000})
    void aJobMayHaveTheResultOfAnotherAndKeepsItWhenThatIsRemoved(int size) throws Exception {
        JobQueue queue =
                opened.queue(JobQueue.builder().blobs(new MemoryBlobStore()).capacity(1));
        Worker worker = opened.worker(Worker.builder().queue(queue).handle("echo", JobQueueTest::echo));
        byte[] payload = random(size);
        Job first = finished(queue, queue.submit("echo", payload));
        worker.close();
        queue.submit("x", new byte[0]);
        JobRequest same =
                JobRequest.builder("echo").payload(payload).resultOf(first.id()).build();

        Job second = queue.submit(same);
        Job third = queue.submitAsync(same).get();

        assertThat(List.of(second, third)).allSatisfy(job -> {
            assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(job.attempt()).isZero();
            assertThat(job.payload()).isNull();
            assertThat(job.result().sha256()).isEqualTo(first.result().sha256());
        });
        assertThat(queue.await(second.id()).get()).isEqualTo(second);
        assertThat(queue.remove(first.id())).isTrue();
        assertThat(queue.remove(third.id())).isTrue();
        assertThat(queue.blobs().open(second.result().id())).hasBinaryContent(payload);
        assertThat(queue.remove(second.id())).isTrue();
        await().untilAsserted(() -> assertThat(queue.blobs().ids()).isEmpty());
    }

    @Test
    void aJobRunsIfTheOtherHasNoResult() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Job waiting = queue.submit("x", new byte[0]);
        JobRequest.Builder request = JobRequest.builder("x");

        assertThat(queue.submit(request.resultOf(waiting.id()).build()).state()).isEqualTo(JobState.QUEUED);
        assertThat(queue.submit(request.resultOf("unknown").build()).state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void theKeeperSaysWhichDeadLettersKeepTheirPayload() throws Exception {
        Retention.Keeper keeper = new Retention.Keeper() {
            @Override
            public boolean keeps(Job job, Blob result) {
                return false;
            }

            @Override
            public boolean keepsPayload(Job deadLetter) {
                return !deadLetter.error().permanent();
            }
        };
        JobQueue queue = opened.queue(JobQueue.builder()
                .blobs(new MemoryBlobStore())
                .retention(new Retention(100, Duration.ofDays(1), keeper)));
        opened.worker(Worker.builder().queue(queue).handle("x", job -> {
            if (job.payload().readAllBytes().length == 50_000) {
                throw new PermanentFailureException("unreadable", "for ever");
            }
            throw new IllegalStateException("for now");
        }));

        Job hopeless = finished(queue, queue.submit("x", random(50_000)));
        Job unlucky = finished(
                queue,
                queue.submit(JobRequest.builder("x")
                        .payload(random(60_000))
                        .retries(0)
                        .build()));

        assertThat(queue.deadLetters(10, null)).containsExactly(unlucky, hopeless);
        assertThat(hopeless.payload()).isNull();
        await().untilAsserted(() -> assertThat(queue.blobs().ids())
                .containsExactly(unlucky.payload().id()));
    }

    @Test
    void jobsAreListedFromTheNewestOn() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(0, queue.submit("x", new byte[0]).id());
        }
        assertThat(queue.jobs(3, null)).extracting(Job::id).isEqualTo(ids.subList(0, 3));
        assertThat(queue.jobs(3, ids.get(2))).extracting(Job::id).isEqualTo(ids.subList(3, 5));
    }

    @Test
    void aFullQueueSaysSoAndKeepsNothingOfWhatItRefused() throws Exception {
        MemoryBlobStore blobs = new MemoryBlobStore();
        JobQueue queue = opened.queue(JobQueue.builder().capacity(1).blobs(blobs));
        queue.submit("x", new byte[0]);
        assertThatThrownBy(() -> queue.submit("x", new byte[100_000])).isInstanceOf(QueueFullException.class);
        assertThat(blobs.ids()).isEmpty();
    }

    @Test
    void aSubmitterMayWaitForRoom() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder().capacity(1));
        Job first = queue.submit("x", new byte[0]);
        JobRequest request = JobRequest.builder("x").payload(random(100_000)).build();
        assertThatThrownBy(() -> queue.submit(request, Duration.ofMillis(20))).isInstanceOf(QueueFullException.class);
        CompletableFuture<Job> second = NewThread.supply(() -> {
            try {
                return queue.submit(request, Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> queue.status().waiting() == 1);
        assertThat(queue.status().queued()).isEqualTo(queue.status().capacity());
        queue.cancel(first.id());
        assertThat(queue.job(second.get().id()).orElseThrow().payload().size()).isEqualTo(100_000);
        assertThat(queue.status().waiting()).isZero();
    }

    @Test
    void submittersThatWaitAreServedInTheirOrderAndBeforeOthers() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder().capacity(1));
        Job first = queue.submit("x", new byte[0]);
        List<CompletableFuture<Job>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(queue.submitAsync(JobRequest.builder("x").build()));
        }
        await().until(() -> queue.status().waiting() == 3);
        queue.cancel(first.id());
        Job second = waiting.get(0).get();
        assertThatThrownBy(() -> queue.submit("x", new byte[0])).isInstanceOf(QueueFullException.class);
        assertThat(waiting.get(1)).isNotDone();
        queue.cancel(second.id());
        waiting.get(1).get();
        assertThat(waiting.get(2)).isNotDone();
    }

    @Test
    void aSubmissionThatIsWithdrawnLeavesNothing() throws Exception {
        MemoryBlobStore blobs = new MemoryBlobStore();
        JobQueue queue = opened.queue(JobQueue.builder().capacity(1).blobs(blobs));
        Job first = queue.submit("x", new byte[0]);
        CompletableFuture<Job> waiting = queue.submitAsync(
                JobRequest.builder("x").payload(random(100_000)).build());
        await().until(() -> queue.status().waiting() == 1);
        assertThat(blobs.ids()).hasSize(1);
        assertThat(waiting.cancel(true)).isTrue();
        await().until(() -> queue.status().waiting() == 0);
        assertThat(blobs.ids()).isEmpty();
        queue.cancel(first.id());
        assertThat(queue.jobs(10, null)).extracting(Job::id).containsExactly(first.id());
    }

    @Test
    void aQueueThatDrainsOrClosesSendsSubmittersAway() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder().capacity(1));
        queue.submit("x", new byte[0]);
        CompletableFuture<Job> waiting =
                queue.submitAsync(JobRequest.builder("x").build());
        assertThat(queue.drain(Duration.ZERO)).isFalse();
        assertThatThrownBy(waiting::get).hasCauseInstanceOf(QueueClosedException.class);
        queue.close();
        assertThatThrownBy(queue.submitAsync(JobRequest.builder("x").build())::get)
                .hasCauseInstanceOf(QueueClosedException.class);
    }

    @Test
    void aSubmitterThatIsInterruptedSubmitsNothing() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder().capacity(1));
        queue.submit("x", new byte[0]);
        Thread.currentThread().interrupt();
        JobRequest request = JobRequest.builder("x").build();
        assertThatThrownBy(() -> queue.submit(request, Duration.ofSeconds(30)))
                .isInstanceOf(InterruptedException.class);
        assertThat(queue.status().queued()).isEqualTo(1);
    }

    @Test
    void aBlobThatWasWrittenBeforeIsThePayloadAndIsDeletedAtTheEnd() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder().blobs(new MemoryBlobStore()));
        Blob blob;
        byte[] payload = random(200_000);
        try (BlobWriter writer = queue.blobs().create()) {
            writer.write(payload);
            blob = writer.commit("video/mp4");
        }
        Job job = queue.submit(JobRequest.builder("echo").payload(blob).build());
        assertThat(job.payload()).isEqualTo(blob);
        opened.worker(Worker.builder().queue(queue).handle("echo", JobQueueTest::echo));
        Job done = finished(queue, job);
        assertThat(done.payload()).isNull();
        await().untilAsserted(() ->
                assertThat(queue.blobs().ids()).containsExactly(done.result().id()));
        assertThat(done.result().sha256()).isEqualTo(blob.sha256());
        assertThat(queue.remove(job.id())).isTrue();
        await().untilAsserted(() -> assertThat(queue.blobs().ids()).isEmpty());
        assertThat(queue.job(job.id())).isEmpty();
    }

    @Test
    void aHalfWrittenResultIsNotKept() throws Exception {
        MemoryBlobStore blobs = new MemoryBlobStore();
        JobQueue queue = opened.queue(JobQueue.builder().blobs(blobs));
        opened.worker(Worker.builder().queue(queue).handle("half", job -> {
            OutputStream out = job.result("x/y");
            out.write(new byte[3_000_000]);
            throw new PermanentFailureException("half", "way through");
        }));
        Job done = finished(queue, queue.submit("half", new byte[0]));
        assertThat(done.result()).isNull();
        assertThat(blobs.ids()).isEmpty();
    }

    @Test
    void aQueueThatOpensDeletesBlobsThatNoJobNames() throws Exception {
        FileBlobStore blobs = new FileBlobStore(directory);
        opened.add(blobs);
        try (BlobWriter writer = blobs.create()) {
            writer.write(1);
            writer.commit(null);
        }
        opened.queue(JobQueue.builder().blobs(blobs));
        assertThat(blobs.ids()).isEmpty();
    }

    @Test
    void waitingForAnUnknownJobFails() {
        JobQueue queue = opened.queue(JobQueue.builder());
        assertThatThrownBy(() -> queue.await("no such job").get(1, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(NoSuchElementException.class);
    }

    @Test
    void waitingForAFinishedJobTakesNoTime() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Job job = queue.submit("x", new byte[0]);
        queue.cancel(job.id());
        assertThat(queue.await(job.id())).isCompleted();
    }

    @Test
    void drainingFinishesWhatIsThereAndTakesNothingNew() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        opened.worker(Worker.builder().queue(queue).handle("nap", job -> Thread.sleep(50)));
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            jobs.add(queue.submit("nap", new byte[0]));
        }
        assertThat(queue.drain(Duration.ofSeconds(20))).isTrue();
        assertThat(jobs).allMatch(job -> queue.job(job.id()).orElseThrow().state() == JobState.SUCCEEDED);
        assertThatThrownBy(() -> queue.submit("nap", new byte[0])).isInstanceOf(QueueClosedException.class);
        assertThat(queue.status().accepting()).isFalse();
    }

    @Test
    void drainingWaitsForNoOtherJobsThanThoseThatAreMeant() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        opened.worker(Worker.builder().queue(queue).handle("nap", job -> Thread.sleep(50)));
        Job meant = queue.submit("nap", new byte[0]);
        Job other = queue.submit("nobody handles this", new byte[0]);

        assertThat(queue.drain(Duration.ofSeconds(20), job -> job.type().equals("nap")))
                .isTrue();

        assertThat(queue.job(meant.id()).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(queue.job(other.id()).orElseThrow().state()).isEqualTo(JobState.QUEUED);
        assertThat(queue.status().accepting()).isFalse();
    }

    @Test
    void drainingEndsWhenTheTimeIsOver() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        queue.submit("nobody handles this", new byte[0]);
        assertThat(queue.drain(Duration.ofMillis(50))).isFalse();
    }

    @Test
    void nobodyIsAskedWhetherADrainIsDoneWhenItsTimeIsOver() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        queue.submit("nobody handles this", new byte[0]);
        AtomicInteger asked = new AtomicInteger();
        assertThat(queue.drain(Duration.ofMillis(50), job -> asked.incrementAndGet() > 0))
                .isFalse();
        queue.status();
        int before = asked.get();
        queue.status();
        queue.status();
        assertThat(asked).hasValue(before);
    }

    @Test
    void whatThePredicateOfADrainThrowsComesBackAndTheQueueGoesOn() throws Exception {
        JobQueue queue = opened.queue(JobQueue.builder());
        Job job = queue.submit("nobody handles this", new byte[0]);
        assertThatThrownBy(() -> queue.drain(
                        Duration.ofSeconds(20), waiting -> waiting.key().startsWith("batch")))
                .isInstanceOf(NullPointerException.class);
        assertThat(queue.cancel(job.id())).isTrue();
        assertThat(queue.drain(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void timesMayBeForEver() throws Exception {
        Duration forEver = ChronoUnit.FOREVER.getDuration();
        JobQueue queue = opened.queue(JobQueue.builder().retention(Retention.of(10, forEver)));
        Worker worker = opened.worker(Worker.builder().queue(queue).handle("nap", job -> Thread.sleep(500)));
        Job job = running(queue, queue.submit(JobRequest.builder("nap").build(), forEver));
        assertThat(worker.stop(forEver)).isTrue();
        assertThat(finished(queue, job).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(queue.drain(forEver)).isTrue();
        assertThat(queue.stop(forEver)).isTrue();
    }

    @Test
    void aClosedQueueSaysSo() {
        JobQueue queue = opened.queue(JobQueue.builder());
        Job job = queue.submit("x", new byte[0]);
        CompletableFuture<Job> waiter = queue.await(job.id());
        queue.close();
        queue.close();
        assertThatThrownBy(() -> waiter.get(1, TimeUnit.SECONDS)).hasCauseInstanceOf(QueueClosedException.class);
        assertThatThrownBy(() -> queue.submit("x", new byte[0])).isInstanceOf(QueueClosedException.class);
        assertThatThrownBy(queue::status).isInstanceOf(QueueClosedException.class);
        assertThatThrownBy(() -> queue.await(job.id()).get(1, TimeUnit.SECONDS))
                .hasCauseInstanceOf(QueueClosedException.class);
    }

    static Job finished(JobQueue queue, Job job) throws Exception {
        return queue.await(job.id()).get(30, TimeUnit.SECONDS);
    }

    static List<Job> finished(JobQueue queue, List<Job> jobs) throws Exception {
        List<Job> finished = new ArrayList<>();
        for (Job job : jobs) {
            finished.add(finished(queue, job));
        }
        return finished;
    }

    static Job running(JobQueue queue, Job job) {
        await().until(() -> queue.job(job.id()).orElseThrow().state() == JobState.RUNNING);
        return queue.job(job.id()).orElseThrow();
    }

    private static void echo(JobContext job) throws Exception {
        try (InputStream in = job.payload();
                OutputStream out = job.result("application/x-echo")) {
            assertThat(in.transferTo(out)).isEqualTo(job.payloadSize());
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
