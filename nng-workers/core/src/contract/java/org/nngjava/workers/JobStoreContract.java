package org.nngjava.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What every job store does. */
public abstract class JobStoreContract {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

    /** The store under test, empty at first; the same one during a test. */
    protected abstract JobStore store();

    @Test
    void whatIsSavedCanBeFoundWithAllThatBelongsToIt() {
        StoredJob job = job("a", JobState.RUNNING);
        save(job);
        assertThat(store().find("a")).contains(job);
        assertThat(store().load()).containsExactly(job);
        assertThat(store().find("b")).isEmpty();
    }

    @Test
    void theLastSavedStateCounts() {
        save(job("a", JobState.QUEUED));
        StoredJob later = job("a", JobState.SUCCEEDED);
        save(later);
        assertThat(store().find("a")).contains(later);
        assertThat(store().load()).containsExactly(later);
    }

    @Test
    void theListBeginsWithTheNewestAndGoesOnWhereItEnded() {
        save(
                job("b", JobState.QUEUED),
                job("d", JobState.QUEUED),
                job("a", JobState.QUEUED),
                job("c", JobState.QUEUED));
        assertThat(ids(store().list(2, null))).containsExactly("d", "c");
        assertThat(ids(store().list(2, "c"))).containsExactly("b", "a");
        assertThat(ids(store().list(2, "a"))).isEmpty();
        assertThat(ids(store().load())).containsExactly("a", "b", "c", "d");
    }

    @Test
    void theListGoesOnAfterAJobThatIsForgotten() {
        save(job("a", JobState.QUEUED), job("b", JobState.QUEUED), job("c", JobState.QUEUED));
        store().save(List.of(), List.of("b", "never known"))
                .toCompletableFuture()
                .join();
        assertThat(store().find("b")).isEmpty();
        assertThat(ids(store().list(10, "b"))).containsExactly("a");
    }

    @Test
    void whatIsSavedAndForgottenInOneGoIsForgotten() {
        save(job("a", JobState.QUEUED));
        store().save(List.of(job("a", JobState.SUCCEEDED), job("b", JobState.QUEUED)), List.of("a"))
                .toCompletableFuture()
                .join();
        assertThat(ids(store().load())).containsExactly("b");
    }

    @Test
    void aJobThatIsNewHasLittleMoreThanItsName() {
        Job bare = new Job(
                "a",
                "x",
                JobState.QUEUED,
                Map.of(),
                null,
                null,
                null,
                0,
                1,
                0,
                0,
                null,
                AT,
                null,
                null,
                Duration.ZERO,
                0,
                null,
                null,
                null,
                null);
        StoredJob job = new StoredJob(bare, null, 0, List.of(), null, null, null);
        save(job);
        assertThat(store().find("a")).contains(job);
    }

    @Test
    void anyTextAndAnyBytesComeBackAsTheyWere() {
        String text = "\u0000 \" \\ '; DROP TABLE jobs; -- \u00e4\u20ac \ud83c\udfac \n\u2028";
        byte[] bytes = new byte[16 * 1024];
        new Random(1).nextBytes(bytes);
        Job odd = new Job(
                "a",
                text,
                JobState.FAILED,
                Map.of(text, text, "", ""),
                null,
                null,
                new JobError("code", text, true),
                1,
                1,
                1.0 / 3,
                0,
                text,
                AT.plusNanos(1),
                AT,
                AT,
                Duration.ofNanos(1),
                Integer.MIN_VALUE,
                Set.of(text, ""),
                text,
                new Backoff(Duration.ofNanos(1), Duration.ofDays(9)),
                AT.plusNanos(2));
        StoredJob job = new StoredJob(
                odd, null, 0, List.of(), null, ByteBuffer.wrap(bytes, 1, 9).slice(), ByteBuffer.wrap(bytes));
        save(job);
        assertThat(store().find("a")).contains(job);
    }

    @Test
    void manyMaySaveAtOnce() {
        List<CompletableFuture<Void>> saves = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            saves.add(store().save(List.of(job("%03d".formatted(i), JobState.QUEUED)), List.of())
                    .toCompletableFuture());
        }
        CompletableFuture.allOf(saves.toArray(CompletableFuture[]::new)).join();
        assertThat(store().load()).hasSize(500);
        assertThat(ids(store().list(2, null))).containsExactly("499", "498");
    }

    /** Saves and waits until it is done. */
    protected final void save(StoredJob... jobs) {
        store().save(List.of(jobs), List.of()).toCompletableFuture().join();
    }

    /** The ids, in the order given. */
    protected static List<String> ids(List<StoredJob> jobs) {
        return jobs.stream().map(stored -> stored.job().id()).toList();
    }

    /** A job with all that a job can have. */
    protected static StoredJob job(String id, JobState state) {
        Instant at = AT;
        Job job = new Job(
                id,
                "gif",
                state,
                Map.of("width", "480"),
                new Blob("p", 5, "video/mp4", "00"),
                new Blob("r", 6, null, "01"),
                new JobError("code", "message", false),
                2,
                3,
                0.5,
                0,
                "ann",
                at,
                at.plusSeconds(1),
                at.plusSeconds(2),
                Duration.ofMinutes(10),
                7,
                Set.of("mine"),
                "key",
                new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(9)),
                null);
        return new StoredJob(
                job,
                new Lease(id, 2, "token", "worker-id"),
                1,
                List.of("token-of-a-dead-one"),
                at.plusSeconds(3),
                ByteBuffer.wrap(new byte[] {1, 2}),
                ByteBuffer.wrap(new byte[] {3}));
    }
}
