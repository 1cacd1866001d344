package org.nngjava.workers;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What a queue knows of a worker at one moment.
 *
 * @param id unique for each start of a worker
 * @param name the name it was given
 * @param address where it connects from
 * @param types the types of jobs that it handles, sorted
 * @param slots how many jobs it runs at once
 * @param jobs the ids of the jobs that it has, sorted
 * @param finished how many attempts it ended, well or badly
 * @param responsive false once it missed two heartbeats; it gets no jobs then
 * @param since when it was first heard of
 * @param lastHeard when it was last heard of
 * @param labels the groups that it belongs to
 * @param mode what it does with jobs, or will as soon as it hears of its last order
 * @param figures what it counted, as it said last
 */
public record WorkerStatus(
        String id,
        String name,
        String address,
        List<String> types,
        int slots,
        List<String> jobs,
        long finished,
        boolean responsive,
        Instant since,
        Instant lastHeard,
        Set<String> labels,
        WorkerMode mode,
        WorkerFigures figures) {
    /** Copies lists and labels. */
    public WorkerStatus {
        types = List.copyOf(types);
        jobs = List.copyOf(jobs);
        labels = Set.copyOf(labels);
    }
}
