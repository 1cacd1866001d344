package org.nngjava;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.nngjava.internal.NngApi;
import org.nngjava.internal.NngLibrary;

/** What sockets and contexts have in common: messages go in and out through aios. */
abstract sealed class Conduit permits Socket, Context {
    static final NngApi NNG = NngLibrary.api();

    private final AioPool aios;
    /** Null where any number of sends may be under way at once. */
    final AnswerGate answers;

    Conduit(AioPool aios) {
        this.aios = aios;
        boolean answers = this instanceof RepSocket
                || this instanceof RepContext
                || this instanceof RespondentSocket
                || this instanceof RespondentContext;
        this.answers = answers ? new AnswerGate() : null;
    }

    abstract void startSend(long aio);

    abstract void startReceive(long aio);

    /** Sets an option whose value is bytes. A string setter would append a NUL (nng#999). */
    abstract void setBytes(String option, byte[] value);

    /** What is possible at once happens on this thread: that saves handing over to NNG's and back, half of the time. */
    final void send(Message message, int timeoutMillis) {
        Objects.requireNonNull(message, "message");
        BlockingOperation operation = new BlockingOperation(this, "send");
        // A second attempt at an answer would be refused: the first one takes away whom it is for.
        if (answers == null && attemptSend(message)) {
            return;
        }
        long pointer = message.take();
        Aio aio;
        try {
            aio = answers == null ? aios.acquire(this) : aios.acquireQuiet(this);
            start(aio, operation, pointer, timeoutMillis);
        } catch (RuntimeException e) {
            message.restore(pointer);
            throw e;
        }
        operation.await(aio);
        if (operation.result() != 0) {
            message.restore(operation.message());
            throw operation.failure();
        }
    }

    final SendFuture sendAsync(Message message, int timeoutMillis) {
        Objects.requireNonNull(message, "message");
        SendFuture future = new SendFuture(this);
        long pointer = message.take();
        try {
            future.runsOn(start(future, pointer, timeoutMillis));
        } catch (RuntimeException e) {
            Message.received(pointer).close();
            throw e;
        }
        return future;
    }

    final Message receive(int timeoutMillis) {
        BlockingOperation operation = new BlockingOperation(this, "receive");
        long there = aios.attempt(this).receive(this);
        if (there != 0) {
            return Message.received(there);
        }
        operation.await(start(operation, 0, timeoutMillis));
        if (operation.message() == 0) {
            throw operation.failure();
        }
        return Message.received(operation.message());
    }

    final CompletableFuture<Message> receiveAsync(int timeoutMillis) {
        ReceiveFuture future = new ReceiveFuture(this);
        future.runsOn(start(future, 0, timeoutMillis));
        return future;
    }

    final boolean attemptSend(Message message) {
        Objects.requireNonNull(message, "message");
        Attempt attempt = aios.attempt(this);
        long pointer = message.take();
        boolean sent = false;
        try {
            sent = attempt.send(this, pointer);
        } finally {
            if (!sent) {
                message.restore(pointer);
            }
        }
        return sent;
    }

    final Optional<Message> attemptReceive() {
        long message = aios.attempt(this).receive(this);
        return message == 0 ? Optional.empty() : Optional.of(Message.received(message));
    }

    /** Why an operation failed. A result of 0 here means a receive without a message, which NNG 1.5.2 can report (nng#1620). */
    final NngException failure(String verb, int result) {
        String attempted = verb + " on " + this;
        if (aios.isClosed()) {
            return new NngClosedException(attempted);
        }
        return NngException.of(attempted, result == 0 ? NngError.EINTERNAL.code() : result);
    }

    final Aio start(Operation operation, long message, int timeoutMillis) {
        Aio aio = acquire();
        start(aio, operation, message, timeoutMillis);
        return aio;
    }

    /** An aio for one operation, which releases it when it ends. */
    final Aio acquire() {
        return aios.acquire(this);
    }

    /** Starts a send of {@code message}, or a receive where it is 0. */
    final void start(Aio acquired, Operation operation, long message, int timeoutMillis) {
        if (message != 0 && answers != null && !answers.tryEnter()) {
            aios.release(acquired);
            throw NngException.of("send on " + this + ", which still sends", NngError.ESTATE.code());
        }
        if (!acquired.start(operation, this, message, timeoutMillis)) {
            throw new NngClosedException("use " + this);
        }
    }
}
