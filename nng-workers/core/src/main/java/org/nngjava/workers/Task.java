package org.nngjava.workers;

/**
 * Work that travels as data: a record that says by its components what to do, and by its code how. {@link JobQueue#defer} sends the
 * components to a worker that {@linkplain Worker.Builder#handle(Class) handles} the record, in this process or any other, and the result
 * comes back.
 *
 * <p>Both travel as JSON: numbers, texts, enums, times, arrays, lists, maps, and records of such. Code does not travel: both ends have the
 * record in their class path, with the same components; if they differ the job fails and says so. A lambda could not be found again at the
 * other end, so {@code defer} takes none.
 *
 * @param <T> what comes out; {@link Void} for nothing
 */
public interface Task<T> {
    /**
     * Does the work. Like a {@link JobHandler} it may be called twice, and its thread is interrupted when the result is not wanted any
     * more.
     *
     * @param job to tell of progress, and to ask whether to go on; its payload and its result are the task itself and what it returns
     * @return the result, which may be null
     * @throws PermanentFailureException if trying again cannot help
     * @throws Exception anything else: the attempt failed and is repeated, as often as the job allows
     */
    T run(JobContext job) throws Exception;
}
