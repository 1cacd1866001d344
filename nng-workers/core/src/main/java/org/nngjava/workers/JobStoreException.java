package org.nngjava.workers;

/**
 * A {@link JobStore} cannot be opened, read or written: its disk is full, say, or another program has it locked. The message
 * says which store, and the cause why. Nothing is accepted that is not saved; when the cause is gone all goes on.
 */
public class JobStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Made by stores and queues.
     *
     * @param message what could not be done
     * @param cause why, or null
     */
    public JobStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
