package org.nngjava.workers;

/** Does the work of one type of job. Called by one thread for each of the worker's slots at once. */
@FunctionalInterface
public interface JobHandler {
    /**
     * Works on one job. The thread is interrupted when the job is cancelled, runs out of time or its lease is lost; a
     * handler that does not return within five seconds then is left alone: its slot gets another thread, {@link
     * WorkerFigures#stuck} counts it, and what it gives is refused.
     *
     * <p>It may run twice for the same job, if a worker died between the end of the work and the report of it. Only one
     * result is kept.
     *
     * @param job what to do, and where to put the result; of no use after the return
     * @throws PermanentFailureException if trying again cannot help
     * @throws Exception anything else: the attempt failed and is repeated, as often as the job allows
     */
    void handle(JobContext job) throws Exception;
}
