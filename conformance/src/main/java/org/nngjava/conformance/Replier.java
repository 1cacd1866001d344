package org.nngjava.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** REP and RESPONDENT: both answer a message with the stack of tags that it came with. */
final class Replier extends Role {
    private static final int LAST = 0x8000_0000;
    private static final int SUGGESTED_TTL = 8;
    private static final int MOST_UNREAD = 1 << 18;

    private final String rfc;

    Replier(Protocol protocol, String rfc) {
        super(protocol);
        this.rfc = rfc;
    }

    @Override
    List<Case> cases() {
        String prefix = protocol() + ".";
        return List.of(
                Case.of(
                        prefix + "id",
                        rfc + " 6.2",
                        "An answer begins with the tag of its question, the highest bit of which is set.",
                        this::answersWithTheId),
                Case.of(
                        prefix + "stack",
                        rfc + " 6.2",
                        "An answer begins with the whole stack of tags that came with the question.",
                        this::answersWithTheStack),
                Case.of(
                        prefix + "bottom",
                        rfc + " 6.2",
                        "The first tag with its highest bit set ends the stack; what follows is payload, whatever it looks like.",
                        this::endsTheStackAtTheHighBit),
                Case.of(
                        prefix + "short",
                        rfc + " 6.2",
                        "A question of less than 4 bytes is ignored.",
                        trial -> ignores(trial, new byte[3], new byte[1], Trial.nothing())),
                Case.of(
                        prefix + "bottomless",
                        rfc + " 6.2",
                        "A question whose stack has no end is ignored.",
                        trial -> ignores(trial, SpConnection.words(1, 2), SpConnection.words(0x7fff_ffff))),
                Case.of(
                        prefix + "ttl.within",
                        rfc + " 7",
                        "A question that passed 7 devices is answered.",
                        trial -> expectStack(trial, trial.connect(), stack(SUGGESTED_TTL - 1))),
                Case.of(
                        prefix + "ttl.beyond",
                        rfc + " 7",
                        "A question that passed more than 8 devices is dropped, and its connection serves on.",
                        this::dropsWhatPassedTooManyDevices),
                Case.of(
                        prefix + "pipelined",
                        rfc + " 6.2",
                        "Questions that arrive together are each answered once, with their own tags.",
                        this::answersEachOnce),
                Case.of(
                        prefix + "same.id",
                        rfc + " 3",
                        "Two peers that use the same tag each get their own answers.",
                        this::keepsPeersApart),
                Case.of(
                        prefix + "asker.gone",
                        rfc + " 5.2",
                        "An answer to a peer that has gone is dropped, and others are served.",
                        this::survivesTheAskersEnd),
                Case.of(
                                prefix + "pushback",
                                rfc + " 5.2",
                                "Answers to a peer that does not read them are dropped, and do not keep others from being served.",
                                this::dropsWhatIsNotRead)
                        .deviates("nng", "answer-waits", "the answer waits, and with it the program that sends it"));
    }

    @Override
    void serves(Trial trial, SpConnection peer) throws IOException {
        expectStack(trial, peer, new int[] {id()});
    }

    @Override
    byte[] message(Trial trial, byte[] payload) {
        return question(payload, id());
    }

    @Override
    void expectGiven(Trial trial, SpConnection peer, byte[] payload) throws IOException {
        if (trial.echoes()) {
            Trial.expectSame(Answer.of(peer.receive()).payload, payload, "the echo");
        } else {
            super.expectGiven(trial, peer, payload);
        }
    }

    @Override
    boolean echoes(Trial trial) throws IOException {
        SpConnection peer = trial.connect();
        peer.send(question(trial.payload("echo?"), id()));
        return Arrays.equals(Answer.of(peer.receive()).payload, trial.payload("echo?"));
    }

    private void answersWithTheId(Trial trial) throws IOException {
        SpConnection peer = trial.connect();
        for (int id : new int[] {LAST, 0xffff_ffff, id()}) {
            expectStack(trial, peer, new int[] {id});
        }
    }

    private void answersWithTheStack(Trial trial) throws IOException {
        SpConnection peer = trial.connect();
        expectStack(trial, peer, new int[] {1, id()});
        expectStack(trial, peer, new int[] {0, 0x7fff_ffff, 0x0102_0304, id()});
    }

    private void endsTheStackAtTheHighBit(Trial trial) throws IOException {
        SpConnection peer = trial.connect();
        int id = id();
        byte[] payload = SpConnection.join(SpConnection.words(LAST | 5, 6), trial.payload("rest"));
        peer.send(question(payload, id));
        if (trial.echoes()) {
            Trial.expectSame(peer.receive(), question(payload, id), "the answer");
        } else {
            expectGiven(trial, peer, payload);
        }
    }

