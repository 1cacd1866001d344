package org.nngjava.workers;

import java.time.Instant;
import java.util.Set;

/**
 * What a {@link Monitor} knows of a worker.
 *
 * @param id unique for each start of a worker
 * @param name for people
 * @param presence whether it is there
 * @param slots how many jobs it runs at once
 * @param labels the groups that it belongs to
 * @param mode what it does with jobs
 * @param figures what it counts
 * @param at when the queue said so
 */
public record WorkerReport(
        String id,
        String name,
        Presence presence,
        int slots,
        Set<String> labels,
        WorkerMode mode,
        WorkerFigures figures,
        Instant at) {
    /** Copies the labels. */
    public WorkerReport {
        labels = labels == null ? Set.of() : Set.copyOf(labels);
    }
}
