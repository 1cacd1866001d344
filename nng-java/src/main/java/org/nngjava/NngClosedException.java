package org.nngjava;

/** The socket, context, dialer or listener is closed, or was closed during the operation. */
public final class NngClosedException extends NngException {
    private static final long serialVersionUID = 1L;

    NngClosedException(String attempted) {
        super(attempted, NngError.ECLOSED.code());
    }
}
