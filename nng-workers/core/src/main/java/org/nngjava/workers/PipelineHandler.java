package org.nngjava.workers;

/** Handles the messages of a pipeline that come to one sink. Called by one thread, with one message after the other. */
@FunctionalInterface
public interface PipelineHandler {
    /**
     * Handles one message. In a pipeline with acknowledgement the message is acknowledged when this returns, and may come twice.
     *
     * @param message the handler's to keep
     * @throws InterruptedException if the sink was closed meanwhile: the message is not acknowledged then
     * @throws Exception anything else is logged and counted; the message counts as handled, and does not come again
     */
    void handle(byte[] message) throws Exception;
}
