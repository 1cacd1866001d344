package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;
import org.nngjava.workers.Presence;
import org.nngjava.workers.StoredJob;
import org.nngjava.workers.WorkerStatus;

/**
 * What the {@link Dispatcher} wants done. Whatever it says in one go is let out in order, after all that it wants saved is
 * saved: nobody hears of a change that a crash could undo.
 */
interface Outbox {
    /** A job that was never saved before: if that fails it is withdrawn, instead of being saved later. */
    void admit(String jobId);

    /** Remembers a job. */
    void save(StoredJob job);

    /** Forgets a job. */
    void forget(String jobId);

    /** Deletes a stored blob that no job names any more. */
    void discard(Blob blob);

    /** Answers a request. */
    void reply(Caller caller, Reply reply, ByteBuffer body);

    /** Will never answer a request, since another took its place or its sender is gone. */
    void abandon(Caller caller);

    /** What was uploaded under a lease and not reported is wanted no more. */
    void leaseEnded(String token);

    /** Publishes a change of a job. */
    void publish(Job job, double progress);

    /** Publishes that a worker came or went, or is there as before. */
    void publish(WorkerStatus worker, Presence presence);
}
