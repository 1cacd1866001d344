package org.nngjava.workers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DeferTest {
    private static final CountDownLatch BEGUN = new CountDownLatch(1);
    private static final CountDownLatch INTERRUPTED = new CountDownLatch(1);

    private final List<AutoCloseable> opened = new ArrayList<>();

    record Sum(List<Long> numbers) implements Task<Long> {
        boolean isEmpty() { // which is no component
            return numbers.isEmpty();
        }

        @Override
        public Long run(JobContext job) {
            return numbers.stream().mapToLong(Long::longValue).sum();
        }
    }

    record Facts(String name, Duration time, Instant at, Map<String, List<Integer>> more) {}

    record Tell(Facts facts, Thread.State state) implements Task<List<Facts>> {
        @Override
        public List<Facts> run(JobContext job) {
            return List.of(facts, new Facts(state.name(), Duration.ZERO, Instant.EPOCH, Map.of()));
        }
    }

    record Nothing() implements Task<Void> {
        @Override
        public Void run(JobContext job) {
            return null;
        }
    }

    record Twice(String text) implements Task<String> {
        @Override
        public String run(JobContext job) {
            return text + text;
        }
    }

    record Fail(boolean forGood) implements Task<String> {
        @Override
        public String run(JobContext job) throws Exception {
            if (forGood) {
                throw new PermanentFailureException("no", "not like this");
            }
            throw new IllegalStateException("attempt " + job.attempt());
        }
    }

    record Hang() implements Task<Void> {
        @Override
        public Void run(JobContext job) throws InterruptedException {
            BEGUN.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                INTERRUPTED.countDown();
                throw e;
            }
            return null;
        }
    }

    record Stranger(Thread thread) implements Task<Void> {
        @Override
        public Void run(JobContext job) {
            return null;
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    @Test
    void aTaskRunsElsewhereAndItsResultComesBack() throws Exception {
        JobQueue queue = queue(Sum.class);

        assertThat(queue.defer(new Sum(List.of(1L, 2L, 3_000_000_000L))).get()).isEqualTo(3_000_000_003L);
    }

    @Test
    void recordsOfAllSortsTravelBothWays() throws Exception {
        JobQueue queue = queue(Tell.class);
        Facts facts = new Facts("\u00e4\u20ac", Duration.ofMillis(1), Instant.now(), Map.of("a", List.of(1, 2)));

        List<Facts> told = queue.defer(new Tell(facts, Thread.State.WAITING)).get();

        assertThat(told.get(0)).isEqualTo(facts);
        assertThat(told.get(1).name()).isEqualTo("WAITING");
    }

    @Test
    void aTaskMayGiveNothing() throws Exception {
        assertThat(queue(Nothing.class).defer(new Nothing()).get()).isNull();
    }

    @Test
    void whatIsTooLongForOneMessageTravelsAsWell() throws Exception {
        String text = "0123456789".repeat(4_000);

        assertThat(queue(Twice.class).defer(new Twice(text)).get()).isEqualTo(text + text);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTaskThatIsGivenUpSaysWhy(boolean forGood) {
        JobQueue queue = queue(Fail.class);

        CompletableFuture<String> result = queue.defer(
                new Fail(forGood), job -> job.retries(1).backoff(new Backoff(Duration.ZERO, Duration.ZERO)));

        assertThatThrownBy(result::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(JobFailedException.class, failed -> {
                    assertThat(failed.job().error().permanent()).isEqualTo(forGood);
                    assertThat(failed).hasMessageContaining(forGood ? "not like this" : "attempt 2");
                });
    }

    @Test
    void whoeverCancelsTheFutureCancelsTheJob() throws Exception {
        JobQueue queue = queue(Hang.class);
        CompletableFuture<Void> result = queue.defer(new Hang());
        BEGUN.await();

        result.cancel(true);

        INTERRUPTED.await();
        await().until(() -> queue.status().cancelled() == 1);
    }

    @Test
    void aJobThatIsCancelledCancelsTheFuture() {
        JobQueue queue = open(JobQueue.builder().open());
        CompletableFuture<Void> result = queue.defer(new Nothing());

        queue.cancel(queue.jobs(1, null).get(0).id());

        await().until(result::isCancelled);
    }

    @Test
    void whoeverWaitsHearsThatTheQueueIsClosed() {
        JobQueue queue = open(JobQueue.builder().open());
        CompletableFuture<Void> result = queue.defer(new Nothing());

        queue.close();

        assertThatThrownBy(() -> result.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(QueueClosedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"numbers\":[1],\"rounded\":true}", "{}", "no JSON"})
    void aTaskOfAnotherShapeIsNotRunAndNotTriedAgain(String payload) throws Exception {
        JobQueue queue = queue(Sum.class);

        Job done = JobQueueTest.finished(queue, queue.submit(Sum.class.getName(), payload.getBytes(UTF_8)));

        assertThat(done.state()).isEqualTo(JobState.FAILED);
        assertThat(done.attempt()).isEqualTo(1);
        assertThat(done.error().message()).contains("this worker knows another", "DeferTest$Sum");
    }

    @Test
    void whatCannotBeWrittenIsRefusedAtOnce() {
        JobQueue queue = open(JobQueue.builder().open());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> queue.defer(new Stranger(Thread.currentThread())))
                .withMessageContaining("Stranger cannot be written as JSON");
        assertThat(queue.status().queued()).isZero();
    }

    private <T extends Record & Task<?>> JobQueue queue(Class<T> task) {
        JobQueue queue = open(JobQueue.builder().listen("tcp://127.0.0.1:0").open());
        open(Worker.builder().connect(queue.workUrls().get(0)).handle(task).start());
        return queue;
    }

    private <T extends AutoCloseable> T open(T closeable) {
        opened.add(closeable);
        return closeable;
    }
}
