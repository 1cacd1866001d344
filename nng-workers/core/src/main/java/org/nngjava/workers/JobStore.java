package org.nngjava.workers;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Remembers jobs for a {@link JobQueue}. The queue's one thread calls {@link #save} and {@link #remove}; any thread reads.
 */
public interface JobStore extends AutoCloseable {
    /**
     * What a queue has to go on with after its start: all jobs, finished ones too.
     *
     * @return in the order of their ids
     */
    List<StoredJob> load();

    /**
     * Remembers new jobs and changes of known ones. Nobody is told of a change before it is saved.
     *
     * @param changed the newest state of each job that changed; all are saved, or none
     * @return completes when they are as safe as the store can make them. Must not block the caller
     */
    CompletionStage<Void> save(Collection<StoredJob> changed);

    /**
     * Forgets jobs.
     *
     * @param ids the jobs; unknown ones are passed over
     * @return completes when they are gone. Must not block the caller
     */
    CompletionStage<Void> remove(Collection<String> ids);

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
