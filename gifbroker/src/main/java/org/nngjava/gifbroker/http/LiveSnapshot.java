package org.nngjava.gifbroker.http;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.QueueFigures;
import org.nngjava.workers.QueueStatus;
import org.nngjava.workers.WorkerMode;
import org.nngjava.workers.WorkerStatus;

/**
 * What a server does at one moment. Its size does not depend on how many jobs there are.
 *
 * @param at when
 * @param queue how many jobs and slots are in which state
 * @param figures what was counted since the server started
 * @param workers by name, the first 100
 * @param moreWorkers how many more there are
 */
public record LiveSnapshot(Instant at, QueueStatus queue, QueueFigures figures, List<Worker> workers, int moreWorkers) {
    private static final int MOST_WORKERS = 100;

    /**
     * A worker.
     *
     * @param id unique for each start of it
     * @param name what orders go to
     * @param state {@code idle}, {@code busy}, {@code quiet}, {@code halting}, or {@code silent} if it is not heard of
     * @param busy how many jobs it has
     * @param slots how many it can have
     * @param finished how many attempts it ended
     * @param since when it was first heard of
     */
    public record Worker(String id, String name, String state, int busy, int slots, long finished, Instant since) {
        /** A worker as its queue knows it. */
        public static Worker of(WorkerStatus worker) {
            return new Worker(
                    worker.id(),
                    worker.name(),
                    state(worker),
                    worker.jobs().size(),
                    worker.slots(),
                    worker.finished(),
                    worker.since().truncatedTo(ChronoUnit.MILLIS));
        }

        private static String state(WorkerStatus worker) {
            if (!worker.responsive()) {
                return "silent";
            }
            if (worker.mode() != WorkerMode.ACTIVE) {
                return worker.mode().name().toLowerCase(Locale.ROOT);
            }
            return worker.jobs().isEmpty() ? "idle" : "busy";
        }
    }

    static LiveSnapshot of(JobQueue queue) {
        List<WorkerStatus> workers = queue.workers();
        return new LiveSnapshot(
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                queue.status(),
                queue.figures(),
                workers.stream().limit(MOST_WORKERS).map(Worker::of).toList(),
                Math.max(0, workers.size() - MOST_WORKERS));
    }
}
