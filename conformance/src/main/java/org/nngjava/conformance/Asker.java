package org.nngjava.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What REQ and SURVEYOR have in common: they ask, under an id, and take answers that bear it. */
abstract class Asker extends Role {
    static final int HIGH_BIT = 0x8000_0000;

    Asker(Protocol protocol) {
        super(protocol);
    }

    @Override
    final boolean takes() {
        return false;
    }

    @Override
    void serves(Trial trial, SpConnection peer) throws IOException {
        question(peer);
    }

    @Override
    void give(Trial trial, SpConnection peer, byte[] payload) throws IOException {
        answer(peer, question(peer).id, payload);
    }

    /** Waits for a question. */
    static Question question(SpConnection peer) throws IOException {
        byte[] message = peer.receive();
        Trial.expect(message.length >= 4, "a question without an id: " + Bytes.show(message));
        int id = ByteBuffer.wrap(message).getInt();
        Trial.expect(id < 0, "the highest bit of the id is not set: " + Bytes.show(message));
        return new Question(id, Arrays.copyOfRange(message, 4, message.length));
    }

    /** Waits for a question that is not this one asked again. */
    static Question questionAfter(SpConnection peer, Question last) throws IOException {
        Question question = question(peer);
        while (question.id == last.id) {
            question = question(peer);
        }
        return question;
    }

    static void answer(SpConnection peer, int id, byte[] payload) throws IOException {
        peer.send(SpConnection.join(SpConnection.words(id), payload));
    }

    final void bearsAnId(Trial trial) throws IOException {
        Question question = question(trial.connect());
        if (trial.traits().sends() != null) {
            byte[] expected = Bytes.ascii(trial.traits().sends());
            Trial.expectSame(
                    Arrays.copyOf(question.payload, expected.length), expected, "the beginning of the payload");
        }
    }

    final void countsItsIds(Trial trial) throws IOException {
        SpConnection peer = trial.connect();
        Question first = question(peer);
        answer(peer, first.id, trial.payload("one"));
        Question second = questionAfter(peer, first);
        Trial.expect(second.id == (first.id + 1 | HIGH_BIT), "%08x follows %08x".formatted(second.id, first.id));
    }

    final void givesTheAnswer(Trial trial) throws IOException {
        SpConnection peer = trial.connect();
        byte[] payload = trial.payload("answer");
        deliver(trial, peer, payload);
    }

    /** What an endpoint asked. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Question(int id, byte[] payload) {}
}
