package org.nngjava;

/** An asynchronous receive. */
final class ReceiveFuture extends OperationFuture<Message> {
    ReceiveFuture(Conduit conduit) {
        super(conduit, "receive");
    }

    @Override
    public void ended(int result, long pointer) {
        if (pointer == 0) {
            fail(result);
            return;
        }
        Message message = Message.received(pointer);
        if (!complete(message)) {
            message.close(); // somebody completed the future by hand, so that nobody else will
        }
    }
}
