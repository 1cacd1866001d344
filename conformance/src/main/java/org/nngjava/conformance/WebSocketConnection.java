package org.nngjava.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;

/**
 * The mapping to WebSocket, as its client: sp-websocket-v1 on RFC 6455. Its predecessor sp-websocket-mapping-01 named the subprotocols
 * {@code x-nanomsg-req} and so on; no implementation does that any more.
 */
final class WebSocketConnection extends SpConnection {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final byte[] MASK = {0x5a, (byte) 0xa5, 0x3c, (byte) 0xc3};
    private static final int LONGEST_HEAD = 1 << 14;

    private WebSocketConnection(Wire wire, Duration patience) {
        super(wire, patience);
    }

    static WebSocketConnection upgrade(Wire wire, Address address, Protocol protocol, Duration patience)
            throws IOException {
        wire.write(request(address, "Sec-WebSocket-Protocol: " + protocol.subprotocol() + "\r\n"), patience);
        return upgraded(wire, protocol, patience);
    }

    /** A connection whose upgrade has already been asked for, in whatever pieces. */
    static WebSocketConnection upgraded(Wire wire, Protocol protocol, Duration patience) throws IOException {
        String response = response(wire, patience);
        if (!response.startsWith("HTTP/1.1 101 ")) {
            throw new Unexpected("the upgrade was answered by "
                    + response.lines().findFirst().orElse("nothing"));
        }
        requireField(response, "Sec-WebSocket-Accept", accept());
        requireField(response, "Sec-WebSocket-Protocol", protocol.subprotocol());
        requireField(response, "Upgrade", "websocket");
        return new WebSocketConnection(wire, patience);
    }

    /** The request to upgrade, with these lines added, each ended by CR LF. */
    static byte[] request(Address address, String lines) {
        return ("GET " + address.path() + " HTTP/1.1\r\nHost: " + address.host()
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                        + KEY
                        + "\r\n" + lines + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The head of an HTTP response. */
    static String response(Wire wire, Duration patience) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (head.size() < LONGEST_HEAD) {
            head.write(wire.read(1, patience)[0]);
            String text = head.toString(StandardCharsets.ISO_8859_1);
            if (text.endsWith("\r\n\r\n")) {
                return text;
            }
        }
        throw new Unexpected("the HTTP response has no end");
    }

    @Override
    byte[] frame(byte[] message) {
        return frame(true, BINARY, message);
    }

    /** A frame as a client sends it, masked. */
    static byte[] frame(boolean last, int opcode, byte[] data) {
        byte[] masked = data.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= MASK[i % 4];
        }
        byte[] head = head(last, opcode, data.length);
        head[1] |= (byte) 0x80;
        return join(head, MASK, masked);
    }

    /** What goes before the data of an unmasked frame of this length, or says so. */
    static byte[] head(boolean last, int opcode, long length) {
        int extra = length < 126 ? 0 : length < 65_536 ? 2 : 8;
        ByteBuffer head = ByteBuffer.allocate(2 + extra);
        head.put((byte) ((last ? 0x80 : 0) | opcode));
        switch (extra) {
            case 0 -> head.put((byte) length);
            case 2 -> head.put((byte) 126).putShort((short) length);
            default -> head.put((byte) 127).putLong(length);
        }
        return head.array();
    }

    @Override
    byte[] receive(Duration patience) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int expected = BINARY;
        while (true) {
            Frame frame = receiveFrame(patience);
            if (frame.opcode >= CLOSE) {
                if (frame.opcode == CLOSE) {
                    throw new Wire.Closed(null);
                }
                continue;
            }
            if (frame.opcode != expected) {
                throw new Unexpected("the endpoint sent a frame with opcode " + frame.opcode);
            }
            expected = CONTINUATION;
            message.write(frame.data);
            if (frame.last) {
                return message.toByteArray();
            }
        }
    }

    /** Waits for the next frame, of data or control. */
    Frame receiveFrame(Duration patience) throws IOException {
        byte[] head = wire.read(2, patience);
        if ((head[1] & 0x80) != 0) {
            throw new Unexpected("the endpoint masks its frames");
        }
        long length = head[1] & 0x7f;
        if (length == 126) {
            length = ByteBuffer.wrap(wire.read(2, patience)).getShort() & 0xffff;
        } else if (length == 127) {
            length = ByteBuffer.wrap(wire.read(8, patience)).getLong();
        }
        if (length < 0 || length > 1 << 28) {
            throw new Unexpected("the endpoint announced a frame of " + Long.toUnsignedString(length) + " bytes");
        }
        return new Frame((head[0] & 0x80) != 0, head[0] & 0x7f, wire.read((int) length, patience));
    }

    /** A frame; its opcode is more than 15 if it has reserved bits. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(boolean last, int opcode, byte[] data) {}

    private static void requireField(String response, String name, String value) {
        boolean found = response.lines().anyMatch(line -> line.equalsIgnoreCase(name + ": " + value));
        if (!found) {
            throw new Unexpected("the upgrade was answered without " + name + ": " + value);
        }
    }

    private static String accept() {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1")
                            .digest((KEY + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                                    .getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
