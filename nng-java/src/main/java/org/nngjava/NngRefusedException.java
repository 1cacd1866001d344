package org.nngjava;

/** Nobody listens at the address. */
public final class NngRefusedException extends NngException {
    private static final long serialVersionUID = 1L;

    NngRefusedException(String attempted, int code) {
        super(attempted, code);
    }
}
