package org.nngjava.conformance;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Makes streams of bytes that are not quite, or not at all, what an endpoint expects of its peer. Used by one thread. */
final class Mutator {
    private static final int MOST_MESSAGES = 8;
    private static final int MOST_MUTATIONS = 4;
    private static final int LONGEST = 128 << 10;
    private static final int[] BYTES = {0, 1, 2, 0x7d, 0x7e, 0x7f, 0x80, 0x81, 0x82, 0xfe, 0xff};

    private final Random random;
    private final long[] lengths;

    /** For endpoints with this limit, which some of the messages reach or say to exceed. */
    Mutator(Random random, int limit) {
        this.random = random;
        this.lengths = new long[] {
            0,
            1,
            limit - 1,
            limit,
            limit + 1,
            1 << 20,
            1L << 31,
            1L << 32,
            1L << 62,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            -1,
            -8,
            -33
        };
    }

    /** Whatever comes to a stranger's mind: noise, or a conversation with some mistakes. */
    byte[] stream(Protocol protocol, Address address) {
        byte[] opening = opening(protocol, address);
        return switch (random.nextInt(8)) {
            case 0 -> noise(random.nextInt(2000));
            case 1 -> SpConnection.join(opening, noise(random.nextInt(2000)));
            case 2 -> SpConnection.join(opening, messages(address.transport()));
            case 3 -> mutated(SpConnection.join(opening, messages(address.transport())));
            default -> SpConnection.join(opening, mutated(messages(address.transport())));
        };
    }

    /** An answer to the question with this id, with some mistakes. */
    byte[] answer(Transport transport, int id) {
        byte[] answer = frame(transport, SpConnection.join(SpConnection.words(id), noise(random.nextInt(300))));
        return random.nextInt(4) == 0 ? answer : mutated(SpConnection.join(answer, answer));
    }

    private static byte[] opening(Protocol protocol, Address address) {
        return address.transport() == Transport.WS
                ? WebSocketConnection.request(address, "Sec-WebSocket-Protocol: " + protocol.subprotocol() + "\r\n")
                : StreamConnection.greeting(protocol.peer());
    }

    private byte[] messages(Transport transport) {
        byte[] messages = {};
        for (int i = random.nextInt(MOST_MESSAGES + 1); i > 0; i--) {
            messages = SpConnection.join(messages, frame(transport, message()));
        }
        return messages;
    }

    /** A stack of tags, a hop count, a topic, or nothing of the kind, and a payload; now and then as long as it may be. */
    private byte[] message() {
        int size = random.nextInt(64) == 0 ? (int) lengths[3] - 4 : random.nextInt(300);
        byte[] head = switch (random.nextInt(4)) {
            case 0 -> SpConnection.words(random.nextInt(10), random.nextInt() | Asker.HIGH_BIT);
            case 1 -> SpConnection.words(random.nextInt(10));
            case 2 -> Bytes.ascii(Traits.TOPIC);
            default -> Trial.nothing();
        };
        return SpConnection.join(head, noise(Math.max(0, size - head.length)));
    }

    private byte[] frame(Transport transport, byte[] message) {
        if (transport != Transport.WS) {
            return SpConnection.join(
                    StreamConnection.head(transport == Transport.IPC, StreamConnection.IN_BAND, message.length),
                    message);
        }
        int opcode = random.nextInt(8) == 0 ? random.nextInt(16) : WebSocketConnection.BINARY;
        return WebSocketConnection.frame(random.nextInt(8) != 0, opcode, message);
    }

    private byte[] mutated(byte[] stream) {
        byte[] mutated = stream;
        for (int i = random.nextInt(MOST_MUTATIONS) + 1; i > 0; i--) {
            mutated = once(mutated);
        }
        return mutated.length > LONGEST ? Arrays.copyOf(mutated, LONGEST) : mutated;
    }

    private byte[] once(byte[] stream) {
        int from = random.nextInt(stream.length + 1);
        int to = Math.min(stream.length, from + random.nextInt(64));
        byte[] before = Arrays.copyOf(stream, from);
        byte[] part = Arrays.copyOfRange(stream, from, to);
        byte[] after = Arrays.copyOfRange(stream, to, stream.length);
        return switch (random.nextInt(7)) {
            case 0 -> before;
            case 1 -> SpConnection.join(before, after);
            case 2 -> SpConnection.join(before, part, part, after);
            case 3 -> SpConnection.join(before, noise(part.length), after);
            case 4 -> SpConnection.join(before, length(), Arrays.copyOfRange(stream, to, stream.length));
            case 5 -> changed(stream, from, BYTES[random.nextInt(BYTES.length)]);
            default -> changed(stream, from, 1 << random.nextInt(8));
        };
    }

    private static byte[] changed(byte[] stream, int index, int by) {
        byte[] changed = stream.clone();
        if (index < changed.length) {
            changed[index] ^= (byte) by;
        }
        return changed;
    }

    private byte[] length() {
        return ByteBuffer.allocate(8)
                .putLong(lengths[random.nextInt(lengths.length)])
                .array();
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }
}
