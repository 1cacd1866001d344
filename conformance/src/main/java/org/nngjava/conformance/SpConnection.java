package org.nngjava.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A connection on which both sides have introduced themselves, so that messages can pass. Used by one thread at a time. */
abstract class SpConnection implements AutoCloseable {
    final Wire wire;
    final Duration patience;

    SpConnection(Wire wire, Duration patience) {
        this.wire = wire;
        this.patience = patience;
    }

    /** Connects to an endpoint of this protocol and introduces itself as the peer with this number. */
    static SpConnection open(Address address, Protocol protocol, int as, Duration patience) throws IOException {
        Wire wire = Wire.connect(address);
        try {
            return introduce(wire, address, protocol, as, patience);
        } catch (IOException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    /** Introduces itself on a connection on which nothing was sent yet. */
    static SpConnection introduce(Wire wire, Address address, Protocol protocol, int as, Duration patience)
            throws IOException {
        return address.transport() == Transport.WS
                ? WebSocketConnection.upgrade(wire, address, protocol, patience)
                : StreamConnection.greet(wire, address.transport() == Transport.IPC, protocol, as, patience);
    }

    /** The bytes by which a message goes over the wire in one piece. */
    abstract byte[] frame(byte[] message);

    /**
     * Waits for the next message.
     *
     * @throws Wire.Closed if the endpoint closes the connection first
     * @throws Wire.Late if none comes in time
     */
    abstract byte[] receive(Duration patience) throws IOException;

    /** Waits for the next message as long as for anything that must come. */
    final byte[] receive() throws IOException {
        return receive(patience);
    }

    /** Sends a message. */
    final void send(byte[] message) throws IOException {
        wire.write(frame(message), patience);
    }

    /** Sends this piece of a stream as it is. */
    final void write(byte[] bytes) throws IOException {
        wire.write(bytes, patience);
    }

    @Override
    public final void close() {
        wire.close();
    }

    /** The concatenation. */
    static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            joined.put(part);
        }
        return joined.array();
    }

    /** 32-bit words in network byte order, as the headers of messages are made of. */
    static byte[] words(int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * words.length);
        for (int word : words) {
            bytes.putInt(word);
        }
        return bytes.array();
    }
}
