package org.nngjava;

/** The operation did not finish within its time-out. */
public final class NngTimeoutException extends NngException {
    private static final long serialVersionUID = 1L;

    NngTimeoutException(String attempted, int code) {
        super(attempted, code);
    }
}
