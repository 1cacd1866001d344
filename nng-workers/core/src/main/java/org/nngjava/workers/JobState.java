package org.nngjava.workers;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Where a job stands. The table in this class holds every transition that is allowed; there are no others. */
public enum JobState {
    /** Accepted and waiting for a worker, or for the time of its next attempt. */
    QUEUED,
    /** Leased to a worker. */
    RUNNING,
    /** Done; its result, if it has one, is stored. */
    SUCCEEDED,
    /** Given up, a dead letter; {@link Job#error()} says why. It stays so unless somebody requeues it. */
    FAILED,
    /** Cancelled by request before it was done. */
    CANCELLED;

    private static final Map<JobState, Set<JobState>> ALLOWED = new EnumMap<>(Map.of(
            QUEUED, EnumSet.of(RUNNING, CANCELLED),
            RUNNING, EnumSet.of(QUEUED, SUCCEEDED, FAILED, CANCELLED),
            SUCCEEDED, EnumSet.noneOf(JobState.class),
            FAILED, EnumSet.of(QUEUED),
            CANCELLED, EnumSet.noneOf(JobState.class)));

    /**
     * Tells whether a job in this state is finished: nothing happens to it any more by itself.
     *
     * @return true for SUCCEEDED, FAILED and CANCELLED
     */
    public boolean isFinal() {
        return this != QUEUED && this != RUNNING;
    }

    /**
     * Tells whether a job in this state may change to another.
     *
     * @param next the state to change to
     * @return true if the table allows it
     */
    public boolean allows(JobState next) {
        return ALLOWED.get(this).contains(next);
    }
}
