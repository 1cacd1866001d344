package org.nngjava.workers;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Remembers jobs for a {@link JobQueue}. The queue's one thread calls {@link #save}, and again without waiting until that is complete, so that
 * a store which writes to a disk can save at one go all that has come. Any thread reads. What cannot be read is a {@link
 * JobStoreException}.
 */
public interface JobStore extends AutoCloseable {
    /**
     * What a queue has to go on with after its start: all jobs, finished ones too.
     *
     * @return in the order of their ids
     */
    List<StoredJob> load();

    /**
     * Remembers new jobs and changes of known ones, and forgets others: all of it or nothing. Nobody is told of a change before
     * it is saved. Several saves may be open; they are done, and complete, in the order in which they come. When one fails so do those that wait behind
     * it, and the queue gives all of them again.
     *
     * @param changed the newest state of each job that changed
     * @param forgotten the ids of jobs to forget, changed ones too; unknown ones are passed over
     * @return completes when all is as safe as the store can make it, fails if nothing of it was saved. Must not block the
     *     caller
     */
    CompletionStage<Void> save(Collection<StoredJob> changed, Collection<String> forgotten);

    /**
     * Finds a job.
     *
     * @param id the job's id
     * @return what was saved last of it
     */
    Optional<StoredJob> find(String id);

    /**
     * Lists jobs, newest first.
     *
     * @param limit how many at most
     * @param beforeId where to go on: only jobs with a smaller id; null begins with the newest
     * @return what was saved last of each
     */
    List<StoredJob> list(int limit, String beforeId);

    /** Gives back what the store holds of the operating system. */
    @Override
    void close();
}
