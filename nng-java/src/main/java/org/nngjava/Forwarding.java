package org.nngjava;

import java.util.concurrent.CompletableFuture;

/** One direction of a {@link Device}: what one socket receives the other one sends, one message at a time. */
final class Forwarding implements Operation {
    private final Socket from;
    private final Socket to;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private boolean sending;

    Forwarding(Socket from, Socket to) {
        this.from = from;
        this.to = to;
    }

    /** Completes when it has let go of both sockets: normally if one of them closed, or else with what went wrong. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    void start() {
        sending = false;
        start(from, 0);
    }

    /** On NNG's thread, so there is no hand-over between receiving and sending. */
    @Override
    public void ended(int result, long message) {
        if (result != 0 || (!sending && message == 0)) {
            if (message != 0) {
                Message.received(message).close();
            }
            end(sending ? to.failure("send", result) : from.failure("receive", result));
        } else if (sending) {
            start();
        } else {
            sending = true;
            start(to, message);
        }
    }

    private void start(Socket socket, long message) {
        try {
            socket.start(this, message, Timeouts.INFINITE);
        } catch (NngException e) {
            if (message != 0) {
                Message.received(message).close();
            }
            end(e);
        }
    }

    private void end(NngException reason) {
        NngThread.HANDED_OVER.execute(() -> {
            if (reason instanceof NngClosedException) {
                ended.complete(null);
            } else {
                ended.completeExceptionally(reason);
            }
        });
    }
}
