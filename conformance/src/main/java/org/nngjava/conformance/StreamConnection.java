package org.nngjava.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The mappings to streams of bytes: sp-tcp-mapping-01, and sp-ipc-mapping-01, which adds a message type. What the endpoint sent
 * about itself and its messages is kept for cases to look at.
 */
final class StreamConnection extends SpConnection {
    /** The type that all implementations send; sp-ipc-mapping-01 3 says 0. */
    static final byte IN_BAND = 1;

    private static final int GREETING = 8;

    private final boolean typed;
    private final byte[] greeting;
    private byte lastType = IN_BAND;

    private StreamConnection(Wire wire, boolean typed, byte[] greeting, Duration patience) {
        super(wire, patience);
        this.typed = typed;
        this.greeting = greeting;
    }

    static StreamConnection greet(Wire wire, boolean typed, Protocol protocol, int as, Duration patience)
            throws IOException {
        wire.write(greeting(as), patience);
        return met(wire, typed, protocol, patience);
    }

    /** A connection on which the suite has already introduced itself, in whatever pieces. */
    static StreamConnection met(Wire wire, boolean typed, Protocol protocol, Duration patience) throws IOException {
        byte[] greeting = wire.read(GREETING, patience);
        if (ByteBuffer.wrap(greeting).getLong()
                != ByteBuffer.wrap(greeting(protocol.number())).getLong()) {
            throw new Unexpected("the endpoint introduced itself by " + Bytes.show(greeting) + " instead of "
                    + Bytes.show(greeting(protocol.number())));
        }
        return new StreamConnection(wire, typed, greeting, patience);
    }

    /** How an endpoint with this number introduces itself. */
    static byte[] greeting(int number) {
        return ByteBuffer.allocate(GREETING)
                .put(new byte[] {0, 'S', 'P', 0})
                .putShort((short) number)
                .putShort((short) 0)
                .array();
    }

    byte[] greeting() {
        return greeting.clone();
    }

    /** The type of the message that was received last; on tcp there is none, and this is what it would be. */
    byte lastType() {
        return lastType;
    }

    @Override
    byte[] frame(byte[] message) {
        return join(head(IN_BAND, message.length), message);
    }

    /** What goes before a message of this length, or says so. */
    byte[] head(byte type, long length) {
        return head(typed, type, length);
    }

    static byte[] head(boolean typed, byte type, long length) {
        ByteBuffer head = ByteBuffer.allocate(typed ? 9 : 8);
        if (typed) {
            head.put(type);
        }
        return head.putLong(length).array();
    }

    @Override
    byte[] receive(Duration patience) throws IOException {
        if (typed) {
            lastType = wire.read(1, patience)[0];
        }
        long length = ByteBuffer.wrap(wire.read(8, patience)).getLong();
        if (length < 0 || length > 1 << 28) {
            throw new Unexpected("the endpoint announced a message of " + Long.toUnsignedString(length) + " bytes");
        }
        return wire.read((int) length, patience);
    }
}
