package org.nngjava.conformance;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** How messages are told apart, and that a peer that gets it wrong hurts itself only. */
final class FramingCases {
    private static final String LENGTH = "sp-tcp-mapping-01 3, sp-ipc-mapping-01 4, sp-websocket-v1";
    private static final int[] SIZES = {0, 1, 125, 126, 127, 255, 256, 65_535, 65_536, 100_000};
    private static final int LARGE = 2 << 20;

    private final Role role;

    private FramingCases(Role role) {
        this.role = role;
    }

    static List<Case> of(Role role) {
        FramingCases cases = new FramingCases(role);
        return List.of(
                Case.of(
                                "frame.sent",
                                LENGTH,
                                "What the endpoint sends is framed: its length as 64 bits in network order before it, or a WebSocket"
                                        + " frame.",
                                cases::sendsFrames)
                        .on(Transport.TCP, Transport.WS),
                Case.of(
                                "frame.sent",
                                LENGTH,
                                "What the endpoint sends is framed: the type 1, which all implementations use, and the length as 64"
                                        + " bits in network order before it.",
                                cases::sendsTypedFrames)
                        .on(Transport.IPC),
                Case.of(
                                "frame.type.0",
                                "sp-ipc-mapping-01 3",
                                "A message of type 0, which is what the RFC says, is taken.",
                                cases::takesTypeZero)
                        .on(Transport.IPC)
                        .deviates("nng", "ipc-type-1", "the connection is closed; all implementations use 1")
                        .deviates("nanomsg", "ipc-type-abort", "it ends the process by an assertion"),
                Case.of(
                                "frame.type.other",
                                "sp-ipc-mapping-01 3",
                                "A message of an unknown type closes the connection.",
                                cases::refusesOtherTypes)
                        .on(Transport.IPC)
                        .deviates("nanomsg", "ipc-type-abort", "it ends the process by an assertion"),
                Case.of(
                        "frame.sizes",
                        LENGTH,
                        "Messages of 0 bytes, of 100 kB, and of the sizes at which encodings change, arrive whole.",
                        cases::takesAllSizes),
                Case.of(
                                "frame.large",
                                LENGTH,
                                "A message of 2 MiB, or of the endpoint's limit if that is less, arrives whole.",
                                cases::takesLarge)
                        .deviates(
                                "nng",
                                "ws-frame-1mib",
                                "a WebSocket frame of more than 1 MiB is refused",
                                Transport.WS),
                Case.of("frame.split", LENGTH, "A message that arrives byte by byte is taken.", cases::takesItInPieces),
                Case.of(
                        "frame.together",
                        LENGTH,
                        "Messages that arrive together are all taken, in their order.",
                        cases::takesThemTogether),
                Case.of(
                        "frame.oversize",
                        LENGTH,
                        "A message that is longer than the endpoint's limit closes the connection as soon as it says so.",
                        cases::refusesOversize),
                Case.of(
                                "frame.absurd",
                                LENGTH,
                                "Messages that say that they are 2^62 to 2^64-1 bytes long do no harm to others.",
                                cases::survivesAbsurdLengths)
                        .on(Transport.TCP, Transport.IPC)
                        .deviates("nng-1.5.2", "absurd-length-panic", "2^64-32 bytes end the process by a panic")
                        .deviates("nanomsg", "absurd-length-abort", "some lengths end the process by an assertion"),
                Case.of(
                        "frame.cut",
                        LENGTH,
                        "A message whose sender leaves in the middle of it is not given to the program, and does no harm to others.",
                        cases::dropsWhatIsCut),
                Case.of(
                        "frame.stalled",
                        LENGTH,
                        "Peers that stop in the middle of a message, or send it a byte now and then, do not keep others from being"
                                + " served.",
                        cases::servesBesideTheStalled),
                Case.of(
                        "frame.half.closed",
                        LENGTH,
                        "Peers that close their side only do not keep others from being served.",
                        cases::servesBesideTheHalfClosed),
                Case.of(
                                "frame.garbage",
                                LENGTH,
                                "Peers that send random bytes after a good greeting do no harm to others.",
                                cases::survivesGarbage)
                        .deviates("nanomsg", "garbage-abort", "some garbage ends the process by an assertion"));
    }

    private void sendsFrames(Trial trial) throws IOException {
        Trial.require(!(role instanceof Sink), "it sends nothing");
        role.serves(trial, trial.connect());
    }

    private void sendsTypedFrames(Trial trial) throws IOException {
        Trial.require(!(role instanceof Sink), "it sends nothing");
        StreamConnection peer = trial.stream();
        role.serves(trial, peer);
        Trial.expect(peer.lastType() == StreamConnection.IN_BAND, "its messages are of type " + peer.lastType());
    }

    private void takesTypeZero(Trial trial) throws IOException {
        requireTaker();
        StreamConnection peer = trial.stream();
        byte[] message = role.message(trial, trial.payload("type 0"));
        peer.write(SpConnection.join(peer.head((byte) 0, message.length), message));
        role.expectGiven(trial, peer, trial.payload("type 0"));
    }

