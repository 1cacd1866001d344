package org.nngjava.workers;

/** No sink of a pipeline has room for another message. Try again when some are delivered. */
public class PipelineFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Made by the pipeline.
     *
     * @param message why there is no room
     */
    public PipelineFullException(String message) {
        super(message);
    }
}
