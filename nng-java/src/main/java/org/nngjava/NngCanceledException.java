package org.nngjava;

/** The operation was cancelled before it finished. */
public final class NngCanceledException extends NngException {
    private static final long serialVersionUID = 1L;

    NngCanceledException(String attempted, int code) {
        super(attempted, code);
    }
}
