package org.nngjava;

/** An asynchronous send. It owns the message: one that could not be sent is freed. */
final class SendFuture extends OperationFuture<Void> {
    private volatile boolean sent;

    SendFuture(Conduit conduit) {
        super(conduit, "send");
    }

    /** Whether NNG has taken the message, and not somebody completed the future by hand. */
    boolean isSent() {
        return sent;
    }

    @Override
    public void ended(int result, long message) {
        if (result == 0) {
            sent = true;
            complete(null);
        } else {
            Message.received(message).close();
            fail(result);
        }
    }
}
