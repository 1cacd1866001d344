package org.nngjava.conformance;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** What sp-websocket-v1 and RFC 6455 ask of a server. */
final class WebSocketCases {
    private static final String MAPPING = "sp-websocket-v1";

    private final Role role;

    private WebSocketCases(Role role) {
        this.role = role;
    }

    static List<Case> of(Role role) {
        WebSocketCases cases = new WebSocketCases(role);
        List<Case> all = List.of(
                Case.of(
                        "ws.upgrade",
                        MAPPING + " connection initiation",
                        "A client that names the server's subprotocol, NAME.sp.nanomsg.org, is upgraded, and told the same.",
                        trial -> role.serves(trial, trial.connect())),
                Case.of(
                        "ws.subprotocol.other",
                        MAPPING + " connection initiation",
                        "A client that names another subprotocol is not upgraded.",
                        cases::refusesOtherProtocols),
                Case.of(
                                "ws.subprotocol.none",
                                MAPPING + " connection initiation",
                                "A client that names no subprotocol is not upgraded.",
                                trial -> cases.refuses(trial, "", ""))
                        .deviates("nanomsg", "ws-subprotocol-none", "the client is upgraded"),
                Case.of(
                                "ws.entity",
                                MAPPING + " underlying protocol",
                                "A request with content is answered by an error.",
                                trial -> cases.refuses(
                                        trial,
                                        "Sec-WebSocket-Protocol: "
                                                + trial.protocol().subprotocol() + "\r\nContent-Length: 4\r\n",
                                        "1234"))
                        .deviates("nanomsg", "ws-entity", "the client is upgraded"),
                Case.of(
                        "ws.split",
                        "RFC 6455 4.1",
                        "A request that arrives in pieces is taken.",
                        cases::takesTheRequestInPieces),
                Case.of(
                        "ws.fragments",
                        MAPPING + " message format",
                        "A message in several frames is put together, empty ones among them.",
                        cases::takesFragments),
                Case.of(
                                "ws.ping",
                                MAPPING + " control frames",
                                "A PING is answered by a PONG with the same data.",
                                cases::answersPings)
                        .deviates("nanomsg", "ws-ping", "a PING is not answered"),
                Case.of(
                                "ws.ping.between",
                                MAPPING + " control frames",
                                "A PING between the frames of a message is answered, and the message put together.",
                                cases::answersPingsBetweenFragments)
                        .deviates("nanomsg", "ws-ping", "a PING is not answered"),
                Case.of(
                        "ws.close",
                        MAPPING + " control frames",
                        "After a CLOSE frame the endpoint sends nothing but a CLOSE frame, and ends the connection.",
                        cases::closes),
                Case.of("ws.text", MAPPING + " underlying protocol", "A TEXT frame is not taken.", cases::refusesText)
                        .deviates("nanomsg", "ws-text", "it is taken"),
                Case.of(
                        "ws.unmasked",
                        "RFC 6455 5.1",
                        "A frame that is not masked closes the connection.",
                        trial -> cases.refusesFrame(
                                trial,
                                SpConnection.join(
                                        WebSocketConnection.head(true, WebSocketConnection.BINARY, 4), new byte[4]))),
                Case.of(
                        "ws.reserved",
                        "RFC 6455 5.2",
                        "A frame with a reserved bit or opcode closes the connection.",
                        trial -> cases.refusesFrame(
                                trial,
                                WebSocketConnection.frame(true, 0x42, new byte[4]),
                                WebSocketConnection.frame(true, 3, new byte[4]),
                                WebSocketConnection.frame(true, 11, new byte[4]))),
                Case.of(
                        "ws.continuation",
                        "RFC 6455 5.4",
                        "A continuation of nothing, and a new message within another, close the connection.",
                        trial -> cases.refusesFrame(
                                trial,
                                WebSocketConnection.frame(true, WebSocketConnection.CONTINUATION, new byte[4]),
                                SpConnection.join(
                                        WebSocketConnection.frame(false, WebSocketConnection.BINARY, new byte[4]),
                                        WebSocketConnection.frame(true, WebSocketConnection.BINARY, new byte[4])))),
                Case.of(
                        "ws.control.long",
                        "RFC 6455 5.5",
                        "A control frame of more than 125 bytes closes the connection.",
                        trial -> cases.refusesFrame(
                                trial, WebSocketConnection.frame(true, WebSocketConnection.PING, new byte[126]))),
                Case.of(
                                "ws.control.fragment",
                                "RFC 6455 5.5",
                                "A control frame that is fragmented closes the connection.",
                                trial -> cases.refusesFrame(
                                        trial, WebSocketConnection.frame(false, WebSocketConnection.PING, new byte[4])))
                        .deviates("nng", "ws-fragmented-ping", "it is taken for a whole one"));
        return all.stream().map(some -> some.on(Transport.WS)).toList();
    }

    private void refusesOtherProtocols(Trial trial) throws IOException {
        for (Protocol other : Protocol.values()) {
            if (other != trial.protocol()) {
                refuse(trial, "Sec-WebSocket-Protocol: " + other.subprotocol() + "\r\n", "");
            }
        }
        refuses(trial, "Sec-WebSocket-Protocol: x-nanomsg-" + trial.protocol() + "\r\n", "");
    }

