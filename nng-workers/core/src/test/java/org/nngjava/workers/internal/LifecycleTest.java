package org.nngjava.workers.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobError;
import org.nngjava.workers.JobState;
import org.nngjava.workers.Lease;
import org.nngjava.workers.StoredJob;

class LifecycleTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant T1 = T0.plusSeconds(1);
    private static final Instant T2 = T0.plusSeconds(2);

    private final StoredJob submitted = Lifecycle.submitted("j", Stage.submission("gif"), null, T0);
    private final StoredJob started = Lifecycle.started(submitted, new Lease("j", 1, "t", "w"), "ann", T1);

    @Test
    void timesAreThoseOfTheChanges() {
        Job done = Lifecycle.succeeded(started, null, null, T2).job();
        assertThat(done.createdAt()).isEqualTo(T0);
        assertThat(done.startedAt()).isEqualTo(T1);
        assertThat(done.finishedAt()).isEqualTo(T2);
        assertThat(done.runTime()).isEqualTo(Duration.ofSeconds(1));
        assertThat(submitted.job().runTime()).isZero();
    }

    @Test
    void aFinishedJobNeverChanges() {
        StoredJob done = Lifecycle.succeeded(started, null, null, T2);
        assertThatIllegalStateException().isThrownBy(() -> Lifecycle.cancelled(done, T2));
        assertThatIllegalStateException().isThrownBy(() -> Lifecycle.givenBack(done));
        assertThatIllegalStateException()
                .isThrownBy(() -> Lifecycle.started(done, new Lease("j", 2, "t2", "w"), "ann", T2));
    }

    @Test
    void aQueuedJobCannotSucceed() {
        assertThatIllegalStateException().isThrownBy(() -> Lifecycle.succeeded(submitted, null, null, T1));
    }

    @Test
    void theErrorOfAnAttemptIsKeptUntilOneSucceeds() {
        JobError error = new JobError("oops", "it broke", false);
        StoredJob retried = Lifecycle.failed(started, error, Duration.ofSeconds(5), T2);
        assertThat(retried.job().state()).isEqualTo(JobState.QUEUED);
        assertThat(retried.dueAt()).isEqualTo(T2.plusSeconds(5));
        assertThat(retried.job().error()).isEqualTo(error);
        StoredJob again = Lifecycle.started(retried, new Lease("j", 2, "t2", "w"), "bob", T2);
        assertThat(Lifecycle.succeeded(again, null, null, T2).job().error()).isNull();
    }

    @Test
    void aLeaseIsKeptWhenTheJobIsFinishedSoThatItsReportCanBeRecognised() {
        assertThat(Lifecycle.succeeded(started, null, null, T2).lease().token()).isEqualTo("t");
    }
}
