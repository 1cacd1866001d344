package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A socket that is said to be ready is, and one that is ready is said to be: or else a poller spins, or waits for ever. */
class ReadinessTest {
    private final String url = "inproc://" + UUID.randomUUID();
    private Poller poller;

    @BeforeEach
    void open() {
        poller = Poller.open();
    }

    @AfterEach
    void close() {
        poller.close();
    }

    static Stream<Arguments> senderAndReceiver() {
        return Stream.of(
                pair(PushSocket::open, PullSocket::open),
                pair(PubSocket::open, SubSocket::open),
                pair(PairSocket::open, PairSocket::open),
                pair(PairSocket::openVersion0, PairSocket::openVersion0),
                pair(PairSocket::openPolyamorous, PairSocket::open),
                pair(PairSocket::open, PairSocket::openPolyamorous),
                pair(BusSocket::open, BusSocket::open),
                pair(ReqSocket::open, RepSocket::open),
                pair(Peers::patientSurveyor, RespondentSocket::open),
                pair(() -> RawSocket.open(Protocol.PUSH), () -> RawSocket.open(Protocol.PULL)),
                pair(() -> RawSocket.open(Protocol.PUB), () -> RawSocket.open(Protocol.SUB)),
                pair(() -> RawSocket.open(Protocol.BUS), BusSocket::open),
                pair(ReqSocket::open, () -> RawSocket.open(Protocol.REP)),
                pair(Peers::patientSurveyor, () -> RawSocket.open(Protocol.RESPONDENT)));
    }

    private static Arguments pair(Supplier<Socket> sender, Supplier<Socket> receiver) {
        return Arguments.of(sender, receiver);
    }

