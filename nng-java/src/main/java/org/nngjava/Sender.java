package org.nngjava;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/**
 * A socket or context that sends. Safe for use by several threads; a protocol that has one request at a time refuses or cancels what
 * does not fit, see the socket types.
 */
public sealed interface Sender
        permits BusSocket,
                PairSocket,
                PubSocket,
                PushSocket,
                RawSocket,
                RepContext,
                RepSocket,
                ReqContext,
                ReqSocket,
                RespondentContext,
                RespondentSocket,
                SurveyorContext,
                SurveyorSocket {

    /**
     * Sends a message, waiting for the socket's {@link NngOptions#SEND_TIMEOUT} until it is accepted. Accepted means that NNG
     * owns it, not that a peer has it.
     *
     * <p>Whatever the failure, the message is still the caller's.
     *
     * @throws NngTimeoutException if it was not accepted in time
     * @throws NngClosedException if the socket is closed or gets closed meanwhile
     * @throws NngInterruptedException if the thread is interrupted
     */
    default void send(Message message) {
        ((Conduit) this).send(message, Timeouts.OF_SOCKET);
    }

    /** Like {@link #send(Message)}, with a time-out of its own. */
    default void send(Message message, Duration timeout) {
        ((Conduit) this).send(message, Timeouts.millis(timeout));
    }

    /** Sends a copy of {@code body} like {@link #send(Message)}. */
    default void send(byte[] body) {
        try (Message message = Message.of(body)) {
            send(message);
        }
    }

    /** Sends a copy of the buffer's remaining bytes like {@link #send(Message)}; they are consumed if it is sent. */
    default void send(ByteBuffer body) {
        try (Message message = Message.of(Objects.requireNonNull(body, "body").duplicate())) {
            send(message);
        }
        body.position(body.limit());
    }

    /**
     * Sends a part of a file like {@link #send(Message)}, read by {@link Message#of(FileChannel, long, int)}.
     *
     * @throws EOFException if the file ends before the part does; nothing is sent then
     * @throws IOException if the file cannot be read
     */
    default void send(FileChannel file, long position, int count) throws IOException {
        try (Message message = Message.of(file, position, count)) {
            send(message);
        }
    }

    /**
     * Sends a message if that is possible at once. Never waits, and may be called anywhere.
     *
     * @return false if it is not; the message is then still the caller's
     */
    default boolean trySend(Message message) {
        return ((Conduit) this).attemptSend(message);
    }

    /**
     * Sends a message without waiting. The message belongs to the binding from now on: one that cannot be sent is closed.
     *
     * <p>What depends on the future runs on NNG's thread and must not block there; hand it over with the {@code Async} methods of
     * {@link CompletableFuture}. Cancelling the future cancels the send.
     */
    default CompletableFuture<Void> sendAsync(Message message) {
        return ((Conduit) this).sendAsync(message, Timeouts.OF_SOCKET);
    }

    /** Like {@link #sendAsync(Message)}, with a time-out of its own. */
    default CompletableFuture<Void> sendAsync(Message message, Duration timeout) {
        return ((Conduit) this).sendAsync(message, Timeouts.millis(timeout));
    }

    /**
     * Sends what a publisher publishes, as {@link #sendAsync(Message)} does it: two messages are under way at once, in their order, and
     * another one is asked for whenever NNG has accepted one. So a peer that is slow slows the publisher down.
     *
     * <p>The messages belong to the binding: one that cannot be sent is closed, those behind it as well, and the transfer ends with the
     * reason; so it does when the publisher fails. It ends normally when all were accepted and there are no more.
     *
     * <p>For protocols that can send one message after the other: REP, REQ and their like answer or ask instead.
     */
    default Transfer sendAll(Flow.Publisher<? extends Message> messages) {
        return Outflow.of((Conduit) this, Objects.requireNonNull(messages, "messages"));
    }

    /**
     * Sends what a supplier gives until that is null, like {@link #sendAll(Flow.Publisher)} but one after the other: the fastest form.
     * The supplier runs on threads of NNG and the binding, by one at a time, and must not block there;
     * {@link #sendAll(Supplier, Executor)} is for those that do. If it throws, the transfer ends with that.
     */
    default Transfer sendAll(Supplier<? extends Message> source) {
        return Outflow.ofPrompt((Conduit) this, Supply.of(source, null));
    }

    /** Like {@link #sendAll(Supplier)}, but the supplier runs by an executor, one message at a time, and may block. */
    default Transfer sendAll(Supplier<? extends Message> source, Executor executor) {
        return sendAll(Supply.of(source, Objects.requireNonNull(executor, "executor")));
    }
}
