package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import org.nngjava.Message;

/** Where workers' requests are dealt with, on the broker's thread. */
interface Desk {
    /**
     * Serves a request.
     *
     * @param message the whole, or null if it came without one
     * @param body what follows the header
     * @return true if the message was taken over, false if it is to be closed now
     */
    boolean serve(Caller caller, Request request, Message message, ByteBuffer body);

    /** A connection is closed. */
    void pipeGone(int pipe);
}
