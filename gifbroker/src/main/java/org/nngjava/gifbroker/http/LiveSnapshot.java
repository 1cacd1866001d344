package org.nngjava.gifbroker.http;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.Latency;
import org.nngjava.workers.Monitor;
import org.nngjava.workers.Presence;
import org.nngjava.workers.QueueFigures;
import org.nngjava.workers.QueueReport;
import org.nngjava.workers.QueueStatus;
import org.nngjava.workers.Traffic;
import org.nngjava.workers.WorkerMode;
import org.nngjava.workers.WorkerReport;
import org.nngjava.workers.WorkerStatus;

/**
 * What a server and its workers do at one moment. Its size does not depend on how many jobs there are.
 *
 * @param at when
 * @param start names one start of the server, or null in its first moments; figures count from there
 * @param queue how many jobs and slots are in which state
 * @param figures what was counted since the server started
 * @param workers by name, the first 100: those that are there, and those that died in the last five minutes
 * @param moreWorkers how many more there are
 */
public record LiveSnapshot(
        Instant at, String start, QueueStatus queue, QueueFigures figures, List<Worker> workers, int moreWorkers) {
    /** The state of a worker that died. */
    public static final String DEAD = "dead";

    /** The state of a worker that is not heard of. */
    public static final String SILENT = "silent";

    private static final int MOST_WORKERS = 100;
    private static final Duration REMEMBERED = Duration.ofMinutes(5);

    /**
     * A worker.
     *
     * @param id unique for each start of it
     * @param name what orders go to
     * @param state {@code idle}, {@code busy}, {@code quiet}, {@code halting}, {@code silent} if it is not heard of, or {@code dead}
     * @param busy how many jobs it has
     * @param slots how many it can have
     * @param finished how many attempts it ended
     * @param since when it was first heard of; of a dead one, when it died
     * @param runTime how long its jobs took, of late
     * @param traffic what its connections carried
     */
    public record Worker(
            String id,
            String name,
            String state,
            int busy,
            int slots,
            long finished,
            Instant since,
            Latency runTime,
            Traffic traffic) {
        /** A worker as its queue knows it. */
        public static Worker of(WorkerStatus worker) {
            return new Worker(
                    worker.id(),
                    worker.name(),
                    state(worker),
                    worker.jobs().size(),
                    worker.slots(),
                    worker.finished(),
                    worker.since().truncatedTo(ChronoUnit.MILLIS),
                    worker.figures().runTime(),
                    worker.figures().traffic());
        }

        private static Worker dead(WorkerReport worker) {
            return new Worker(
                    worker.id(),
                    worker.name(),
                    DEAD,
                    0,
                    worker.slots(),
                    worker.figures().succeeded() + worker.figures().failed(),
                    worker.at().truncatedTo(ChronoUnit.MILLIS),
                    worker.figures().runTime(),
                    worker.figures().traffic());
        }

        private static String state(WorkerStatus worker) {
            if (!worker.responsive()) {
                return SILENT;
            }
            if (worker.mode() != WorkerMode.ACTIVE) {
                return worker.mode().name().toLowerCase(Locale.ROOT);
            }
            return worker.jobs().isEmpty() ? "idle" : "busy";
        }
    }

    static LiveSnapshot of(JobQueue queue, Monitor monitor) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Stream<Worker> dead = monitor.workers().stream()
                .filter(worker -> worker.presence() == Presence.DEAD)
                .filter(worker -> worker.at().isAfter(now.minus(REMEMBERED)))
                .map(Worker::dead);
        List<Worker> all = Stream.concat(queue.workers().stream().map(Worker::of), dead)
                .sorted(Comparator.comparing(Worker::name))
                .toList();
        return new LiveSnapshot(
                now,
                monitor.queue().map(QueueReport::id).orElse(null),
                queue.status(),
                queue.figures(),
                all.stream().limit(MOST_WORKERS).toList(),
                Math.max(0, all.size() - MOST_WORKERS));
    }
}
