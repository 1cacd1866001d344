package org.nngjava.workers;

/** Whether a worker or a queue is there, as far as others can tell. */
public enum Presence {
    /** Heard of lately. */
    ALIVE,
    /** Not heard of for two heartbeats: it hangs, is stopped, or cannot be reached. */
    SILENT,
    /** Gone, and it said so. */
    LEFT,
    /** Gone without a word: a worker whose connections closed and did not come back, or that was silent for a whole lease. */
    DEAD
}