    @ParameterizedTest
    @MethodSource("senderAndReceiver")
    void aReceiverIsReadyUntilItHasReceivedAll(Supplier<Socket> openSender, Supplier<Socket> openReceiver) {
        try (Socket sending = openSender.get();
                Socket receiving = openReceiver.get()) {
            if (receiving instanceof SubSocket sub) {
                sub.subscribe("");
            }
            PollKey key = poller.register(receiving, Readiness.RECEIVE);
            connect(sending, receiving);
            for (int i = 0; i < 3; i++) {
                assertThat(poller.selectNow()).isEmpty();
                Message message = Message.of(new byte[10]);
                await().until(() -> ((Sender) sending).trySend(message));
                assertThat(poller.select(Duration.ofSeconds(5))).containsExactly(key);
                receiveAll(receiving);
                assertThat(poller.selectNow()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("senderAndReceiver")
    void aSenderIsReadyOnceThereIsAPeer(Supplier<Socket> openSender, Supplier<Socket> openReceiver) {
        try (Socket sending = openSender.get();
                Socket receiving = openReceiver.get()) {
            PollKey key = poller.register(sending, Readiness.SEND);
            connect(sending, receiving);
            assertThat(poller.select(Duration.ofSeconds(5))).containsExactly(key);
            assertThat(((Sender) sending).trySend(Message.of(new byte[10]))).isTrue();
        }
    }

    static Stream<Arguments> askingAndAnswering() {
        return Stream.of(pair(ReqSocket::open, RepSocket::open), pair(Peers::patientSurveyor, RespondentSocket::open));
    }

    @ParameterizedTest
    @MethodSource("askingAndAnswering")
    void anAnswerIsReadyToGoOutAndToBeReceived(Supplier<Socket> openAsking, Supplier<Socket> openAnswering) {
        Patches.assume("respondent-answers-at-once");
        try (Socket asking = openAsking.get();
                Socket answering = openAnswering.get()) {
            connect(asking, answering);
            PollKey answer = poller.register(answering, Readiness.SEND);
            PollKey answered = poller.register(asking, Readiness.RECEIVE);
            for (int i = 0; i < 3; i++) {
                ask(asking);
                assertThat(poller.selectNow()).isEmpty();
                ((Receiver) answering).receive(Duration.ofSeconds(5)).close();
                assertThat(poller.select(Duration.ofSeconds(5))).containsExactly(answer);
                assertThat(((Sender) answering).trySend(Message.of(new byte[10])))
                        .isTrue();
                assertThat(poller.select(Duration.ofSeconds(5))).containsExactly(answered);
                assertThat(((Receiver) asking).tryReceive()).isPresent();
                assertThat(poller.selectNow()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("askingAndAnswering")
    void aQuestionGoesWithThePeerThatAskedIt(Supplier<Socket> openAsking, Supplier<Socket> openAnswering) {
        Patches.assume("readiness-is-true");
        try (Socket asking = openAsking.get();
                Socket answering = openAnswering.get()) {
            PollKey key = poller.register(answering, Readiness.RECEIVE);
            Listener listener = answering.listen(url);
            asking.dial(url);
            ask(asking);
            assertThat(poller.select(Duration.ofSeconds(5))).containsExactly(key);
            listener.close();
            await().untilAsserted(() -> assertThat(poller.selectNow()).isEmpty());
            assertThat(((Receiver) answering).tryReceive()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("askingAndAnswering")
    void aNewQuestionThrowsTheAnswerToTheOldOneAway(Supplier<Socket> openAsking, Supplier<Socket> openAnswering) {
        Patches.assume("readiness-is-true");
        try (Socket asking = openAsking.get();
                Socket answering = openAnswering.get()) {
            connect(asking, answering);
            PollKey key = poller.register(asking, Readiness.RECEIVE);
            ask(asking);
            ((Receiver) answering).receive(Duration.ofSeconds(5)).close();
            ((Sender) answering).send(new byte[1]);
            assertThat(poller.select(Duration.ofSeconds(5))).containsExactly(key);
            ask(asking);
            assertThat(poller.selectNow()).isEmpty();
            assertThat(((Receiver) asking).tryReceive()).isEmpty();
        }
    }

    @Test
    void aRequestThatWasLostIsReadyToBeHeardOf() {
        Patches.assume("readiness-is-true");
        try (ReqSocket req = ReqSocket.open();
                RepSocket rep = RepSocket.open()) {
            req.set(NngOptions.REQ_RESEND_TIME, NngOptions.INFINITE);
            connect(req, rep);
            PollKey key = poller.register(req, Readiness.RECEIVE);
            ask(req);
            Message request = rep.receive(Duration.ofSeconds(5));
            request.pipe().orElseThrow().close();
            request.close();
            assertThat(poller.select(Duration.ofSeconds(5))).containsExactly(key);
            assertThatThrownBy(req::tryReceive).hasMessageContaining("ECONNRESET");
            assertThat(poller.selectNow()).isEmpty();
        }
    }

    @Test
    void unsubscribingTakesMessagesAway() {
        Patches.assume("readiness-is-true");
        try (PubSocket pub = PubSocket.open();
                SubSocket sub = SubSocket.open()) {
            sub.subscribe("a");
            connect(pub, sub);
            PollKey key = poller.register(sub, Readiness.RECEIVE);
            pub.send(new byte[] {'a'});
            assertThat(poller.select(Duration.ofSeconds(5))).containsExactly(key);
            sub.unsubscribe("a");
            assertThat(poller.selectNow()).isEmpty();
        }
    }

    @Test
    void aBufferThatHasRoomIsReadyWithoutAPeer() {
        for (PairSocket pair : List.of(PairSocket.open(), PairSocket.openVersion0())) {
            try (pair) {
                pair.set(NngOptions.SEND_BUFFER, 2);
                PollKey key = poller.register(pair, Readiness.SEND);
                assertThat(poller.selectNow()).containsExactly(key);
                try (PairSocket peer =
                        pair.toString().contains("pair0") ? PairSocket.openVersion0() : PairSocket.open()) {
                    connect(peer, pair);
                }
                await().untilAsserted(() -> {
                    try (Message message = Message.of(new byte[1])) {
                        assertThat(pair.trySend(message))
                                .isEqualTo(!poller.selectNow().isEmpty());
                    }
                });
            }
        }
    }

    private void connect(Socket dialling, Socket listening) {
        listening.listen(url);
        dialling.dial(url);
    }

    private static void ask(Socket asking) {
        Message question = Message.of(new byte[10]);
        await().until(() -> ((Sender) asking).trySend(question));
    }

    private static void receiveAll(Socket receiving) {
        int received = 0;
        while (true) {
            var message = ((Receiver) receiving).tryReceive();
            if (message.isEmpty()) {
                break;
            }
            message.get().close();
            received++;
        }
        assertThat(received).isPositive();
    }
}
