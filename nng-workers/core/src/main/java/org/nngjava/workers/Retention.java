package org.nngjava.workers;

import java.time.Duration;

/**
 * How long a {@link JobQueue} remembers finished jobs. A forgotten job's blobs are deleted, unless the keeper wants them.
 *
 * @param jobs how many finished jobs at most
 * @param age for how long at most
 * @param keeper asked about each result of a job that is forgotten
 */
public record Retention(int jobs, Duration age, Keeper keeper) {
    /** Says which results outlive their job. Called by the queue's thread: answers at once. */
    @FunctionalInterface
    public interface Keeper {
        /**
         * Asked before a result is deleted. A small one, which has no file of its own, is deleted whatever the answer.
         *
         * @param job the job that is forgotten
         * @param result its result
         * @return true if the blob must not be deleted: the keeper has it then, to copy and to delete. No job names it any more,
         *     so the next queue that opens the store deletes it
         */
        boolean keeps(Job job, Blob result);

        /**
         * Asked when a job is given up that has a payload.
         *
         * @param deadLetter the job; {@link Job#error()} says why
         * @return false if it need not be tried again: its payload is deleted at once then. Unless overridden, true
         */
        default boolean keepsPayload(Job deadLetter) {
            return true;
        }
    }

    /** Checks the limits. */
    public Retention {
        if (jobs < 0 || age.isNegative()) {
            throw new IllegalArgumentException("retention of " + jobs + " jobs for " + age);
        }
    }

    /**
     * Remembers a number of jobs for a time and keeps no blobs of others.
     *
     * @param jobs how many finished jobs at most
     * @param age for how long at most
     * @return the retention
     */
    public static Retention of(int jobs, Duration age) {
        return new Retention(jobs, age, (job, result) -> false);
    }
}
