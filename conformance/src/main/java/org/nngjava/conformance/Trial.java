package org.nngjava.conformance;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** One case being tried against one endpoint: makes connections and closes them at its end, and looks at what the program was given. */
final class Trial implements AutoCloseable {
    private static final byte[] NOTHING = {};
    private static final Duration GLANCE = Duration.ofMillis(50);

    private final Subject subject;
    private final Address address;
    private final Role role;
    private final boolean echoes;
    private final Settings settings;
    private final String mark;
    private final List<Wire> wires = new ArrayList<>();
    private String note = "";

    Trial(Subject subject, Role role, boolean echoes, Settings settings, int number) {
        this.subject = subject;
        this.address = Address.of(subject.url());
        this.role = role;
        this.echoes = echoes;
        this.settings = settings;
        this.mark = "<" + number + ">";
    }

    Address address() {
        return address;
    }

    Protocol protocol() {
        return subject.protocol();
    }

    Traits traits() {
        return subject.traits();
    }

    Duration patience() {
        return settings.patience();
    }

    Duration silence() {
        return settings.silence();
    }

    /** Whether the program sends every message back. */
    boolean echoes() {
        return echoes;
    }

    /** Whether what the program was given can be seen. */
    boolean sees() {
        return subject.received().isPresent();
    }

    /** A connection on which nothing was sent yet. */
    Wire wire() throws IOException {
        Wire wire = Wire.connect(address);
        wires.add(wire);
        return wire;
    }

    /** A connection as a peer of the right protocol, once the endpoint talks to it. */
    SpConnection connect() throws IOException {
        return connect(() -> connect(protocol().peer()));
    }

    /** A connection that is made in a way of its own, again and again until the endpoint talks to it. */
    SpConnection connect(Opening opening) throws IOException {
        long deadline = System.nanoTime() + patience().toNanos();
        while (true) {
            SpConnection peer = opening.open();
            if (role.welcomed(this, peer)) {
                return peer;
            }
            peer.close();
            if (System.nanoTime() - deadline > 0) {
                throw new Unexpected("the endpoint turns its peer away");
            }
            Wire.pause();
        }
    }

    /** Like {@link #connect()}, for cases that look at the stream itself. */
    StreamConnection stream() throws IOException {
        return (StreamConnection) connect();
    }

    /** Like {@link #connect()}, for cases that look at the frames themselves. */
    WebSocketConnection webSocket() throws IOException {
        return (WebSocketConnection) connect();
    }

    /** A connection as a peer with this number, whether the endpoint likes it or not. */
    SpConnection connect(int number) throws IOException {
        return keep(SpConnection.open(address, protocol(), number, patience()));
    }

    /** Closes this connection at the end of the trial. */
    <C extends SpConnection> C keep(C connection) {
        wires.add(connection.wire);
        return connection;
    }

    /** A connection on which the greeting, or the request to upgrade, has been sent already, in whatever pieces. */
    SpConnection met(Wire wire) throws IOException {
        return switch (address.transport()) {
            case TCP -> StreamConnection.met(wire, false, protocol(), patience());
            case IPC -> StreamConnection.met(wire, true, protocol(), patience());
            case WS -> WebSocketConnection.upgraded(wire, protocol(), patience());
        };
    }

    /** Writes what an endpoint may well close the connection for. */
    void writeIfOpen(Wire wire, byte[] bytes) throws IOException {
        try {
            wire.write(bytes, patience());
        } catch (Wire.Closed e) {
            note("closes the connection");
        }
    }

    /** Waits until something comes from one of these; gives its index. */
    int awaitReadable(List<SpConnection> peers) throws IOException {
        long deadline = System.nanoTime() + patience().toNanos();
        while (System.nanoTime() - deadline < 0) {
            for (int i = 0; i < peers.size(); i++) {
                if (peers.get(i).wire.readable(GLANCE)) {
                    return i;
                }
            }
        }
        throw new Wire.Late(
                "nothing came to " + peers.size() + " peers for " + patience().toMillis() + " ms");
    }

    /** A payload that no other trial uses. */
    byte[] payload(String text) {
        return Bytes.ascii(mark + text);
    }

    /** A payload of this many bytes, which no other trial uses if it is long enough to say so. */
    byte[] payload(int length) {
        byte[] payload = Arrays.copyOf(Bytes.ascii(mark), length);
        for (int i = mark.length(); i < length; i++) {
            payload[i] = (byte) i;
        }
        return payload;
    }

    /**
     * Waits for the next message of this trial that the program was given; or for this one, if it has no mark of the trial.
     *
     * @throws Wire.Closed if the connection on which it was sent is closed, and the message does not come
     * @throws Wire.Late if the message does not come
     */
    byte[] seen(byte[] expected, SpConnection peer) throws IOException {
        Predicate<byte[]> wanted = message -> concerns(message, expected);
        long deadline = System.nanoTime() + patience().toNanos();
        while (System.nanoTime() - deadline < 0) {
            boolean closed = peer.wire.closed();
            Optional<byte[]> message = seen(wanted, closed ? silence() : GLANCE);
            if (message.isPresent()) {
                return message.get();
            }
            if (closed) {
                throw new Wire.Closed(null);
            }
        }
        throw new Wire.Late("the program was not given the message");
    }

    /** Whether a message belongs to this trial, or is the one expected if that has no mark of the trial. */
    boolean concerns(byte[] message, byte[] expected) {
        byte[] trials = Bytes.ascii(mark);
        return contains(expected, trials) ? contains(message, trials) : Arrays.equals(message, expected);
    }

    /** Waits for a message of this kind that the program was given. All before it are gone. */
    Optional<byte[]> seen(Predicate<byte[]> wanted, Duration patience) {
        Received received =
                subject.received().orElseThrow(() -> new NotApplicable("what the program was given cannot be seen"));
        return received.next(wanted, patience);
    }

    /** Says on the verdict how the endpoint did it. */
    void note(String how) {
        note = how;
    }

    String note() {
        return note;
    }

    /** Fails the case unless these are the same bytes. */
    static void expectSame(byte[] seen, byte[] expected, String what) {
        if (!Arrays.equals(seen, expected)) {
            throw new Unexpected(what + " is " + Bytes.show(seen) + " instead of " + Bytes.show(expected));
        }
    }

    /** Fails the case with what was seen if this is not so. */
    static void expect(boolean so, String otherwise) {
        if (!so) {
            throw new Unexpected(otherwise);
        }
    }

    /** Fails the case unless the endpoint closes the connection. */
    void expectClosed(Wire wire) throws IOException {
        expect(wire.closes(patience()), "the endpoint keeps the connection");
    }

    /** Ends the case unless it applies. */
    static void require(boolean applies, String otherwise) {
        if (!applies) {
            throw new NotApplicable(otherwise);
        }
    }

    /** Whether these bytes are somewhere in a message. */
    static boolean contains(byte[] message, byte[] part) {
        for (int i = 0; i + part.length <= message.length; i++) {
            if (Arrays.equals(message, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        wires.forEach(Wire::close);
    }

    static byte[] nothing() {
        return NOTHING.clone();
    }

    /** Makes a connection. */
    @FunctionalInterface
    interface Opening {
        SpConnection open() throws IOException;
    }
}
