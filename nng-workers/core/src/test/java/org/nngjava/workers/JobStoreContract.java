package org.nngjava.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every job store does. */
abstract class JobStoreContract {
    abstract JobStore store();

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
        store().remove(List.of("b", "never known")).toCompletableFuture().join();
        assertThat(store().find("b")).isEmpty();
        assertThat(ids(store().list(10, "b"))).containsExactly("a");
    }

    private void save(StoredJob... jobs) {
        store().save(List.of(jobs)).toCompletableFuture().join();
    }

    private static List<String> ids(List<StoredJob> jobs) {
        return jobs.stream().map(stored -> stored.job().id()).toList();
    }

    private static StoredJob job(String id, JobState state) {
        Instant at = Instant.parse("2026-01-02T03:04:05.678Z");
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
                Duration.ofMinutes(10));
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
