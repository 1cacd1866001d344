package org.nngjava.conformance;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/** What PUB and PUSH have in common: they send, and take nothing. */
abstract class Source extends Role {
    Source(Protocol protocol) {
        super(protocol);
    }

    @Override
    final boolean takes() {
        return false;
    }

    @Override
    final boolean listens() {
        return false;
    }

    @Override
    final void serves(Trial trial, SpConnection peer) throws IOException {
        peer.receive();
    }

    /** Its messages go out as they are. */
    final void sendsPlainly(Trial trial) throws IOException {
        Trial.require(trial.traits().sends() != null, "what its program sends is not known");
        byte[] expected = Bytes.ascii(trial.traits().sends());
        byte[] message = trial.connect().receive();
        Trial.expectSame(Arrays.copyOf(message, expected.length), expected, "the beginning of the message");
    }

    /** What a peer sends to it does no harm. */
    final void survivesTalk(Trial trial) throws IOException {
        SpConnection talker = trial.connect();
        try {
            for (int i = 0; i < 10; i++) {
                talker.send(trial.payload("talk"));
            }
            talker.receive();
        } catch (Wire.Closed e) {
            trial.note("closes the connection");
        }
        serves(trial);
    }

    /** Reads messages for a while; gives their number. */
    static int count(SpConnection peer, Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        int count = 0;
        while (System.nanoTime() - end < 0) {
            peer.receive();
            count++;
        }
        return count;
    }
}