    private void refuses(Trial trial, String lines, String content) throws IOException {
        refuse(trial, lines, content);
        role.serves(trial);
    }

    private static void refuse(Trial trial, String lines, String content) throws IOException {
        try (Wire wire = trial.wire()) {
            wire.write(
                    SpConnection.join(WebSocketConnection.request(trial.address(), lines), Bytes.ascii(content)),
                    trial.patience());
            if (!wire.readable(trial.silence())) {
                trial.note("says nothing");
                return;
            }
            byte[] status = wire.read(12, trial.patience());
            Trial.expect(
                    !Arrays.equals(status, Bytes.ascii("HTTP/1.1 101")),
                    "the endpoint upgrades a client that said " + Bytes.show(Bytes.ascii(lines)));
        } catch (Wire.Closed e) {
            trial.note("closes the connection");
        }
    }

    private void takesTheRequestInPieces(Trial trial) throws IOException {
        byte[] request = WebSocketConnection.request(
                trial.address(), "Sec-WebSocket-Protocol: " + trial.protocol().subprotocol() + "\r\n");
        role.serves(trial, trial.connect(() -> {
            Wire wire = trial.wire();
            for (byte b : request) {
                wire.write(new byte[] {b}, trial.patience());
            }
            return trial.met(wire);
        }));
    }

    private void takesFragments(Trial trial) throws IOException {
        requireTaker();
        WebSocketConnection peer = trial.webSocket();
        byte[] payload = trial.payload(1000);
        byte[] message = role.message(trial, payload);
        peer.write(fragments(message, Trial.nothing()));
        role.expectGiven(trial, peer, payload);
    }

    private void answersPings(Trial trial) throws IOException {
        WebSocketConnection peer = trial.webSocket();
        for (int length : new int[] {0, 4, 125}) {
            byte[] data = trial.payload(length);
            peer.write(WebSocketConnection.frame(true, WebSocketConnection.PING, data));
            expectPong(peer, data);
        }
    }

    private void answersPingsBetweenFragments(Trial trial) throws IOException {
        requireTaker();
        WebSocketConnection peer = trial.webSocket();
        byte[] data = trial.payload("ping");
        byte[] payload = trial.payload("between");
        peer.write(fragments(
                role.message(trial, payload), WebSocketConnection.frame(true, WebSocketConnection.PING, data)));
        expectPong(peer, data);
        role.expectGiven(trial, peer, payload);
    }

    private void closes(Trial trial) throws IOException {
        WebSocketConnection peer = trial.webSocket();
        peer.write(WebSocketConnection.frame(true, WebSocketConnection.CLOSE, new byte[] {3, (byte) 0xe8}));
        trial.expectClosed(peer.wire);
        role.serves(trial);
    }

    private void refusesText(Trial trial) throws IOException {
        requireTaker();
        WebSocketConnection peer = trial.webSocket();
        byte[] good = trial.payload("good");
        peer.write(
                WebSocketConnection.frame(true, WebSocketConnection.TEXT, role.message(trial, trial.payload("text"))));
        try {
            role.deliver(trial, peer, good);
        } catch (Wire.Closed e) {
            trial.note("closes the connection");
            peer.close();
            SpConnection next = trial.connect();
            role.deliver(trial, next, good);
        }
    }

    private void refusesFrame(Trial trial, byte[]... frames) throws IOException {
        for (byte[] frame : frames) {
            WebSocketConnection peer = trial.webSocket();
            peer.write(frame);
            Trial.expect(
                    peer.wire.closes(trial.patience()), "the endpoint keeps a peer that sent " + Bytes.show(frame));
        }
        role.serves(trial);
    }

    private static void expectPong(WebSocketConnection peer, byte[] data) throws IOException {
        long deadline = System.nanoTime() + peer.patience.toNanos();
        WebSocketConnection.Frame frame = peer.receiveFrame(peer.patience);
        while (frame.opcode() <= WebSocketConnection.BINARY && System.nanoTime() - deadline < 0) {
            frame = peer.receiveFrame(peer.patience);
        }
        Trial.expect(frame.opcode() == WebSocketConnection.PONG, "a frame with opcode " + frame.opcode());
        Trial.expectSame(frame.data(), data, "the data of the PONG");
    }

    /** A message in four frames, the third of them empty, with something after the first. */
    private static byte[] fragments(byte[] message, byte[] between) {
        int middle = message.length / 2;
        return SpConnection.join(
                WebSocketConnection.frame(false, WebSocketConnection.BINARY, Arrays.copyOf(message, 1)),
                between,
                WebSocketConnection.frame(
                        false, WebSocketConnection.CONTINUATION, Arrays.copyOfRange(message, 1, middle)),
                WebSocketConnection.frame(false, WebSocketConnection.CONTINUATION, Trial.nothing()),
                WebSocketConnection.frame(
                        true, WebSocketConnection.CONTINUATION, Arrays.copyOfRange(message, middle, message.length)));
    }

    private void requireTaker() {
        Trial.require(role.takes(), role.listens() ? "its peer may only answer" : "it takes no messages");
    }
}
