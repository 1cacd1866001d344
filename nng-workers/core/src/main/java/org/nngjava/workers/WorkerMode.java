package org.nngjava.workers;

/** What a worker does with jobs. It changes by {@linkplain JobQueue#quiet orders} of its queue, or of its own will. */
public enum WorkerMode {
    /** Takes jobs and runs them. */
    ACTIVE,
    /** Finishes the jobs that it has and takes no more, until it is told to resume. */
    QUIET,
    /** Finishes the jobs that it has, gives back those that take too long, and ends. */
    HALTING
}
