package org.nngjava.workers.internal;

/**
 * A question for a job that waits for one.
 *
 * @param worker who asks
 * @param id the question's id
 * @param caller where to send the answer
 * @param verdict to be sent along with the answer, or null
 */
record Parked(WorkerEntry worker, String id, Caller caller, Reply.Verdict verdict) {}