    private void refusesOtherTypes(Trial trial) throws IOException {
        for (byte type : new byte[] {2, (byte) 0xff}) {
            StreamConnection peer = trial.stream();
            byte[] message = trial.payload("of an unknown type");
            peer.write(SpConnection.join(peer.head(type, message.length), message));
            trial.expectClosed(peer.wire);
        }
        role.serves(trial);
    }

    private void takesAllSizes(Trial trial) throws IOException {
        Trial.require(role.listens(), "it takes no messages");
        SpConnection peer = trial.connect();
        for (int size : SIZES) {
            role.deliver(trial, peer, trial.payload(size));
        }
    }

    private void takesLarge(Trial trial) throws IOException {
        Trial.require(role.listens(), "it takes no messages");
        SpConnection peer = trial.connect();
        long limit = trial.traits().limit();
        int header = role.takes() ? role.message(trial, Trial.nothing()).length : 4;
        byte[] payload = trial.payload((int) (limit == 0 ? LARGE : Math.min(limit, LARGE)) - header);
        role.deliver(trial, peer, payload);
    }

    private void takesItInPieces(Trial trial) throws IOException {
        requireTaker();
        SpConnection peer = trial.connect();
        byte[] payload = trial.payload(300);
        for (byte b : peer.frame(role.message(trial, payload))) {
            peer.write(new byte[] {b});
        }
        role.expectGiven(trial, peer, payload);
    }

    private void takesThemTogether(Trial trial) throws IOException {
        requireTaker();
        SpConnection peer = trial.connect();
        byte[] frames = Trial.nothing();
        for (int i = 0; i < 20; i++) {
            frames = SpConnection.join(frames, peer.frame(role.message(trial, trial.payload("message " + i))));
        }
        peer.write(frames);
        for (int i = 0; i < 20; i++) {
            role.expectGiven(trial, peer, trial.payload("message " + i));
        }
    }

    private void refusesOversize(Trial trial) throws IOException {
        long limit = trial.traits().limit();
        Trial.require(limit > 0, "its limit is not known");
        SpConnection peer = trial.connect();
        if (peer instanceof StreamConnection stream) {
            peer.write(stream.head(StreamConnection.IN_BAND, limit + 1));
        } else {
            byte[] head = WebSocketConnection.head(true, WebSocketConnection.BINARY, limit + 1);
            head[1] |= (byte) 0x80;
            peer.write(SpConnection.join(head, new byte[4]));
        }
        trial.expectClosed(peer.wire);
        role.serves(trial);
    }

    private void survivesAbsurdLengths(Trial trial) throws IOException {
        for (long length : new long[] {-1, -8, -32, -33, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 62}) {
            StreamConnection peer = trial.stream();
            trial.writeIfOpen(peer.wire, peer.head(StreamConnection.IN_BAND, length));
            trial.writeIfOpen(peer.wire, new byte[4096]);
            peer.close();
        }
        role.serves(trial);
    }

    private void dropsWhatIsCut(Trial trial) throws IOException {
        byte[] frame;
        try (SpConnection peer = trial.connect()) {
            frame = peer.frame(role.takes() ? role.message(trial, trial.payload("cut")) : trial.payload("cut"));
        }
        for (int length : new int[] {1, 5, frame.length - 1}) {
            SpConnection polite = trial.connect();
            polite.write(Arrays.copyOf(frame, length));
            polite.close();
            SpConnection rude = trial.connect();
            rude.write(Arrays.copyOf(frame, length));
            rude.wire.abort();
        }
        role.serves(trial);
    }

    private void servesBesideTheStalled(Trial trial) throws IOException {
        requireManyPeers();
        SpConnection stalled = trial.connect();
        SpConnection slow = trial.connect();
        byte[] frame = stalled.frame(role.takes() ? role.message(trial, trial.payload("slow")) : trial.payload("slow"));
        stalled.write(Arrays.copyOf(frame, frame.length - 1));
        for (int sent = 0; sent < 3; sent++) {
            trial.writeIfOpen(slow.wire, new byte[] {frame[sent]});
            role.serves(trial);
        }
    }

    private void servesBesideTheHalfClosed(Trial trial) throws IOException {
        requireManyPeers();
        for (int i = 0; i < 3; i++) {
            trial.connect().wire.halfClose();
            role.serves(trial);
        }
    }

    private void survivesGarbage(Trial trial) throws IOException {
        Random random = new Random(17);
        for (int i = 0; i < 10; i++) {
            SpConnection peer = trial.connect();
            byte[] garbage = new byte[random.nextInt(5000)];
            random.nextBytes(garbage);
            trial.writeIfOpen(peer.wire, garbage);
            peer.close();
        }
        role.serves(trial);
    }

    private void requireTaker() {
        Trial.require(role.takes(), role.listens() ? "its peer may only answer" : "it takes no messages");
    }

    private void requireManyPeers() {
        Trial.require(!(role instanceof Pair), "it has one peer at a time");
        Trial.require(!(role instanceof Requester), "a peer that stalls holds its request");
    }
}
