package org.nngjava.conformance;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** SURVEYOR: asks all of its peers. */
final class Surveyor extends Asker {
    private static final String RFC = "sp-surveyor-01 ";
    private static final int SURVEYS = 4;
    private static final int ATTEMPTS = 3;

    Surveyor() {
        super(Protocol.SURVEYOR);
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of(
                        "surveyor.id",
                        RFC + "6.1",
                        "A survey begins with an id, the highest bit of which is set; the payload follows.",
                        this::bearsAnId),
                Case.of("surveyor.id.next", RFC + "6.1", "The next survey has the next id.", this::countsItsIds),
                Case.of("surveyor.everyone", RFC + "5.1", "A survey goes to all peers.", this::asksAll),
                Case.of(
                        "surveyor.response",
                        RFC + "6.1",
                        "A response to a survey is given to the program without its id.",
                        this::givesTheAnswer),
                Case.of(
                        "surveyor.stray",
                        RFC + "6.1",
                        "A response to another survey is ignored.",
                        trial -> ignores(
                                trial,
                                question -> SpConnection.join(
                                        SpConnection.words(question.id() ^ 0x0100_0000), trial.payload("wrong")))),
                Case.of(
                        "surveyor.low.bit",
                        RFC + "6.1",
                        "A response whose highest bit is not set is ignored.",
                        trial -> ignores(
                                trial,
                                question -> SpConnection.join(
                                        SpConnection.words(question.id() ^ HIGH_BIT), trial.payload("wrong")))),
                Case.of(
                        "surveyor.short",
                        RFC + "6.1",
                        "A response of less than 4 bytes is ignored.",
                        trial -> ignores(trial, question -> new byte[3])),
                Case.of(
                        "surveyor.late",
                        RFC + "6.1",
                        "A response to a survey that is over is ignored.",
                        this::ignoresLateResponses));
    }

    /** Answers the newest survey: on a slow machine, those before it may be over. */
    @Override
    void give(Trial trial, SpConnection peer, byte[] payload) throws IOException {
        Question newest = question(peer);
        while (peer.wire.readable(Duration.ZERO)) {
            newest = question(peer);
        }
        answer(peer, newest.id(), payload);
    }

    /** On a slow machine the survey may be over when the answer comes. */
    @Override
    void deliver(Trial trial, SpConnection peer, byte[] payload) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                super.deliver(trial, peer, payload);
                return;
            } catch (Wire.Late e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void asksAll(Trial trial) throws IOException {
        SpConnection left = trial.connect();
        SpConnection right = trial.connect();
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < SURVEYS; i++) {
            if (!ids.add(question(left).id()) || !ids.add(question(right).id())) {
                return;
            }
        }
        throw new Unexpected("no survey came to both peers");
    }

    private void ignores(Trial trial, Response bad) throws IOException {
        SpConnection peer = trial.connect();
        peer.send(bad.to(question(peer)));
        byte[] good = trial.payload("good");
        try {
            deliver(trial, peer, good);
        } catch (Wire.Closed e) {
            trial.note("closes the connection");
            deliver(trial, trial.connect(), good);
        }
    }

    private void ignoresLateResponses(Trial trial) throws IOException {
        SpConnection peer = trial.connect();
        Question over = question(peer);
        Question next = questionAfter(peer, over);
        answer(peer, over.id(), trial.payload("late"));
        answer(peer, next.id(), trial.payload("good"));
        expectGiven(trial, peer, trial.payload("good"));
    }

    private interface Response {
        byte[] to(Question question);
    }
}
