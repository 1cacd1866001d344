package org.nngjava.workers;

/**
 * What a worker counts, since its start unless said otherwise.
 *
 * @param busy jobs that it runs now
 * @param stuck threads given up now, since their handlers do not heed the interrupt
 * @param succeeded attempts whose handler returned normally
 * @param failed attempts that failed, those that took too long among them
 * @param returned attempts given back unfinished
 * @param dropped attempts halted since nobody wanted their result any more
 * @param refused reports that came too late to count
 */
public record WorkerFigures(
        int busy, int stuck, long succeeded, long failed, long returned, long dropped, long refused) {
    /** Of a worker that counts nothing. */
    public static final WorkerFigures NONE = new WorkerFigures(0, 0, 0, 0, 0, 0, 0);
}
