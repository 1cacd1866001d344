package org.nngjava.workers.internal;

/** A message that cannot be read. */
public final class BadMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    BadMessageException(String code, String message) {
        super(message);
        this.code = code;
    }

    /**
     * Why, for programs.
     *
     * @return {@link Reply.Refused#VERSION} or {@link Reply.Refused#MALFORMED}
     */
    public String code() {
        return code;
    }
}
