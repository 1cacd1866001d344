package org.nngjava.conformance;

import java.io.IOException;
import java.util.List;

/** REQ: asks one of its peers, and again if no answer comes. */
final class Requester extends Asker {
    private static final String RFC = "sp-request-reply-01 ";

    /** An endpoint that gives up a request by itself, just then, is tried once more. */
    private static final int ATTEMPTS = 3;

    private static final int SHARED = 12;

    Requester() {
        super(Protocol.REQ);
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of(
                        "req.id",
                        RFC + "6.1",
                        "A request begins with an id, the highest bit of which is set; the payload follows.",
                        this::bearsAnId),
                Case.of("req.id.next", RFC + "6.1", "The next request has the next id.", this::countsItsIds),
                Case.of(
                        "req.reply",
                        RFC + "6.1",
                        "The reply to a request is given to the program without its id.",
                        this::givesTheAnswer),
                Case.of(
                        "req.stray",
                        RFC + "6.1",
                        "A reply to another request is ignored, and the request stays open.",
                        trial -> staysOpen(
                                trial,
                                question -> SpConnection.join(
                                        SpConnection.words(question.id() ^ 0x0100_0000), trial.payload("wrong")))),
                Case.of(
                        "req.low.bit",
                        RFC + "6.1",
                        "A reply whose highest bit is not set is ignored, and the request stays open.",
                        trial -> staysOpen(
                                trial,
                                question -> SpConnection.join(
                                        SpConnection.words(question.id() ^ HIGH_BIT), trial.payload("wrong")))),
                Case.of(
                        "req.short",
                        RFC + "6.1",
                        "A reply of less than 4 bytes is ignored, and the request stays open.",
                        trial -> staysOpen(trial, question -> new byte[3])),
                Case.of(
                                "req.duplicate",
                                RFC + "6.1",
                                "The second reply to a request is ignored.",
                                this::ignoresTheSecondReply)
                        .deviates("nanomsg", "req-second-reply", "it replaces the first if that was not received yet"),
                Case.of(
                        "req.resend.lost",
                        RFC + "3",
                        "A request whose connection is lost is sent again, with the same id, to another peer.",
                        trial -> staysOpen(trial, question -> null)),
                Case.of(
                        "req.resend.timer",
                        RFC + "6.1",
                        "A request that is not answered in time is sent again, with the same id.",
                        this::asksAgain),
                Case.of(
                        "req.shared",
                        RFC + "5.1",
                        "Requests are distributed among the peers that are there.",
                        this::asksAll));
    }

    private void staysOpen(Trial trial, Reply bad) throws IOException {
        for (int attempt = 1; ; attempt++) {
            SpConnection first = trial.connect();
            Question question = question(first);
            byte[] reply = bad.to(question);
            if (reply != null) {
                first.send(reply);
            }
            first.close();
            SpConnection second = trial.connect();
            Question again = question(second);
            if (again.id() == question.id()) {
                if (trial.sees()) {
                    answer(second, again.id(), trial.payload("right"));
                    expectGiven(trial, second, trial.payload("right"));
                }
                return;
            }
            Trial.expect(attempt < ATTEMPTS, "the request is not sent again");
            second.close();
        }
    }

    private void ignoresTheSecondReply(Trial trial) throws IOException {
        SpConnection peer = trial.connect();
        Question first = question(peer);
        answer(peer, first.id(), trial.payload("first"));
        answer(peer, first.id(), trial.payload("duplicate"));
        Question second = questionAfter(peer, first);
        answer(peer, second.id(), trial.payload("second"));
        expectGiven(trial, peer, trial.payload("first"));
        expectGiven(trial, peer, trial.payload("second"));
    }

    private void asksAgain(Trial trial) throws IOException {
        Trial.require(trial.traits().resendTime() != null, "its resend time is not known");
        SpConnection peer = trial.connect();
        Question first = question(peer);
        for (int attempt = 1; ; attempt++) {
            Question next = question(peer);
            if (next.id() == first.id()) {
                Trial.expectSame(next.payload(), first.payload(), "the payload");
                return;
            }
            Trial.expect(attempt < ATTEMPTS, "the request is not sent again");
            first = next;
        }
    }

    private void asksAll(Trial trial) throws IOException {
        List<SpConnection> peers = List.of(trial.connect(), trial.connect());
        int[] asked = new int[2];
        for (int i = 0; i < SHARED && (asked[0] == 0 || asked[1] == 0); i++) {
            int side = trial.awaitReadable(peers);
            answer(peers.get(side), question(peers.get(side)).id(), trial.payload("shared"));
            asked[side]++;
        }
        Trial.expect(asked[0] > 0 && asked[1] > 0, "of 2 peers one was asked " + (asked[0] + asked[1]) + " times");
    }

    private interface Reply {
        byte[] to(Question question);
    }
}
