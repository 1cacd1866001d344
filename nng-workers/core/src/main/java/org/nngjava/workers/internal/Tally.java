package org.nngjava.workers.internal;

import java.util.concurrent.atomic.LongAdder;
import org.nngjava.workers.WorkerFigures;

/** Counts how the attempts of one worker ended. Safe for use by many threads. */
final class Tally {
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder returned = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** An attempt ended; null if nobody wanted to know how. */
    void ended(Attempt.Outcome how) {
        if (how == null) {
            dropped.increment();
            return;
        }
        switch (how.report().outcome()) {
            case DONE -> succeeded.increment();
            case FAILED -> failed.increment();
            case RETURNED -> returned.increment();
        }
    }

    /** A report came too late. */
    void refused() {
        refused.increment();
    }

    WorkerFigures figures(int busy, int stuck) {
        return new WorkerFigures(
                busy, stuck, succeeded.sum(), failed.sum(), returned.sum(), dropped.sum(), refused.sum());
    }
}
