package org.nngjava;

import org.nngjava.internal.NngLibrary;

/**
 * NNG refused or failed an operation. The message says what was attempted, on which address where there is one, and why it
 * failed.
 */
public class NngException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final NngError error;
    private final int code;

    NngException(String attempted, int code) {
        super(attempted + ": " + meaning(code));
        this.error = NngError.of(code);
        this.code = code;
    }

    /** The error as one of NNG's. */
    public NngError error() {
        return error;
    }

    /** The number that NNG returned, which for {@link NngError#ESYSERR} holds the operating system's errno. */
    public int code() {
        return code;
    }

    /** Throws unless {@code code} is 0. */
    static void check(int code, String attempted) {
        if (code != 0) {
            throw of(attempted, code);
        }
    }

    /** The exception for a code: a subclass where there is one. */
    static NngException of(String attempted, int code) {
        return switch (NngError.of(code)) {
            case ETIMEDOUT -> new NngTimeoutException(attempted, code);
            case ECLOSED -> new NngClosedException(attempted);
            case ECONNREFUSED -> new NngRefusedException(attempted, code);
            case ECANCELED -> new NngCanceledException(attempted, code);
            default -> new NngException(attempted, code);
        };
    }

    private static String meaning(int code) {
        NngError error = NngError.of(code);
        return switch (error) {
            case ESYSERR, ETRANERR -> NngLibrary.api().nng_strerror(code) + " (" + error + ")";
            default -> error.meaning() + " (" + error + ")";
        };
    }
}
