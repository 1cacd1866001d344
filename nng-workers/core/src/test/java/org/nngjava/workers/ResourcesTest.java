package org.nngjava.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** What a queue takes of the process, and that it gives it back. */
@Timeout(60)
@Isolated("counts the threads and files of the process")
class ResourcesTest {
    @Test
    void fiveHundredWaitersCostNoThreads() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        try (JobQueue queue = JobQueue.builder().open();
                Worker worker = Worker.builder()
                        .queue(queue)
                        .handle("x", job -> finish.await())
                        .start()) {
            Job job = JobQueueTest.running(queue, queue.submit("x", new byte[0]));
            List<CompletableFuture<Job>> waiters = new ArrayList<>();
            waiters.add(queue.await(job.id()));
            int threads = Thread.getAllStackTraces().size();
            for (int i = 0; i < 499; i++) {
                waiters.add(queue.await(job.id()));
            }
            assertThat(Thread.getAllStackTraces()).hasSizeLessThanOrEqualTo(threads + 2);
            waiters.get(7).cancel(true);
            finish.countDown();
            for (int i = 0; i < waiters.size(); i++) {
                if (i != 7) {
                    Job done = waiters.get(i).get(10, TimeUnit.SECONDS);
                    assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
                    assertThat(done.worker()).isEqualTo(worker.name());
                }
            }
        }
    }

    @Test
    void closingLeavesNoThreadAndNoFileOpen() throws Exception {
        useOnce(); // What the libraries open once and for all.
        long files = openFiles();
        for (int i = 0; i < 5; i++) {
            useOnce();
        }
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(threads()).isEmpty();
            assertThat(openFiles()).isLessThanOrEqualTo(files);
        });
    }

    private static void useOnce() throws Exception {
        try (JobQueue queue = JobQueue.builder()
                        .listen("tcp://127.0.0.1:0")
                        .events("tcp://127.0.0.1:0")
                        .open();
                Worker near = Worker.builder()
                        .queue(queue)
                        .slots(3)
                        .handle("x", job -> {})
                        .start();
                Worker far = Worker.builder()
                        .connect(queue.workUrls().get(0))
                        .slots(20)
                        .handle("x", job -> {})
                        .start()) {
            List<Job> jobs = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                jobs.add(queue.submit("x", new byte[20_000]));
            }
            JobQueueTest.finished(queue, jobs);
            queue.submit("nobody handles this", new byte[0]);
            assertThat(near.stop(Duration.ofSeconds(5))).isTrue();
            assertThat(far.stop(Duration.ofSeconds(5))).isTrue();
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("nng-worker"))
                .toList();
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }
}
