package org.nngjava.workers.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobState;

@Timeout(30)
class WatchTest {
    private static final Duration NEVER = Duration.ofHours(1);

    private final Map<String, Job> jobs = new ConcurrentHashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private Watch watch;

    @BeforeEach
    void oneJobIsQueued() {
        jobs.put("a", job("a", JobState.QUEUED));
    }

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void theEndOfAJobIsNoticedWhenItIsHeard() throws Exception {
        open(NEVER);
        CompletableFuture<Job> waiter = watch.await("a");
        jobs.put("a", job("a", JobState.SUCCEEDED));
        hear("a", JobState.SUCCEEDED);
        assertThat(waiter.get(5, TimeUnit.SECONDS).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void whatCountsIsTheStateAndNotTheEvent() {
        open(NEVER);
        CompletableFuture<Job> waiter = watch.await("a");
        hear("a", JobState.SUCCEEDED);
        await().until(() -> reads.get() >= 2);
        assertThat(waiter).isNotDone();
    }

    @Test
    void listenersAreToldOfEachChangeInOrder() {
        open(NEVER);
        List<Long> numbers = new CopyOnWriteArrayList<>();
        watch.listen(event -> numbers.add(event.number()));
        for (int i = 0; i < 3; i++) {
            hear("a", JobState.RUNNING);
        }
        await().until(() -> numbers.equals(List.of(1L, 2L, 3L)));
    }

    @Test
    void aListenerThatIsTooSlowSeesAGapAndTheWaitersAreToldAllTheSame() throws Exception {
        open(NEVER);
        CountDownLatch goOn = new CountDownLatch(1);
        Set<Long> numbers = ConcurrentHashMap.newKeySet();
        watch.listen(event -> {
            awaitUninterruptibly(goOn);
            numbers.add(event.number());
        });
        CompletableFuture<Job> waiter = watch.await("a");
        int heard = 10_000;
        for (int i = 1; i < heard; i++) {
            hear("b", JobState.RUNNING);
        }
        jobs.put("a", job("a", JobState.FAILED));
        hear("a", JobState.FAILED);
        goOn.countDown();
        assertThat(waiter.get(5, TimeUnit.SECONDS).state()).isEqualTo(JobState.FAILED);
        assertThat(numbers).contains(1L).doesNotContain((long) heard);
        hear("b", JobState.RUNNING);
        await().until(() -> numbers.contains(heard + 1L));
    }

    @Test
    void aListenerThatFailsIsToldTheNextAsWell() {
        open(NEVER);
        AtomicInteger told = new AtomicInteger();
        watch.listen(event -> {
            told.incrementAndGet();
            throw new AssertionError("a test");
        });
        hear("a", JobState.RUNNING);
        hear("a", JobState.RUNNING);
        await().until(() -> told.get() == 2);
    }

    @Test
    void whatIsNotHeardIsNoticedAllTheSame() throws Exception {
        open(Duration.ofMillis(100));
        CompletableFuture<Job> waiter = watch.await("a");
        jobs.put("a", job("a", JobState.SUCCEEDED));
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
        watch = new Watch(this::read, readAgain);
        watch.start();
    }

    private Optional<Job> read(String id) {
        reads.incrementAndGet();
        if (id.equals("broken") && !jobs.containsKey(id)) {
            throw new IllegalStateException("the store is away");
        }
        return Optional.ofNullable(jobs.get(id));
    }

    private void hear(String id, JobState state) {
        watch.hear(job(id, state), 0, Instant.now());
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
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
