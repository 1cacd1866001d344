package org.nngjava.workers.internal;

import java.util.Objects;
import org.nngjava.workers.JobError;

/**
 * How an attempt ended. A small result is the body of the message that carries the report; a bigger one was uploaded
 * before.
 *
 * @param job the job's id
 * @param token the token of the lease
 * @param outcome how it ended
 * @param error what went wrong, if it failed
 * @param result the result, if there is one
 */
public record Report(String job, String token, Outcome outcome, JobError error, Result result) {
    /** The ways in which an attempt ends. */
    public enum Outcome {
        /** The handler returned normally. */
        DONE,
        /** The handler threw an exception or ran out of time. */
        FAILED,
        /** The worker does not want to finish it: it counts as never started. */
        RETURNED
    }

    /**
     * A result.
     *
     * @param contentType its media type, or null
     * @param upload the id under which it was uploaded, or null if it is the body of this message
     */
    public record Result(String contentType, String upload) {}

    /** Checks that nothing is missing. */
    public Report {
        Limits.name("a job's id", job);
        Limits.name("a token", token);
        Objects.requireNonNull(outcome, "outcome");
        if ((outcome == Outcome.FAILED) != (error != null)) {
            throw new IllegalArgumentException("a failed attempt has an error, and no other");
        }
        if (outcome != Outcome.DONE && result != null) {
            throw new IllegalArgumentException("only an attempt that is done has a result");
        }
    }

    /** False if the job was given back: then nothing is lost if this comes too late. */
    boolean hasEnd() {
        return outcome != Outcome.RETURNED;
    }
}
