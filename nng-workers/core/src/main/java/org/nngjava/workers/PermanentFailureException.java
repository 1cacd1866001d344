package org.nngjava.workers;

import java.util.Objects;

/** Thrown by a {@link JobHandler} when trying again cannot help, such as for a payload that it cannot read. */
public class PermanentFailureException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * Says what failed.
     *
     * @param code a short stable word for programs, which becomes {@link JobError#code()}
     * @param message a sentence for people
     */
    public PermanentFailureException(String code, String message) {
        this(code, message, null);
    }

    /**
     * Says what failed, and why.
     *
     * @param code a short stable word for programs, which becomes {@link JobError#code()}
     * @param message a sentence for people
     * @param cause nullable
     */
    public PermanentFailureException(String code, String message, Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
    }

    /**
     * The word for programs.
     *
     * @return the code
     */
    public String code() {
        return code;
    }
}
