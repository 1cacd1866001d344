package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever ends a wait, on any socket or context, loses no message. */
class WaitingTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Set<Thread.State> WAITS = Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

    /** Who receives without having asked. */
    @SuppressWarnings("ImmutableEnumChecker") // they hold lambdas without state
    enum Receiving {
        BUS(BusSocket::open, BusSocket::open),
        PAIR(PairSocket::open, PairSocket::open),
        PAIR_VERSION_0(PairSocket::openVersion0, PairSocket::openVersion0),
        PAIR_POLYAMOROUS(PairSocket::openPolyamorous, PairSocket::open),
        PULL(PullSocket::open, PushSocket::open),
        RAW_BUS(() -> RawSocket.open(Protocol.BUS), BusSocket::open),
        RAW_PAIR0(() -> RawSocket.open(Protocol.PAIR0), PairSocket::openVersion0),
        RAW_PULL(() -> RawSocket.open(Protocol.PULL), PushSocket::open),
        RAW_REP(() -> RawSocket.open(Protocol.REP), ReqSocket::open),
        RAW_RESPONDENT(() -> RawSocket.open(Protocol.RESPONDENT), SurveyorSocket::open),
        RAW_SUB(() -> RawSocket.open(Protocol.SUB), PubSocket::open),
        REP(RepSocket::open, ReqSocket::open),
        REP_CONTEXT(RepSocket::open, ReqSocket::open, socket -> ((RepSocket) socket).openContext()),
        RESPONDENT(RespondentSocket::open, SurveyorSocket::open),
        RESPONDENT_CONTEXT(
                RespondentSocket::open, SurveyorSocket::open, socket -> ((RespondentSocket) socket).openContext()),
        SUB(SubSocket::open, PubSocket::open, WaitingTest::toAll),
        SUB_CONTEXT(SubSocket::open, PubSocket::open, socket -> toAll((Receiver) ((SubSocket) socket).openContext()));

        private final Supplier<Socket> socket;
        private final Supplier<Socket> peer;
        private final Function<Socket, Receiver> receiver;

        Receiving(Supplier<Socket> socket, Supplier<Socket> peer) {
            this(socket, peer, Receiver.class::cast);
        }

        Receiving(Supplier<Socket> socket, Supplier<Socket> peer, Function<Socket, Receiver> receiver) {
            this.socket = socket;
            this.peer = peer;
            this.receiver = receiver;
        }
    }

    /** Who asks and receives an answer. */
    @SuppressWarnings("ImmutableEnumChecker") // they hold lambdas without state
    enum Asking {
        REQ(ReqSocket::open, RepSocket::open, Conduit.class::cast),
        REQ_CONTEXT(ReqSocket::open, RepSocket::open, socket -> ((ReqSocket) socket).openContext()),
        SURVEYOR(Peers::patientSurveyor, RespondentSocket::open, Conduit.class::cast),
        SURVEYOR_CONTEXT(
                Peers::patientSurveyor, RespondentSocket::open, socket -> ((SurveyorSocket) socket).openContext());

        private final Supplier<Socket> socket;
        private final Supplier<Socket> peer;
        private final Function<Socket, Conduit> asker;

        Asking(Supplier<Socket> socket, Supplier<Socket> peer, Function<Socket, Conduit> asker) {
            this.socket = socket;
            this.peer = peer;
            this.asker = asker;
        }
    }

    /** Who waits to send as long as there is no peer. */
    @SuppressWarnings("ImmutableEnumChecker") // they hold lambdas without state
    enum Sending {
        PAIR(PairSocket::open, PairSocket::open, Sender.class::cast),
        PAIR_VERSION_0(PairSocket::openVersion0, PairSocket::openVersion0, Sender.class::cast),
        PUSH(PushSocket::open, PullSocket::open, Sender.class::cast),
        RAW_PUSH(() -> RawSocket.open(Protocol.PUSH), PullSocket::open, Sender.class::cast),
        REQ(ReqSocket::open, RepSocket::open, Sender.class::cast),
        REQ_CONTEXT(ReqSocket::open, RepSocket::open, socket -> ((ReqSocket) socket).openContext());

        private final Supplier<Socket> socket;
        private final Supplier<Socket> peer;
        private final Function<Socket, Sender> sender;

        Sending(Supplier<Socket> socket, Supplier<Socket> peer, Function<Socket, Sender> sender) {
            this.socket = socket;
            this.peer = peer;
            this.sender = sender;
        }
    }

    /** Who answers, and waits for that while its peer does not read. */
    @SuppressWarnings("ImmutableEnumChecker") // they hold lambdas without state
    enum Answering {
        REP(RepSocket::open, Protocol.REQ, Conduit.class::cast),
        REP_CONTEXT(RepSocket::open, Protocol.REQ, socket -> ((RepSocket) socket).openContext()),
        RESPONDENT(RespondentSocket::open, Protocol.SURVEYOR, Conduit.class::cast),
        RESPONDENT_CONTEXT(
                RespondentSocket::open, Protocol.SURVEYOR, socket -> ((RespondentSocket) socket).openContext());

        private final Supplier<Socket> socket;
        private final Protocol peer;
        private final Function<Socket, Conduit> answerer;

        Answering(Supplier<Socket> socket, Protocol peer, Function<Socket, Conduit> answerer) {
            this.socket = socket;
            this.peer = peer;
            this.answerer = answerer;
        }
    }

    private Socket socket;
    private Socket peer;

    private static Receiver toAll(Object receiver) {
        ((Subscriber) receiver).subscribe("");
        return (Receiver) receiver;
    }

    private Receiver open(Receiving kind) {
        open(kind.socket, kind.peer);
        Peers.connect(socket, peer);
        return kind.receiver.apply(socket);
    }

    private void open(Supplier<Socket> socket, Supplier<Socket> peer) {
        this.socket = socket.get();
        this.peer = peer.get();
    }

    @AfterEach
    void close() {
        socket.close();
        peer.close();
    }

    /** Runs a blocking call on a thread of its own; the future tells when and how it ends. */
    private static CompletableFuture<Void> waiting(Runnable call, CompletableFuture<Thread> thread) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                call.run();
                end.complete(null);
            } catch (Throwable t) {
                end.completeExceptionally(t);
            }
        });
        caller.start();
        await().until(() -> end.isDone() || WAITS.contains(caller.getState()));
        assertThat(end).isNotDone();
        thread.complete(caller);
        return end;
    }

    private static void assertEndsBy(CompletableFuture<?> end, Class<? extends Throwable> reason) {
        assertThatThrownBy(() -> end.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(reason);
    }

    private void assertNothingIsLost(Receiver receiver) {
        ((Sender) peer).send("next".getBytes(UTF_8));
        try (Message message = receiver.receive(SOON)) {
            assertThat(message.toByteArray()).asString(UTF_8).endsWith("next");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReceiveEndsAtItsTimeout(Receiving kind) {
        Receiver receiver = open(kind);
        assertThatThrownBy(() -> receiver.receive(Duration.ofMillis(10))).isInstanceOf(NngTimeoutException.class);
        assertEndsBy(receiver.receiveAsync(Duration.ofMillis(10)), NngTimeoutException.class);
        assertThat(receiver.tryReceive()).isEmpty();
        assertNothingIsLost(receiver);
    }

    @ParameterizedTest
    @EnumSource
    void aReceiveEndsWhenItsFutureIsCancelled(Receiving kind) {
        Receiver receiver = open(kind);
        CompletableFuture<Message> receive = receiver.receiveAsync();
        assertThat(receive.cancel(true)).isTrue();
        CompletableFuture<Message> slow = receiver.receiveAsync().orTimeout(5, TimeUnit.MILLISECONDS);
        assertEndsBy(slow, TimeoutException.class);
        // A future that was completed by somebody else does not wait until NNG has let go: one more receive does.
        await().until(() -> {
            CompletableFuture<Message> next = receiver.receiveAsync();
            return next.cancel(true);
        });
        assertNothingIsLost(receiver);
    }

    @ParameterizedTest
    @EnumSource
    void aReceiveEndsWhenItsThreadIsInterrupted(Receiving kind) {
        Receiver receiver = open(kind);
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        CompletableFuture<Void> end = waiting(receiver::receive, thread);
        thread.join().interrupt();
        assertEndsBy(end, NngInterruptedException.class);
        assertNothingIsLost(receiver);
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerGetsMessagesUntilItsTransferIsClosed(Receiving kind) throws Exception {
        Receiver receiver = open(kind);
        CompletableFuture<String> received = new CompletableFuture<>();
        Transfer transfer = receiver.onReceive(message -> received.complete(new String(message.toByteArray(), UTF_8)));
        ((Sender) peer).send("first".getBytes(UTF_8));
        assertThat(received.get(20, TimeUnit.SECONDS)).endsWith("first");
        transfer.close();
        assertNothingIsLost(receiver);
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsAllReceives(Receiving kind) {
        Receiver receiver = open(kind);
        CompletableFuture<Void> blocking = waiting(receiver::receive, new CompletableFuture<>());
        CompletableFuture<?> another;
        try {
            another = receiver.receiveAsync();
        } catch (NngException oneAtATime) {
            another = blocking;
        }
        if (receiver instanceof Context context) {
            context.close();
        } else {
            socket.close();
        }
        assertEndsBy(blocking, NngClosedException.class);
        assertThat(another).failsWithin(SOON);
    }

    @ParameterizedTest
    @EnumSource
    void afterAnAnswerWasGivenUpTheNextOneComes(Asking kind) throws Exception {
        open(kind.socket, kind.peer);
        Peers.connect(socket, peer);
        Conduit asker = kind.asker.apply(socket);
        Sender ask = (Sender) asker;
        Receiver receive = (Receiver) asker;
        AtomicBoolean answering = new AtomicBoolean();
        ((Receiver) peer).onReceive(message -> {
            if (answering.get()) {
                ((Sender) peer).sendAsync(message);
            }
        });
        ask.send("1".getBytes(UTF_8));
        assertThatThrownBy(() -> receive.receive(Duration.ofMillis(10))).isInstanceOf(NngTimeoutException.class);
        ask.send("2".getBytes(UTF_8));
        assertThat(receive.receiveAsync().cancel(true)).isTrue();
        ask.send("3".getBytes(UTF_8));
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        CompletableFuture<Void> end = waiting(() -> receive.receive(SOON), thread);
        thread.join().interrupt();
        assertEndsBy(end, NngInterruptedException.class);
        answering.set(true);
        ask.send("4".getBytes(UTF_8));
        assertThat(receive.receiveAsync(SOON).get(20, TimeUnit.SECONDS).toByteArray())
                .asString(UTF_8)
                .isEqualTo("4");
    }

    @ParameterizedTest
    @EnumSource
    void aMessageThatIsNotSentStaysTheCallers(Sending kind) throws Exception {
        open(kind.socket, kind.peer);
        Sender sender = kind.sender.apply(socket);
        if (kind == Sending.PAIR || kind == Sending.PAIR_VERSION_0) {
            fill(sender);
        }
        try (Message message = Message.of("kept".getBytes(UTF_8))) {
            assertThat(sender.trySend(message)).isFalse();
            assertThatThrownBy(() -> sender.send(message, Duration.ofMillis(10)))
                    .isInstanceOf(NngTimeoutException.class);
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            CompletableFuture<Void> end = waiting(() -> sender.send(message), thread);
            thread.join().interrupt();
            assertEndsBy(end, NngInterruptedException.class);
            assertThat(message.toByteArray()).asString(UTF_8).isEqualTo("kept");
            assertEndsBy(sender.sendAsync(Message.of(new byte[1]), Duration.ofMillis(10)), NngTimeoutException.class);
            assertThat(sender.sendAsync(Message.of(new byte[1])).cancel(true)).isTrue();
            Peers.connect(peer, socket);
            sender.send(message, SOON);
        }
        String last = "";
        while (!last.endsWith("kept")) {
            last = new String(
                    ((Receiver) peer)
                            .receiveAsync(SOON)
                            .get(20, TimeUnit.SECONDS)
                            .toByteArray(),
                    UTF_8);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerIsSentWhenItsPeerReads(Answering kind) throws Exception {
        Conduit answerer = open(kind);
        fill(answerer);
        question(answerer);
        CompletableFuture<Void> end =
                waiting(() -> ((Sender) answerer).send("late".getBytes(UTF_8)), new CompletableFuture<>());
        String last = "";
        while (!last.equals("late")) {
            try (Message answer = ((RawSocket) peer).receive(SOON)) {
                last = new String(answer.toByteArray(), UTF_8);
            }
        }
        end.get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatIsNotSentStaysTheCallers(Answering kind) {
        Conduit answerer = open(kind);
        fill(answerer);
        try (Message answer = Message.of("kept".getBytes(UTF_8))) {
            question(answerer);
            assertThatThrownBy(() -> ((Sender) answerer).send(answer, Duration.ofMillis(10)))
                    .isInstanceOf(NngTimeoutException.class);
            assertThat(answer.toByteArray()).asString(UTF_8).isEqualTo("kept");

            question(answerer);
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            CompletableFuture<Void> interrupted = waiting(() -> ((Sender) answerer).send(answer), thread);
            thread.join().interrupt();
            assertEndsBy(interrupted, NngInterruptedException.class);
            assertThat(answer.toByteArray()).asString(UTF_8).isEqualTo("kept");

            question(answerer);
            CompletableFuture<Void> closed = waiting(() -> ((Sender) answerer).send(answer), new CompletableFuture<>());
            if (answerer instanceof Context context) {
                context.close();
            } else {
                socket.close();
            }
            assertEndsBy(closed, NngClosedException.class);
            assertThat(answer.toByteArray()).asString(UTF_8).isEqualTo("kept");
        }
    }

    private Conduit open(Answering kind) {
        open(kind.socket, () -> RawSocket.open(kind.peer));
        Peers.connect(socket, peer);
        return kind.answerer.apply(socket);
    }

    private void question(Conduit answerer) {
        ((RawSocket) peer).send(Message.of(new byte[1]).setHeader(new byte[] {(byte) 0x80, 0, 0, 1}));
        ((Receiver) answerer).receive(SOON).close();
    }

    /** Answers until no more is taken. */
    private void fill(Conduit answerer) {
        boolean room = true;
        while (room) {
            question(answerer);
            try (Message answer = Message.of(new byte[1])) {
                ((Sender) answerer).send(answer, Duration.ofMillis(50));
            } catch (NngTimeoutException e) {
                room = false;
            }
        }
    }

    /** PAIR has room for some messages of its own. */
    private static void fill(Sender sender) {
        boolean room = true;
        while (room) {
            try (Message message = Message.of(new byte[1])) {
                room = sender.trySend(message);
            }
        }
    }
}
