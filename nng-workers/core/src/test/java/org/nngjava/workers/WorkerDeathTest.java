package org.nngjava.workers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers in processes of their own that die, freeze and come back. */
@Timeout(90)
class WorkerDeathTest {
    private static final Duration LEASE = Duration.ofMillis(1_500);
    private static final Duration HEARTBEAT = Duration.ofMillis(300);

    @TempDir
    Path directory;

    @AutoClose
    private final Opened opened = new Opened();

    private final Map<String, WorkerProcess> workers = new HashMap<>();

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "ipc"})
    void theJobOfAKilledWorkerStartsAgainOnAnother(String transport) throws Exception {
        String url = transport.equals("tcp") ? "tcp://127.0.0.1:0" : "ipc://" + directory.resolve("q");
        JobQueue queue = opened.queue(JobQueue.builder().listen(url));
        startWorkers(queue, "ann", "bob");
        Path file = directory.resolve("finish");
        Job job = submitAwaitFile(queue, file);
        Job first = JobQueueTest.running(queue, job);
        WorkerProcess victim = workers.get(first.worker());
        await().until(() -> victim.output().contains("started " + job.id() + " 1"));
        var waiter = queue.await(job.id());

        Instant killed = Instant.now();
        victim.kill();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> queue.job(job.id()).orElseThrow().attempt() == 2);

        Job second = queue.job(job.id()).orElseThrow();
        Duration pause = Duration.between(killed, second.startedAt());
        measured("from kill -9 to the second start over " + transport, pause.toMillis() + " ms");
        assertThat(second.worker()).isNotEqualTo(first.worker());
        assertThat(pause).isLessThan(Duration.ofSeconds(2));
        Files.createFile(file);
        assertThat(waiter.get(10, TimeUnit.SECONDS).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(queue.workers()).extracting(WorkerStatus::name).containsExactly(second.worker());
    }

    @Test
    void aFrozenWorkerLosesItsLeaseAndItsLateResultIsRefused() throws Exception {
        JobQueue queue = opened.queue(
                JobQueue.builder().listen("tcp://127.0.0.1:0").lease(LEASE).heartbeat(HEARTBEAT));
        List<JobEvent> events = new CopyOnWriteArrayList<>();
        queue.events(events::add);
        startWorkers(queue, "ann", "bob");
        Path file = directory.resolve("finish");
        Job job = submitAwaitFile(queue, file);
        Job first = JobQueueTest.running(queue, job);
        WorkerProcess sleeper = workers.get(first.worker());
        await().until(() -> sleeper.output().contains("started " + job.id() + " 1"));

        Instant frozen = Instant.now();
        sleeper.freeze();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> queue.job(job.id()).orElseThrow().attempt() == 2);
        Job second = queue.job(job.id()).orElseThrow();
        measured(
                "from SIGSTOP to the second start, lease " + LEASE.toMillis() + " ms",
                Duration.between(frozen, second.startedAt()).toMillis() + " ms");
        assertThat(second.worker()).isNotEqualTo(first.worker());

        // Both may finish now; the sleeper wakes first, so that its result comes in while the other still works.
        workers.get(second.worker()).freeze();
        Files.createFile(file);
        sleeper.thaw();
        await().during(Duration.ofMillis(500))
                .until(() -> queue.job(job.id()).orElseThrow().state() != JobState.SUCCEEDED);
        workers.get(second.worker()).thaw();

        Job done = JobQueueTest.finished(queue, job);
        assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(queue.blobs().open(done.result().id()))
                .hasBinaryContent(done.worker().getBytes(UTF_8));
        assertThat(sleeper.isAlive()).isTrue();
        await().untilAsserted(() -> assertThat(queue.status().idle()).isEqualTo(2));
        await().untilAsserted(() -> assertThat(events)
                .filteredOn(event -> event.state() == JobState.SUCCEEDED)
                .hasSize(1));
    }

    @Test
    void aFrozenWorkerThatWaitsGetsNoJob() throws Exception {
        JobQueue queue = opened.queue(
                JobQueue.builder().listen("tcp://127.0.0.1:0").lease(LEASE).heartbeat(HEARTBEAT));
        startWorkers(queue, "ann");
        workers.get("ann").freeze();
        await().until(() -> queue.workers().stream().noneMatch(WorkerStatus::responsive));
        Job job = submitSleep(queue, 0);
        await().during(Duration.ofMillis(300))
                .until(() -> queue.job(job.id()).orElseThrow().attempt() == 0);
        workers.get("ann").thaw();
        assertThat(JobQueueTest.finished(queue, job).attempt()).isEqualTo(1);
    }

    @Test
    void aJobThatKillsItsWorkersIsSetAside() throws Exception {
        JobQueue queue =
                opened.queue(JobQueue.builder().listen("tcp://127.0.0.1:0").grace(Duration.ofMillis(200)));
        startWorkers(queue, "ann", "bob", "cat");
        Job done = JobQueueTest.finished(queue, queue.submit("exit", new byte[0]));
        assertThat(done.state()).isEqualTo(JobState.FAILED);
        assertThat(done.error().code()).isEqualTo(JobError.POISON);
        assertThat(done.attempt()).isEqualTo(3);
    }

    @Test
    void aPayloadOf200MegabytesGoesInAndOutInLittleMemory() throws Exception {
        long size = 200L << 20;
        FileBlobStore blobs = new FileBlobStore(directory.resolve("blobs"));
        opened.add(blobs);
        JobQueue queue =
                opened.queue(JobQueue.builder().listen("tcp://127.0.0.1:0").blobs(blobs));
        WorkerProcess worker = WorkerProcess.start(queue.workUrls().get(0), "small", "-Xmx32m");
        opened.add(worker);
        Blob payload;
        try (BlobWriter writer = queue.blobs().create()) {
            byte[] block = new byte[1 << 20];
            for (long written = 0; written < size; written += block.length) {
                java.util.Arrays.fill(block, (byte) (written >> 20));
                writer.write(block);
            }
            payload = writer.commit(null);
        }
        Job job = queue.submit(JobRequest.builder("echo").payload(payload).build());
        Job done = JobQueueTest.finished(queue, job);
        measured("200 MiB in and out", done.runTime().toMillis() + " ms");
        assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(done.result().size()).isEqualTo(size);
        assertThat(done.result().sha256()).isEqualTo(payload.sha256());
        String resident = await().until(
                        () -> worker.output().stream()
                                .filter(line -> line.startsWith("resident "))
                                .findFirst()
                                .orElse(null),
                        line -> line != null);
        measured("most memory resident in the worker", resident);
        assertThat(Long.parseLong(resident.substring(9))).isLessThan(200L << 20);
    }

    private static void measured(String what, String figure) {
        System.out.println("measured: " + what + ": " + figure);
    }

    private void startWorkers(JobQueue queue, String... names) throws Exception {
        for (String name : names) {
            WorkerProcess worker = WorkerProcess.start(queue.workUrls().get(0), name, "-Xmx64m");
            workers.put(name, worker);
            opened.add(worker);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> queue.status().idle() == names.length);
    }

    private static Job submitAwaitFile(JobQueue queue, Path file) {
        return queue.submit(JobRequest.builder("await-file")
                .options(Map.of("file", file.toString()))
                .build());
    }

    private static Job submitSleep(JobQueue queue, long millis) {
        return queue.submit(JobRequest.builder("sleep")
                .options(Map.of("ms", Long.toString(millis)))
                .build());
    }
}
