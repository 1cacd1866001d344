package org.nngjava;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A socket or context that receives. Safe for use by several threads; a protocol that has one
 * question at a time refuses a second receive with {@link NngError#ESTATE}, see the socket types.
 */
public sealed interface Receiver
        permits BusSocket,
                PairSocket,
                PullSocket,
                RawSocket,
                RepContext,
                RepSocket,
                ReqContext,
                ReqSocket,
                RespondentContext,
                RespondentSocket,
                Subscriber,
                SurveyorContext,
                SurveyorSocket {

    /**
     * Receives a message, waiting for the socket's {@link NngOptions#RECV_TIMEOUT}. The caller owns it and closes it.
     *
     * @throws NngTimeoutException if none came in time
     * @throws NngClosedException if the socket is closed or gets closed meanwhile
     * @throws NngInterruptedException if the thread is interrupted; no message is lost by that
     */
    default Message receive() {
        return ((Conduit) this).receive(Timeouts.OF_SOCKET);
    }

    /** Like {@link #receive()}, with a time-out of its own. */
    default Message receive(Duration timeout) {
        return ((Conduit) this).receive(Timeouts.millis(timeout));
    }

    /** Receives like {@link #receive()} and returns a copy of the body. */
    default byte[] receiveBytes() {
        try (Message message = receive()) {
            return message.toByteArray();
        }
    }

    /** Receives a message if one is there. Never waits, and may be called anywhere. */
    default Optional<Message> tryReceive() {
        return ((Conduit) this).attemptReceive();
    }

    /**
     * Receives a message without waiting. Whoever gets it owns it and closes it.
     *
     * <p>What depends on the future runs on NNG's thread and must not block there; hand it over with the {@code Async} methods of
     * {@link CompletableFuture}. Cancelling the future cancels the receive and waits the moment until NNG has let go of it; if a
     * message had come by then, {@code cancel} answers false and the future has it. On NNG's own thread {@code cancel} cannot wait and
     * answers false; the future tells.
     */
    default CompletableFuture<Message> receiveAsync() {
        return ((Conduit) this).receiveAsync(Timeouts.OF_SOCKET);
    }

    /** Like {@link #receiveAsync()}, with a time-out of its own. */
    default CompletableFuture<Message> receiveAsync(Duration timeout) {
        return ((Conduit) this).receiveAsync(Timeouts.millis(timeout));
    }
}
