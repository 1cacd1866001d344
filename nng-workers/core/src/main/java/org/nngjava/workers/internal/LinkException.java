package org.nngjava.workers.internal;

import java.io.IOException;

/** A request was not answered: the connection broke, or it took too long. The request may have been served all the same. */
final class LinkException extends IOException {
    private static final long serialVersionUID = 1L;

    LinkException(String message, Throwable cause) {
        super(message, cause);
    }
}
