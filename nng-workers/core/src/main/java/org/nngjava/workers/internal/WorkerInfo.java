package org.nngjava.workers.internal;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.nngjava.workers.WorkerMode;

/**
 * A worker, as it presents itself with each question and heartbeat.
 *
 * @param id unique for each start of a worker
 * @param name for people
 * @param slots how many jobs it runs at once
 * @param types what it handles
 * @param labels the groups that it belongs to
 * @param mode what it does with jobs
 * @param obeyed the number of the last order that it carried out; 0 before the first
 */
public record WorkerInfo(
        String id, String name, int slots, List<String> types, Set<String> labels, WorkerMode mode, long obeyed) {
    /** Checks the limits. */
    public WorkerInfo {
        Limits.name("a worker's id", id);
        Limits.name("a worker's name", name);
        if (slots < 1 || slots > Limits.SLOTS) {
            throw new IllegalArgumentException("a worker has 1 to " + Limits.SLOTS + " slots");
        }
        types = List.copyOf(types);
        if (types.isEmpty() || types.size() > Limits.TYPES) {
            throw new IllegalArgumentException("a worker handles 1 to " + Limits.TYPES + " types");
        }
        types.forEach(type -> Limits.name("a type", type));
        labels = Limits.labels(labels);
        mode = Objects.requireNonNullElse(mode, WorkerMode.ACTIVE);
    }

    /** The same worker in another mode. */
    WorkerInfo in(WorkerMode other, long order) {
        return new WorkerInfo(id, name, slots, types, labels, other, order);
    }
}
