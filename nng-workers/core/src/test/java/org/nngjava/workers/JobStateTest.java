package org.nngjava.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nngjava.workers.JobState.CANCELLED;
import static org.nngjava.workers.JobState.FAILED;
import static org.nngjava.workers.JobState.QUEUED;
import static org.nngjava.workers.JobState.RUNNING;
import static org.nngjava.workers.JobState.SUCCEEDED;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobStateTest {
    @Test
    void aQueuedJobRunsOrIsCancelled() {
        assertThat(nextOf(QUEUED)).containsExactlyInAnyOrder(RUNNING, CANCELLED);
    }

    @Test
    void aRunningJobEndsInAnyWayOrIsQueuedAgain() {
        assertThat(nextOf(RUNNING)).containsExactlyInAnyOrder(QUEUED, SUCCEEDED, FAILED, CANCELLED);
    }

    @ParameterizedTest
    @EnumSource(names = {"SUCCEEDED", "CANCELLED"})
    void aFinishedJobStaysAsItIs(JobState state) {
        assertThat(state.isFinal()).isTrue();
        assertThat(nextOf(state)).isEmpty();
    }

    @Test
    void aDeadLetterIsFinishedAndMayBeRequeued() {
        assertThat(FAILED.isFinal()).isTrue();
        assertThat(nextOf(FAILED)).containsExactly(QUEUED);
    }

    private static Set<JobState> nextOf(JobState state) {
        Set<JobState> next = EnumSet.allOf(JobState.class);
        next.removeIf(other -> !state.allows(other));
        return next;
    }
}
