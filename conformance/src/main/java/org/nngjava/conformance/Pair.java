package org.nngjava.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * PAIR: one peer at a time. Version 1 counts hops in a header, sp-pair-v1 (the RFC of pair1). For version 0 there is no RFC; nn_pair(7)
 * says what it does.
 */
final class Pair extends Role {
    /** What tells whether an endpoint talks to a peer. */
    static final String PROBE = "welcome?";

    private static final int TTL = 8;

    Pair(Protocol protocol) {
        super(protocol);
    }

    @Override
    List<Case> cases() {
        String prefix = protocol() + ".";
        boolean hops = protocol() == Protocol.PAIR1;
        String document = hops ? "sp-pair-v1 monogamous mode" : "nn_pair(7)";
        List<Case> cases = new ArrayList<>(List.of(
                Case.of(
                        prefix + "second",
                        document,
                        "A second peer is turned away, and the first is served.",
                        this::isTrue),
                Case.of(
                        prefix + "next",
                        document,
                        "When its peer has gone, the next one is taken.",
                        this::takesTheNext)));
        if (hops) {
            String header = "sp-pair-v1 per message header";
            cases.addAll(List.of(
                    Case.of(
                            "pair1.hops.sent",
                            header,
                            "A message goes out with a hop count of 1, as 32 bits before the payload.",
                            this::sendsTheFirstHop),
                    Case.of(
                            "pair1.hops.within",
                            "sp-pair-v1 loop avoidance",
                            "A message with a hop count of 1 to 8 is given to the program, without it.",
                            this::takesHops),
                    Case.of(
                            "pair1.hops.beyond",
                            "sp-pair-v1 loop avoidance",
                            "A message with a hop count of more than 8 is dropped, and its connection serves on.",
                            this::dropsWhatWentTooFar),
                    Case.of(
                                    "pair1.hops.zero",
                                    header,
                                    "A message with a hop count of 0 is dropped.",
                                    trial -> expectIgnored(trial, hop(0, trial.payload("zero"))))
                            .deviates("nng", "pair1-hop-zero", "the message is taken"),
                    Case.of(
                            "pair1.reserved",
                            header,
                            "A message whose reserved 24 bits are not 0 is dropped.",
                            trial -> expectIgnored(
                                    trial,
                                    hop(0x101, trial.payload("reserved")),
                                    hop(0x8000_0001, trial.payload("reserved")))),
                    Case.of(
                            "pair1.short",
                            header,
                            "A message without a whole header is dropped.",
                            trial -> expectIgnored(trial, Trial.nothing(), new byte[3]))));
        }
        return cases;
    }

    @Override
    void serves(Trial trial, SpConnection peer) throws IOException {
        if (trial.echoes() || trial.sees()) {
            byte[] payload = trial.payload("does it serve?");
            deliver(trial, peer, payload);
        } else {
            peer.receive();
        }
    }

    @Override
    byte[] message(Trial trial, byte[] payload) {
        return protocol() == Protocol.PAIR1 ? hop(1, payload) : payload;
    }

    @Override
    void expectGiven(Trial trial, SpConnection peer, byte[] payload) throws IOException {
        if (trial.echoes()) {
            byte[] expected = message(trial, payload);
            byte[] echo = peer.receive();
            while (!trial.concerns(echo, expected)) {
                echo = peer.receive(); // what the program sent to the last peer, which had gone
            }
            Trial.expectSame(echo, expected, "the echo");
        } else {
            super.expectGiven(trial, peer, payload);
        }
    }

    /** After the greetings, an endpoint that has a peer already closes the connection. */
    @Override
    boolean welcomed(Trial trial, SpConnection peer) throws IOException {
        byte[] probe = trial.payload(PROBE);
        try {
            give(trial, peer, probe);
            if (trial.echoes() || trial.sees()) {
                expectGiven(trial, peer, probe);
                return true;
            }
            return !peer.wire.closes(trial.silence());
        } catch (Wire.Closed e) {
            return false;
        }
    }

    @Override
    boolean echoes(Trial trial) throws IOException {
        long deadline = System.nanoTime() + trial.patience().toNanos();
        while (System.nanoTime() - deadline < 0) {
            try (SpConnection peer = trial.connect(protocol().peer())) {
                byte[] probe = message(trial, trial.payload("echo?"));
                peer.send(probe);
                if (peer.wire.readable(trial.silence())) {
                    return Arrays.equals(peer.receive(), probe);
                }
                return false;
            } catch (Wire.Closed e) {
                trial.note("has another peer still");
                Wire.pause();
            }
        }
        return false;
    }

    private void isTrue(Trial trial) throws IOException {
        SpConnection first = trial.connect();
        SpConnection second = trial.connect(protocol().peer());
        trial.expectClosed(second.wire);
        serves(trial, first);
    }

    private void takesTheNext(Trial trial) throws IOException {
        for (int i = 0; i < 3; i++) {
            SpConnection peer = trial.connect();
            serves(trial, peer);
            peer.close();
        }
    }

    private void sendsTheFirstHop(Trial trial) throws IOException {
        SpConnection peer = trial.connect();
        if (trial.echoes()) {
            give(trial, peer, trial.payload("hop"));
        }
        Trial.require(peer.wire.readable(trial.patience().dividedBy(2)), "its program sends nothing");
        byte[] message = peer.receive();
        Trial.expect(
                message.length >= 4 && ByteBuffer.wrap(message).getInt() == 1, "the message is " + Bytes.show(message));
    }

    private void takesHops(Trial trial) throws IOException {
        SpConnection peer = trial.connect();
        for (int count = 1; count <= TTL; count++) {
            byte[] payload = trial.payload("hop " + count);
            peer.send(hop(count, payload));
            expectGiven(trial, peer, payload);
        }
    }

    private void dropsWhatWentTooFar(Trial trial) throws IOException {
        SpConnection peer = trial.connect();
        peer.send(hop(TTL + 1, trial.payload("too far")));
        peer.send(hop(0xff, trial.payload("too far")));
        serves(trial, peer);
    }

    private static byte[] hop(int header, byte[] payload) {
        return SpConnection.join(SpConnection.words(header), payload);
    }
}
