package org.nngjava.workers;

/**
 * A queue in figures, at one moment.
 *
 * @param queued jobs that wait for a worker or for their next attempt
 * @param running jobs that a worker has
 * @param succeeded finished jobs that are still remembered, and so for the next two
 * @param failed jobs given up
 * @param cancelled jobs cancelled
 * @param capacity how many may be queued; one more is refused
 * @param waiting submitters that wait for room
 * @param workers workers known to be alive
 * @param slots jobs that they can run at once
 * @param idle slots that wait for a job
 * @param accepting false once the queue drains or is closed
 */
public record QueueStatus(
        int queued,
        int running,
        int succeeded,
        int failed,
        int cancelled,
        int capacity,
        int waiting,
        int workers,
        int slots,
        int idle,
        boolean accepting) {}
