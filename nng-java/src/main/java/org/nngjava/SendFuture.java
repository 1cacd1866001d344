package org.nngjava;

/** An asynchronous send. It owns the message: one that could not be sent is freed. */
final class SendFuture extends OperationFuture<Void> {
    SendFuture(Conduit conduit) {
        super(conduit, "send");
    }

    @Override
    public void ended(int result, long message) {
        if (result == 0) {
            complete(null);
        } else {
            Message.received(message).close();
            fail(result);
        }
    }
}