    private void ignores(Trial trial, byte[]... malformed) throws IOException {
        for (byte[] message : malformed) {
            SpConnection peer = trial.connect();
            try {
                peer.send(message);
                serves(trial, peer);
            } catch (Wire.Closed e) {
                trial.note("closes the connection");
                serves(trial);
            }
        }
    }

    private void dropsWhatPassedTooManyDevices(Trial trial) throws IOException {
        SpConnection peer = trial.connect();
        peer.send(question(trial.payload("too far"), stack(SUGGESTED_TTL + 1)));
        serves(trial, peer);
    }

    private void answersEachOnce(Trial trial) throws IOException {
        SpConnection peer = trial.connect();
        List<Integer> open = new ArrayList<>();
        byte[] questions = Trial.nothing();
        for (int i = 0; i < 10; i++) {
            open.add(LAST | i);
            questions = SpConnection.join(questions, peer.frame(question(trial.payload("question " + i), LAST | i)));
        }
        peer.write(questions);
        while (!open.isEmpty()) {
            Answer answer = Answer.of(peer.receive());
            Trial.expect(open.remove((Integer) answer.stack[0]), "a tag was answered twice");
        }
        serves(trial, peer);
    }

    private void keepsPeersApart(Trial trial) throws IOException {
        SpConnection left = trial.connect();
        SpConnection right = trial.connect();
        int id = id();
        left.send(question(trial.payload("left"), id));
        right.send(question(trial.payload("right"), id));
        for (SpConnection peer : List.of(right, left)) {
            byte[] answer = peer.receive();
            Trial.expect(Answer.of(answer).stack[0] == id, "the answer is " + Bytes.show(answer));
            if (trial.echoes()) {
                Trial.expectSame(answer, question(trial.payload(peer == left ? "left" : "right"), id), "the answer");
            }
        }
    }

    private void survivesTheAskersEnd(Trial trial) throws IOException {
        for (int i = 0; i < 10; i++) {
            SpConnection peer = trial.connect();
            peer.send(question(trial.payload("never mind"), id()));
            peer.wire.abort();
        }
        serves(trial);
    }

    private void dropsWhatIsNotRead(Trial trial) throws IOException {
        SpConnection deaf = trial.connect();
        byte[] frame = deaf.frame(question(trial.payload(trial.echoes() ? 4096 : 8), id()));
        ByteBuffer many = ByteBuffer.allocate(frame.length * (1 << 16) / Math.max(frame.length, 64));
        while (many.remaining() >= frame.length) {
            many.put(frame);
        }
        many.flip();
        int asked = 0;
        while (asked < MOST_UNREAD) {
            if (deaf.wire.write(many.rewind(), trial.patience().dividedBy(2)) > 0) {
                trial.note("does not read on either");
                break;
            }
            asked += many.limit() / frame.length;
        }
        serves(trial);
    }

    private void expectStack(Trial trial, SpConnection peer, int[] stack) throws IOException {
        byte[] payload = trial.payload("question");
        peer.send(question(payload, stack));
        Answer answer = Answer.of(peer.receive());
        Trial.expect(Arrays.equals(answer.stack, stack), "the answer is " + Bytes.show(answer.whole));
        if (trial.echoes()) {
            Trial.expectSame(answer.payload, payload, "the echo");
        }
    }

    private static byte[] question(byte[] payload, int... stack) {
        return SpConnection.join(SpConnection.words(stack), payload);
    }

    private static int[] stack(int devices) {
        int[] stack = new int[devices + 1];
        for (int i = 0; i < devices; i++) {
            stack[i] = i + 1;
        }
        stack[devices] = id();
        return stack;
    }

    private static int id() {
        return LAST | ThreadLocalRandom.current().nextInt();
    }

    /** An answer, taken apart. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Answer(byte[] whole, int[] stack, byte[] payload) {
        static Answer of(byte[] message) {
            ByteBuffer rest = ByteBuffer.wrap(message);
            List<Integer> stack = new ArrayList<>();
            while (rest.remaining() >= 4) {
                stack.add(rest.getInt());
                if (stack.get(stack.size() - 1) < 0) {
                    byte[] payload = new byte[rest.remaining()];
                    rest.get(payload);
                    return new Answer(
                            message, stack.stream().mapToInt(Integer::intValue).toArray(), payload);
                }
            }
            throw new Unexpected("an answer without the end of a stack: " + Bytes.show(message));
        }
    }
}
