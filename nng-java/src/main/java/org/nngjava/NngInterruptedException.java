package org.nngjava;

/**
 * The calling thread was interrupted while it waited. Its interrupt status is set again, the operation was cancelled, and no
 * message was lost: one that could not be sent is still the caller's, and none was received.
 */
public final class NngInterruptedException extends NngException {
    private static final long serialVersionUID = 1L;

    NngInterruptedException(String attempted) {
        super(attempted, NngError.EINTR.code());
    }
}
