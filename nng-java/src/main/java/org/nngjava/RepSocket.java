package org.nngjava;

import java.time.Duration;

/**
 * REP: receives requests and replies to them (sp-request-reply-01). The socket itself handles one request at a time: receive, then
 * send. {@link #receiveRequest()} gives requests that can be answered later, in any order, by any thread.
 */
public final class RepSocket extends Socket implements Sender, Receiver {
    private RepSocket() {
        super("rep", NNG::nng_rep0_open);
    }

    /** Opens a socket. */
    public static RepSocket open() {
        return new RepSocket();
    }

    /** Opens a context: receive, then send, apart from all others. */
    public RepContext openContext() {
        return new RepContext(this);
    }

    /** Receives a request to be answered later, as {@link #receive()} does. The caller replies to it or closes it. */
    public Request receiveRequest() {
        return new Request(Question.receive(openContext(), Timeouts.OF_SOCKET));
    }

    /** Like {@link #receiveRequest()}, with a time-out of its own. */
    public Request receiveRequest(Duration timeout) {
        return new Request(Question.receive(openContext(), Timeouts.millis(timeout)));
    }
}
