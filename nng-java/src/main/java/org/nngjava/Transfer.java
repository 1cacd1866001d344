package org.nngjava;

import java.util.concurrent.CompletableFuture;

/**
 * Messages that are received or sent one after the other, by themselves, until it is closed: the continuous form of
 * {@link Receiver} and {@link Sender}. Safe for use by several threads.
 */
public sealed interface Transfer extends AutoCloseable permits Inflow, Outflow {
    /**
     * Completes when it has ended and nothing of the user's runs for it any more: normally when it was closed, a receive also when its
     * socket or context was closed, a send also when its source had no more and all was accepted; else with what ended it. What depends
     * on the future may run on NNG's thread and must not block there.
     */
    CompletableFuture<Void> done();

    /**
     * Ends it. A message that was received by then still goes to its handler, in this call if its executor does not; one that NNG has
     * not accepted for sending is closed.
     *
     * <p>Idempotent; may be called by any thread. It waits for a handler or source that runs now, but not when called inside it or on
     * NNG's own thread.
     */
    @Override
    void close();
}
