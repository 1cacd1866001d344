package org.nngjava.workers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Set;

/** One attempt at a job, as its handler sees it. For the handler's thread, but {@link #progress} and {@link #cancelled}. */
public interface JobContext {
    /**
     * The job's id.
     *
     * @return as in {@link Job#id()}
     */
    String id();

    /**
     * The job's type.
     *
     * @return as in {@link Job#type()}
     */
    String type();

    /**
     * Counts the attempts at this job.
     *
     * @return 1 for the first
     */
    int attempt();

    /**
     * What the submitter asked for.
     *
     * @return unmodifiable, never null
     */
    Map<String, String> options();

    /**
     * What the submitter marked the job with.
     *
     * @return unmodifiable, never null
     */
    Set<String> labels();

    /**
     * The payload's length.
     *
     * @return in bytes; 0 if the job has none
     */
    long payloadSize();

    /**
     * The payload. It is fetched piece by piece as it is read, so a payload of any size needs little memory. Reading its end fails
     * with an {@link java.io.IOException} if it is not what was submitted.
     *
     * @return a stream from the payload's beginning, to be closed by the caller; each call gives a new one
     */
    InputStream payload();

    /**
     * Begins the result. It is sent piece by piece as it is written, and becomes the job's result when the handler
     * returns normally.
     *
     * @param contentType the media type of what is written, at most 128 characters, or null
     * @return where to write it; closing it is allowed, not needed
     * @throws IllegalStateException if there is a result already
     */
    OutputStream result(String contentType);

    /**
     * Gives the whole result at once.
     *
     * @param bytes the result
     * @throws IOException if it could not be sent
     * @throws IllegalStateException if there is a result already
     */
    default void result(byte[] bytes) throws IOException {
        try (OutputStream out = result((String) null)) {
            out.write(bytes);
        }
    }

    /**
     * Says how far the work is. Cheap; may be called as often as it likes, by any thread.
     *
     * @param fraction from 0 to 1
     */
    void progress(double fraction);

    /**
     * Tells whether the result is wanted no more: the job was cancelled, ran out of time, or its lease was lost.
     *
     * @return true if the handler should end soon
     */
    boolean cancelled();
}
