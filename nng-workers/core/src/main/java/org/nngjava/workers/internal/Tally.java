package org.nngjava.workers.internal;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.nngjava.workers.Latency;
import org.nngjava.workers.Traffic;
import org.nngjava.workers.WorkerFigures;

/** Counts how the attempts of one worker ended, and how long they took. Safe for use by many threads. */
final class Tally {
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder returned = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final Latencies runTime = new Latencies(millis());

    /**
     * An attempt ended.
     *
     * @param how null if nobody wanted to know
     * @param time how long it took
     */
    void ended(Attempt.Outcome how, Duration time) {
        if (how == null) {
            dropped.increment();
            return;
        }
        switch (how.report().outcome()) {
            case DONE -> {
                succeeded.increment();
                synchronized (runTime) {
                    runTime.add(time, millis());
                }
            }
            case FAILED -> failed.increment();
            case RETURNED -> returned.increment();
        }
    }

    /** A report came too late. */
    void refused() {
        refused.increment();
    }

    WorkerFigures figures(int busy, int stuck, Traffic traffic) {
        Latency lately;
        synchronized (runTime) {
            lately = runTime.read(millis());
        }
        return new WorkerFigures(
                busy,
                stuck,
                succeeded.sum(),
                failed.sum(),
                returned.sum(),
                dropped.sum(),
                refused.sum(),
                lately,
                traffic);
    }

    private static long millis() {
        return TimeSource.SYSTEM.millis();
    }
}
