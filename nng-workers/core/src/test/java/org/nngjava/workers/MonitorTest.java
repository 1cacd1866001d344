package org.nngjava.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class MonitorTest {
    private static final Duration HEARTBEAT = Duration.ofMillis(300);

    @TempDir
    Path directory;

    @AutoClose
    private final Opened opened = new Opened();

    private final List<String> seen = new CopyOnWriteArrayList<>();

    @Test
    void itKeepsWhatTheQueueAndItsWorkersCount() throws Exception {
        JobQueue queue = queue("tcp://127.0.0.1:0");
        Monitor monitor = monitor(queue.eventUrls().get(0));
        opened.add(Worker.builder()
                .queue(queue)
                .name("ann")
                .labels("gpu")
                .slots(2)
                .handle("x", job -> {})
                .start());
        for (int i = 0; i < 3; i++) {
            JobQueueTest.finished(queue, queue.submit("x", new byte[0]));
        }
        queue.submit("nobody handles this", new byte[0]);
        await().until(() -> monitor.queue().isPresent());
        await().untilAsserted(() -> {
            QueueReport report = monitor.queue().orElseThrow();
            assertThat(report.presence()).isEqualTo(Presence.ALIVE);
            assertThat(report.status().queued()).isEqualTo(1);
            assertThat(report.status().capacity()).isEqualTo(10_000);
            assertThat(report.figures().succeeded()).isEqualTo(3);
            assertThat(report.figures().runTime().count()).isEqualTo(3);
            assertThat(monitor.workers()).singleElement().satisfies(worker -> {
                assertThat(worker.name()).isEqualTo("ann");
                assertThat(worker.labels()).containsExactly("gpu");
                assertThat(worker.slots()).isEqualTo(2);
                assertThat(worker.figures().succeeded()).isEqualTo(3);
            });
        });
    }

    @Test
    void itKnowsWhatSocketsCarriedAndHowLongJobsTook() throws Exception {
        JobQueue queue = queue("tcp://127.0.0.1:0");
        Monitor monitor = monitor(queue.eventUrls().get(0));
        byte[] payload = new byte[100_000];
        opened.add(Worker.builder()
                .connect(queue.workUrls().get(0))
                .handle("x", job -> {
                    job.payload().readAllBytes();
                    job.result(new byte[50_000]);
                })
                .start());
        JobQueueTest.finished(queue, queue.submit("x", payload));
        await().untilAsserted(() -> assertThat(monitor.workers())
                .singleElement()
                .satisfies(worker -> {
                    assertThat(worker.figures().traffic().receivedBytes()).isBetween(100_000L, 150_000L);
                    assertThat(worker.figures().traffic().sentBytes()).isBetween(50_000L, 100_000L);
                    assertThat(worker.figures().traffic().sentMessages()).isPositive();
                    assertThat(worker.figures().runTime().count()).isEqualTo(1);
                    assertThat(worker.figures().runTime().maxMicros()).isPositive();
                }));
        await().untilAsserted(() -> {
            Traffic traffic = monitor.queue().orElseThrow().figures().traffic();
            assertThat(traffic.sentBytes()).isGreaterThan(100_000);
            assertThat(traffic.receivedBytes()).isBetween(50_000L, 100_000L);
        });
    }

    @Test
    void whatAConnectionCarriedIsRememberedWhenItIsGone() throws Exception {
        JobQueue queue = queue("tcp://127.0.0.1:0");
        Worker worker = opened.add(Worker.builder()
                .connect(queue.workUrls().get(0))
                .handle("x", job -> job.result(new byte[50_000]))
                .start());
        JobQueueTest.finished(queue, queue.submit("x", new byte[0]));
        await().until(() -> queue.figures().traffic().receivedBytes() > 50_000);
        worker.close();
        await().until(() -> queue.workers().isEmpty());
        opened.add(Worker.builder()
                .connect(queue.workUrls().get(0))
                .handle("x", job -> job.result(new byte[50_000]))
                .start());
        JobQueueTest.finished(queue, queue.submit("x", new byte[0]));
        await().until(() -> queue.figures().traffic().receivedBytes() > 100_000);
    }

    @Test
    void aWorkerThatIsKilledOrStoppedIsReportedWithoutAWordOfItsOwn() throws Exception {
        JobQueue queue = queue("tcp://127.0.0.1:0");
        Monitor monitor = monitor(queue.eventUrls().get(0));
        WorkerProcess victim = process(queue, "victim");
        WorkerProcess sleeper = process(queue, "sleeper");
        awaitPresence(monitor, "victim", Presence.ALIVE);
        awaitPresence(monitor, "sleeper", Presence.ALIVE);
        victim.kill();
        awaitPresence(monitor, "victim", Presence.DEAD);
        sleeper.freeze();
        awaitPresence(monitor, "sleeper", Presence.SILENT);
        sleeper.thaw();
        awaitPresence(monitor, "sleeper", Presence.ALIVE);
        assertThat(seen).contains("victim ALIVE", "victim DEAD", "sleeper ALIVE", "sleeper SILENT");
    }

    @Test
    void aWorkerThatStopsSaysGoodbye() throws Exception {
        JobQueue queue = queue("tcp://127.0.0.1:0");
        monitor(queue.eventUrls().get(0));
        Worker worker = opened.add(
                Worker.builder().queue(queue).name("ann").handle("x", job -> {}).start());
        await().until(() -> seen.contains("ann ALIVE"));
        worker.close();
        await().until(() -> seen.contains("ann LEFT"));
        assertThat(seen).doesNotContain("ann DEAD");
    }

    @Test
    void aQueueThatCannotBeHeardIsMissedAndFoundAgain() throws Exception {
        JobQueue queue = queue("tcp://127.0.0.1:0");
        Relay relay = new Relay(queue.eventUrls().get(0));
        opened.add(relay);
        Monitor monitor = monitor(relay.url());
        await().until(() -> seen.contains("queue ALIVE"));
        relay.cut();
        await().until(() -> seen.contains("queue SILENT"));
        assertThat(monitor.queue().orElseThrow().presence()).isEqualTo(Presence.SILENT);
        relay.mend();
        await().until(() -> seen.lastIndexOf("queue ALIVE") > seen.indexOf("queue SILENT"));
    }

    @Test
    void aMonitorMayBeStartedBeforeItsQueueAndOutlivesIt() throws Exception {
        String url = "ipc://" + directory.resolve("events");
        Monitor monitor = monitor(url);
        assertThat(monitor.queue()).isEmpty();
        JobQueue first = queue(url);
        await().until(() -> seen.contains("queue ALIVE"));
        String id = monitor.queue().orElseThrow().id();
        first.close();
        await().until(() -> seen.contains("queue LEFT") || seen.contains("queue SILENT"));
        queue(url);
        await().until(() -> !monitor.queue().orElseThrow().id().equals(id));
        assertThat(monitor.queue().orElseThrow().presence()).isEqualTo(Presence.ALIVE);
    }

    @Test
    void aWorkerThatWentWhileItsQueueWasAwayIsGivenUpWhenTheNextOneDoesNotKnowIt() throws Exception {
        String url = "ipc://" + directory.resolve("events");
        Monitor monitor = monitor(url);
        JobQueue first = queue(url);
        WorkerProcess victim = process(first, "victim");
        awaitPresence(monitor, "victim", Presence.ALIVE);
        first.close();
        victim.kill();
        queue(url);
        awaitPresence(monitor, "victim", Presence.DEAD);
    }

    private static void awaitPresence(Monitor monitor, String worker, Presence presence) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> monitor.workers().stream()
                        .anyMatch(report -> report.name().equals(worker) && report.presence() == presence));
    }

    private JobQueue queue(String events) {
        return opened.add(JobQueue.builder()
                .listen("tcp://127.0.0.1:0")
                .events(events)
                .heartbeat(HEARTBEAT)
                .lease(HEARTBEAT.multipliedBy(20))
                .open());
    }

    private Monitor monitor(String url) {
        return opened.add(Monitor.builder(url)
                .onQueue(report -> seen.add("queue " + report.presence()))
                .onWorker(report -> seen.add(report.name() + " " + report.presence()))
                .start());
    }

    private WorkerProcess process(JobQueue queue, String name) throws Exception {
        return opened.add(WorkerProcess.start(queue.workUrls().get(0), name, "-Xmx64m"));
    }
}
