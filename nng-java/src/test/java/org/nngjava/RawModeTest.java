package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RawModeTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final byte[] ID = {(byte) 0x80, 1, 2, 3};
    private static final Set<Protocol> DEAF = EnumSet.of(Protocol.PUB, Protocol.PUSH);
    private static final Set<Protocol> MUTE = EnumSet.of(Protocol.SUB, Protocol.PULL);

    private static Message message(String text) {
        return Message.of(text.getBytes(UTF_8));
    }

    private static String text(Message message) {
        try (message) {
            return new String(message.toByteArray(), UTF_8);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRawSocketSpeaksItsProtocolAndSaysSo(Protocol protocol) {
        try (RawSocket socket = RawSocket.open(protocol)) {
            assertThat(socket.get(NngOptions.RAW)).isTrue();
            assertThat(socket.get(NngOptions.PROTOCOL_NAME))
                    .isEqualTo(protocol == Protocol.PAIR0 ? "pair" : protocol.toString());
            assertThat(socket.toString()).startsWith("raw " + protocol);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDirectionThatTheProtocolLacksIsNotSupported(Protocol protocol) throws Exception {
        try (RawSocket socket = RawSocket.open(protocol);
                Message message = Message.allocate(3)) {
            if (MUTE.contains(protocol)) {
                assertThatThrownBy(() -> socket.send(message)).hasMessageContaining("ENOTSUP");
                assertThatThrownBy(() -> socket.trySend(message)).hasMessageContaining("ENOTSUP");
                assertThat(message.size()).isEqualTo(3);
                assertThatThrownBy(() -> socket.sendAsync(message.duplicate()).get())
                        .hasMessageContaining("ENOTSUP");
            }
            if (DEAF.contains(protocol)) {
                assertThatThrownBy(socket::receive).hasMessageContaining("ENOTSUP");
                assertThatThrownBy(socket::tryReceive).hasMessageContaining("ENOTSUP");
                assertThatThrownBy(() -> socket.receiveAsync().get()).hasMessageContaining("ENOTSUP");
            } else {
                assertThat(socket.tryReceive()).isEmpty();
            }
        }
    }

    @Test
    void aRawRequesterNumbersItsRequestsItself() {
        try (RawSocket req = RawSocket.open(Protocol.REQ);
                RepSocket rep = RepSocket.open()) {
            Peers.connect(rep, req);
            req.send(message("question").setHeader(ID));
            assertThat(text(rep.receive(SOON))).isEqualTo("question");
            rep.send("answer".getBytes(UTF_8));
            try (Message reply = req.receive(SOON)) {
                assertThat(reply.headerBytes()).isEqualTo(ID);
                assertThat(text(reply)).isEqualTo("answer");
            }
        }
    }

    @Test
    void aRawReplierRoutesByTheHeader() {
        try (RawSocket rep = RawSocket.open(Protocol.REP);
                RawSocket left = RawSocket.open(Protocol.REQ);
                RawSocket right = RawSocket.open(Protocol.REQ)) {
            Peers.connect(rep, left);
            Peers.connect(rep, right);
            left.send(message("left").setHeader(ID));
            right.send(message("right").setHeader(ID));
            for (int i = 0; i < 2; i++) {
                try (Message request = rep.receive(SOON)) {
                    ByteBuffer header = request.header();
                    assertThat(header.getInt())
                            .isEqualTo(request.pipe().orElseThrow().id());
                    assertThat(header.slice()).isEqualTo(ByteBuffer.wrap(ID));
                    rep.send(request.duplicate());
                }
            }
            assertThat(text(left.receive(SOON))).isEqualTo("left");
            assertThat(text(right.receive(SOON))).isEqualTo("right");
        }
    }

    @Test
    void aRawSurveyorNumbersItsSurveysItself() {
        try (RawSocket surveyor = RawSocket.open(Protocol.SURVEYOR);
                RespondentSocket respondent = RespondentSocket.open()) {
            Peers.connect(surveyor, respondent);
            surveyor.send(message("question").setHeader(ID));
            assertThat(text(respondent.receive(SOON))).isEqualTo("question");
            respondent.send("answer".getBytes(UTF_8));
            try (Message answer = surveyor.receive(SOON)) {
                assertThat(answer.headerBytes()).isEqualTo(ID);
                assertThat(text(answer)).isEqualTo("answer");
            }
        }
    }

    @Test
    void aRawRespondentHoldsSurveysAndAnswersThemLaterByTheirHeaders() {
        try (RawSocket respondent = RawSocket.open(Protocol.RESPONDENT);
                SurveyorSocket surveyor = SurveyorSocket.open();
                SurveyorContext one = surveyor.openContext();
                SurveyorContext two = surveyor.openContext()) {
            Peers.connect(respondent, surveyor);
            one.set(NngOptions.SURVEY_TIME, SOON);
            two.set(NngOptions.SURVEY_TIME, SOON);
            one.send("one".getBytes(UTF_8));
            two.send("two".getBytes(UTF_8));
            Message first = respondent.receive(SOON);
            Message second = respondent.receive(SOON);
            respondent.send(second);
            respondent.send(first);
            assertThat(text(one.receive(SOON))).isEqualTo("one");
            assertThat(text(two.receive(SOON))).isEqualTo("two");
        }
    }

    @Test
    void whatARawBusSendsOnDoesNotGoBackToItsSender() {
        try (RawSocket middle = RawSocket.open(Protocol.BUS);
                BusSocket left = BusSocket.open();
                BusSocket right = BusSocket.open()) {
            Peers.connect(middle, left);
            Peers.connect(middle, right);
            left.send("of left".getBytes(UTF_8));
            try (Message message = middle.receive(SOON)) {
                assertThat(message.header().getInt())
                        .isEqualTo(message.pipe().orElseThrow().id());
                middle.send(message.duplicate());
            }
            assertThat(text(right.receive(SOON))).isEqualTo("of left");
            middle.send(message("of the middle"));
            assertThat(text(left.receive(SOON))).isEqualTo("of the middle");
        }
    }

    @Test
    void aRawPair1CountsTheHops() {
        try (RawSocket raw = RawSocket.open(Protocol.PAIR1);
                PairSocket cooked = PairSocket.open();
                Message headless = message("headless")) {
            Peers.connect(raw, cooked);
            cooked.send("ping".getBytes(UTF_8));
            try (Message message = raw.receive(SOON)) {
                assertThat(message.headerBytes()).containsExactly(0, 0, 0, 1);
                raw.send(message.duplicate());
            }
            assertThat(text(cooked.receive(SOON))).isEqualTo("ping");
            assertThatThrownBy(() -> raw.send(headless)).hasMessageContaining("EPROTO");
            assertThat(text(headless)).isEqualTo("headless");
        }
    }

    @Test
    void aRawPair0HasNoHeader() {
        try (RawSocket raw = RawSocket.open(Protocol.PAIR0);
                PairSocket cooked = PairSocket.openVersion0()) {
            Peers.connect(raw, cooked);
            cooked.send("ping".getBytes(UTF_8));
            try (Message message = raw.receive(SOON)) {
                assertThat(message.headerBytes()).isEmpty();
                raw.send(message.duplicate());
            }
            assertThat(text(cooked.receive(SOON))).isEqualTo("ping");
        }
    }

    @Test
    void aRawPipelineIsAPipeline() {
        try (RawSocket push = RawSocket.open(Protocol.PUSH);
                RawSocket pull = RawSocket.open(Protocol.PULL)) {
            Peers.connect(push, pull);
            push.send(message("work"));
            assertThat(text(pull.receive(SOON))).isEqualTo("work");
        }
    }

    @Test
    void aRawSubscriberReceivesEverything() {
        try (RawSocket pub = RawSocket.open(Protocol.PUB);
                RawSocket sub = RawSocket.open(Protocol.SUB)) {
            Peers.connect(pub, sub);
            pub.send(message("news"));
            assertThat(text(sub.receive(SOON))).isEqualTo("news");
        }
    }

    @Test
    void aHeaderOfFullLengthPassesInproc() {
        Patches.assume("message-insert-stays-inside");
        try (RawSocket req = RawSocket.open(Protocol.REQ);
                RawSocket rep = RawSocket.open(Protocol.REP)) {
            Peers.connect(rep, req);
            rep.set(NngOptions.MAX_TTL, 15);
            byte[] header = new byte[56]; // 13 forwarders and the request
            header[52] = (byte) 0x80;
            for (int i = 0; i < 200; i++) {
                req.send(Message.allocate(100 + i).setHeader(header));
                try (Message request = rep.receive(SOON)) {
                    assertThat(request.size()).isEqualTo(100 + i);
                    assertThat(request.headerBytes()).endsWith(header).hasSize(60);
                }
            }
        }
    }
}
