package org.nngjava.gifbroker.http;

import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** A client that is gone, has fallen silent, or sends what is no body. What the server's own disk does wrong is another {@link IOException}. */
final class ConnectionFailure extends IOException {
    private static final long serialVersionUID = 1;

    ConnectionFailure(Throwable cause) {
        super(cause);
    }

    boolean isTimeout() {
        return getCause() instanceof TimeoutException || getCause().getCause() instanceof TimeoutException;
    }
}
