package org.nngjava;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

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

    /**
     * Receives one message after the other, and gives each to a handler: the fastest form. The next receive starts when the handler has
     * returned, so that a slow handler stops the reading. Waits without a time-out; starts now.
     *
     * <p>The handler runs on NNG's thread and must not block there; {@link #onReceive(Consumer, Executor)} is for those that do. It is
     * called by one thread at a time, not always the same one. Several handlers share the messages and run beside each other, which is faster
     * where their order does not matter; REQ, REP and their like have one receive at a time.
     *
     * <p>The message is one object that is used for all of them, and so is the view that is its {@linkplain Message#body() body}: both are
     * good until the handler returns, after which the message is closed. To keep it, {@linkplain Message#detach() detach} it; sending it
     * on takes it as well.
     *
     * <p>What a handler throws is logged, and the next message comes: one that wants to stop closes the transfer.
     */
    default Transfer onReceive(Consumer<? super Message> handler) {
        return Inflow.handle(MessageSource.reusing((Conduit) this), handler, Message::close, null);
    }

    /**
     * Like {@link #onReceive(Consumer)}, but the handler runs by an executor and may block. Messages are handled one at a time; the next
     * receive starts when the handler has returned. An executor that refuses one ends the transfer; what was received by then is
     * handled by a thread of the binding.
     */
    default Transfer onReceive(Consumer<? super Message> handler, Executor executor) {
        return Inflow.handle(
                MessageSource.reusing((Conduit) this),
                handler,
                Message::close,
                Objects.requireNonNull(executor, "executor"));
    }

    /**
     * The messages as a publisher. It receives as many as its subscriber asks for and no more, one after the other, waiting without a
     * time-out. The subscriber owns what it gets and closes each message; it may get one more after it has cancelled, since that one
     * would be lost otherwise.
     *
     * <p>Each subscriber has a subscription of its own; several compete for the messages, as several receiving threads do. The
     * subscription completes when the socket or context is closed, and fails with the {@link NngException} of a receive that fails. A
     * subscriber that throws is cancelled.
     *
     * <p>Subscribers run on NNG's thread and must not block there; {@link #publisher(Executor)} is for those that do.
     */
    default Flow.Publisher<Message> publisher() {
        return subscriber -> Inflow.start(MessageSource.of((Conduit) this), subscriber, null);
    }

    /** Like {@link #publisher()}, but the subscribers run by an executor, one signal at a time, and may block. */
    default Flow.Publisher<Message> publisher(Executor executor) {
        Objects.requireNonNull(executor, "executor");
        return subscriber -> Inflow.start(MessageSource.of((Conduit) this), subscriber, executor);
    }
}
