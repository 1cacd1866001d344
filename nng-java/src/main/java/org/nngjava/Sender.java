package org.nngjava;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

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
}
