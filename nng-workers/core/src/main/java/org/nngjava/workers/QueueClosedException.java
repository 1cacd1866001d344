package org.nngjava.workers;

/** A queue that drains or is closed was asked for something that it does no more. */
public class QueueClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Made by the queue.
     *
     * @param message what was asked, and why it is too late
     */
    public QueueClosedException(String message) {
        super(message);
    }
}
