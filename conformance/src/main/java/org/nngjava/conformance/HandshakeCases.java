package org.nngjava.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How an endpoint introduces itself on tcp and ipc, whom it turns away, and that strangers do not keep it from serving. */
final class HandshakeCases {
    private static final String HEADER = "sp-tcp-mapping-01 2, sp-ipc-mapping-01 2";
    private static final int STRANGERS = 10;
    private static final int SCAN = 50;

    private final Role role;

    private HandshakeCases(Role role) {
        this.role = role;
    }

    static List<Case> of(Role role) {
        HandshakeCases cases = new HandshakeCases(role);
        List<Case> all = List.of(
                Case.of(
                        "greeting",
                        HEADER,
                        "The endpoint sends 00 53 50 00, the number of its protocol, and 00 00, without waiting for its peer.",
                        cases::introducesItself),
                Case.of(
                        "greeting.split",
                        HEADER,
                        "A greeting that arrives byte by byte is taken.",
                        cases::takesItInPieces),
                Case.of(
                        "greeting.together",
                        HEADER,
                        "A greeting and a message that arrive together are both taken.",
                        cases::takesItWithAMessage),
                Case.of(
                        "refuse.magic",
                        HEADER,
                        "A greeting that does not begin with 00 53 50 closes the connection.",
                        trial -> cases.refuses(
                                trial, changed(0, 1), changed(1, 's'), changed(2, 'p'), Bytes.ascii("GET / HT"))),
                Case.of(
                        "refuse.version",
                        HEADER,
                        "A greeting of another version than 0 closes the connection.",
                        trial -> cases.refuses(trial, changed(3, 1), changed(3, 0xff))),
                Case.of(
                                "refuse.reserved",
                                HEADER,
                                "A greeting whose last two bytes are not 0 closes the connection.",
                                trial -> cases.refuses(trial, changed(6, 1), changed(7, 1)))
                        .deviates("nanomsg", "greeting-reserved", "the last two bytes are not looked at"),
                Case.of(
                        "refuse.peer",
                        "sp-request-reply-01 3, sp-surveyor-01 3, sp-pair-v1",
                        "A peer of any other protocol than the one that belongs to this has its connection closed.",
                        cases::refusesOthers),
                Case.of(
                        "strangers.silent",
                        HEADER,
                        "Peers that connect and say nothing do not keep others from being served.",
                        cases::servesBesideTheSilent),
                Case.of(
                        "strangers.slow",
                        HEADER,
                        "Peers that send their greeting a byte now and then do not keep others from being served.",
                        cases::servesBesideTheSlow),
                Case.of(
                        "strangers.gone",
                        HEADER,
                        "Peers that leave in the middle of their greeting do no harm.",
                        cases::servesAfterTheGone),
                Case.of(
                        "strangers.scan",
                        HEADER,
                        "Peers that connect and leave at once do no harm.",
                        cases::servesAfterAScan));
        return all.stream().map(some -> some.on(Transport.TCP, Transport.IPC)).toList();
    }

    private void introducesItself(Trial trial) throws IOException {
        byte[] greeting = trial.wire().read(8, trial.patience());
        Trial.expectSame(greeting, StreamConnection.greeting(trial.protocol().number()), "the greeting");
    }

    private void takesItInPieces(Trial trial) throws IOException {
        role.serves(trial, trial.connect(() -> {
            Wire wire = trial.wire();
            for (byte b : StreamConnection.greeting(trial.protocol().peer())) {
                wire.write(new byte[] {b}, trial.patience());
            }
            return trial.met(wire);
        }));
    }

    private void takesItWithAMessage(Trial trial) throws IOException {
        Trial.require(role.takes(), "its peer may not begin");
        byte[] payload = trial.payload(Pair.PROBE);
        byte[] message;
        try (SpConnection peer = trial.connect()) {
            message = peer.frame(role.message(trial, payload));
        }
        byte[] together =
                SpConnection.join(StreamConnection.greeting(trial.protocol().peer()), message);
        SpConnection taken = trial.connect(() -> {
            Wire wire = trial.wire();
            wire.write(together, trial.patience());
            return trial.met(wire);
        });
        if (role instanceof Pair) {
            return; // it talks to this peer because it was given the message
        }
        if (trial.sees() || trial.echoes()) {
            role.expectGiven(trial, taken, payload);
        } else {
            role.serves(trial, taken);
        }
    }

    private void refuses(Trial trial, byte[]... greetings) throws IOException {
        for (byte[] greeting : greetings) {
            Wire wire = trial.wire();
            byte[] sent = greeting.clone();
            if (sent[4] == 0) {
                sent[5] = (byte) trial.protocol().peer();
            }
            wire.write(sent, trial.patience());
            Trial.expect(wire.closes(trial.patience()), "the endpoint keeps a peer that said " + Bytes.show(sent));
        }
        role.serves(trial);
    }

    private void refusesOthers(Trial trial) throws IOException {
        List<Integer> numbers = new ArrayList<>(
                Arrays.stream(Protocol.values()).map(Protocol::number).toList());
        numbers.addAll(List.of(0, 0x60, 0x1_00 | trial.protocol().peer(), 0xffff));
        numbers.remove((Integer) trial.protocol().peer());
        for (int number : numbers) {
            Wire wire = trial.wire();
            wire.write(StreamConnection.greeting(number), trial.patience());
            Trial.expect(wire.closes(trial.patience()), "the endpoint keeps a peer of protocol %04x".formatted(number));
        }
        role.serves(trial);
    }

    private void servesBesideTheSilent(Trial trial) throws IOException {
        for (int i = 0; i < STRANGERS; i++) {
            trial.wire();
        }
        role.serves(trial);
    }

    private void servesBesideTheSlow(Trial trial) throws IOException {
        byte[] greeting = StreamConnection.greeting(trial.protocol().peer());
        List<Wire> slow = new ArrayList<>();
        for (int i = 0; i < STRANGERS; i++) {
            slow.add(trial.wire());
        }
        for (int sent = 0; sent < 3; sent++) {
            byte[] next = {greeting[sent]};
            for (Wire wire : slow) {
                trial.writeIfOpen(wire, next);
            }
            role.serves(trial);
        }
    }

    private void servesAfterTheGone(Trial trial) throws IOException {
        byte[] greeting = StreamConnection.greeting(trial.protocol().peer());
        for (int length = 0; length < greeting.length; length++) {
            Wire polite = trial.wire();
            polite.write(Arrays.copyOf(greeting, length), trial.patience());
            polite.close();
            Wire rude = trial.wire();
            rude.write(Arrays.copyOf(greeting, length), trial.patience());
            rude.abort();
        }
        role.serves(trial);
    }

    private void servesAfterAScan(Trial trial) throws IOException {
        for (int i = 0; i < SCAN; i++) {
            trial.wire().close();
            trial.wire().abort();
        }
        role.serves(trial);
    }

    /** A greeting with one byte changed; the number of the peer is still to be filled in. */
    private static byte[] changed(int index, int value) {
        byte[] greeting = StreamConnection.greeting(0);
        greeting[index] = (byte) value;
        return greeting;
    }
}
