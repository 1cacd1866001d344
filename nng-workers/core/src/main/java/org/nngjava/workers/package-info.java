/**
 * A job queue that starts in one process, without a server, and grows to many machines without another line of user code.
 *
 * <p>A program holds a {@link org.nngjava.workers.JobQueue}, submits jobs to it and waits for their results; {@link
 * org.nngjava.workers.Worker}s, in the same process or in others, take the jobs and run a {@link
 * org.nngjava.workers.JobHandler} for each.
 *
 * <p><b>Threads.</b> Queues, workers and stores may be used by any thread. Builders and writers belong to one thread at a
 * time. A handler is called by a thread of its worker, one for each slot; listeners and the dependent stages of awaited
 * jobs are called by the one thread that tells all waiters, and must not block. Records are immutable.
 */
package org.nngjava.workers;
