package org.nngjava.workers.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nngjava.Message;
import org.nngjava.PipeEvent;
import org.nngjava.PubSocket;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobState;

@Timeout(30)
class WatchTest {
    private static final Duration NEVER = Duration.ofHours(1);

    private final String url = "inproc://" + UUID.randomUUID();
    private final Map<String, Job> jobs = new ConcurrentHashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger subscribers = new AtomicInteger();
    private PubSocket publisher;
    private Watch watch;

    @BeforeEach
    void listen() {
        publisher = PubSocket.open();
        publisher.onPipe((event, pipe) -> {
            if (event == PipeEvent.ADD_POST) {
                subscribers.incrementAndGet();
            }
        });
        publisher.listen(url);
        jobs.put("a", job("a", JobState.QUEUED));
    }

    @AfterEach
    void close() {
        watch.close();
        publisher.close();
    }

    @Test
    void theEndOfAJobIsNoticedWhenItIsPublished() throws Exception {
        open(NEVER);
        CompletableFuture<Job> waiter = watch.await("a");
        jobs.put("a", job("a", JobState.SUCCEEDED));
        publish("b1", 1, "a", JobState.SUCCEEDED);
        assertThat(waiter.get(5, TimeUnit.SECONDS).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void whatCountsIsTheStateAndNotTheEvent() {
        open(NEVER);
        publish("b1", 1, "other", JobState.RUNNING);
        CompletableFuture<Job> waiter = watch.await("a");
        publish("b1", 2, "a", JobState.SUCCEEDED);
        await().until(() -> reads.get() >= 2);
        assertThat(waiter).isNotDone();
    }

    @Test
    void aGapInTheNumbersMakesItReadAgain() throws Exception {
        open(NEVER);
        CompletableFuture<Job> waiter = watch.await("a");
        publish("b1", 1, "other", JobState.RUNNING);
        jobs.put("a", job("a", JobState.FAILED));
        publish("b1", 3, "other", JobState.RUNNING);
        assertThat(waiter.get(5, TimeUnit.SECONDS).state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void aNewStartOfTheBrokerMakesItReadAgain() throws Exception {
        open(NEVER);
        publish("b1", 1, "other", JobState.RUNNING);
        CompletableFuture<Job> waiter = watch.await("a");
        jobs.put("a", job("a", JobState.CANCELLED));
        publish("b2", 2, "other", JobState.RUNNING);
        assertThat(waiter.get(5, TimeUnit.SECONDS).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void whatIsNotPublishedIsNoticedAllTheSame() throws Exception {
        open(Duration.ofMillis(100));
        CompletableFuture<Job> waiter = watch.await("a");
        jobs.put("a", job("a", JobState.SUCCEEDED));
        assertThat(waiter.get(5, TimeUnit.SECONDS).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void garbageIsPassedOver() throws Exception {
        open(NEVER);
        CompletableFuture<Job> waiter = watch.await("a");
        publisher.send(Message.of("garbage".getBytes(UTF_8)));
        jobs.put("a", job("a", JobState.SUCCEEDED));
        publish("b1", 1, "a", JobState.SUCCEEDED);
        assertThat(waiter.get(5, TimeUnit.SECONDS).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aStoreThatFailsOnceIsReadAgain() throws Exception {
        open(Duration.ofMillis(100));
        CompletableFuture<Job> waiter = watch.await("broken");
        jobs.put("broken", job("broken", JobState.SUCCEEDED));
        assertThat(waiter.get(5, TimeUnit.SECONDS).state()).isEqualTo(JobState.SUCCEEDED);
    }

    private void open(Duration readAgain) {
        watch = new Watch(url, this::read, readAgain);
        watch.start();
        await().until(() -> subscribers.get() == 1);
    }

    private Optional<Job> read(String id) {
        reads.incrementAndGet();
        if (id.equals("broken") && !jobs.containsKey(id)) {
            throw new IllegalStateException("the store is away");
        }
        return Optional.ofNullable(jobs.get(id));
    }

    private void publish(String broker, long number, String id, JobState state) {
        Bulletin.OfJob bulletin = new Bulletin.OfJob(broker, number, id, "x", state, 1, 0, null, Instant.now());
        publisher.send(Message.of((bulletin.topic() + '\0').getBytes(UTF_8)).append(Ngw1.encode(bulletin)));
    }

    private static Job job(String id, JobState state) {
        return new Job(
                id,
                "x",
                state,
                Map.of(),
                null,
                null,
                null,
                1,
                1,
                0,
                0,
                null,
                Instant.now(),
                null,
                null,
                Duration.ofMinutes(1),
                0,
                null,
                null,
                null,
                null);
    }
}
