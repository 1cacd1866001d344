package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import org.nngjava.Message;

/** Whoever sent a request, and is to be answered or abandoned, once. For the broker's thread. */
interface Caller {
    /** The id of the connection on which the request came. */
    int pipe();

    /** The address at the other end of it, for people. */
    String address();

    /**
     * Answers.
     *
     * @param body what follows the header, or null; stays as it is
     */
    void answer(Reply reply, ByteBuffer body);

    /** Answers with a whole message, which is taken over. */
    void answer(Message message);

    /** Will not answer: another request took the place of this one, or its sender is gone. */
    void abandon();
}
