package org.nngjava.workers;

/** A queue holds as many jobs as it may. Try again when some are done. */
public class QueueFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Made by the queue.
     *
     * @param capacity how many jobs may be queued
     */
    public QueueFullException(int capacity) {
        super("the queue holds " + capacity + " jobs and takes no more for now");
    }
}
