package org.nngjava.conformance;

import java.io.IOException;
import java.util.List;

/** A protocol as its peer sees it: how messages get to the program behind the endpoint, how it is seen to serve, and its cases. */
abstract class Role {
    private final Protocol protocol;

    Role(Protocol protocol) {
        this.protocol = protocol;
    }

    static Role of(Protocol protocol) {
        return switch (protocol) {
            case REP -> new Replier(protocol, "sp-request-reply-01");
            case RESPONDENT -> new Replier(protocol, "sp-surveyor-01");
            case REQ -> new Requester();
            case SURVEYOR -> new Surveyor();
            case PUB -> new Publisher();
            case SUB -> new Subscriber();
            case PUSH -> new Pusher();
            case PULL -> new Puller();
            case PAIR0, PAIR1 -> new Pair(protocol);
            case BUS -> new Bus();
        };
    }

    final Protocol protocol() {
        return protocol;
    }

    /** What only this protocol must do. */
    abstract List<Case> cases();

    /** Fails the trial unless the endpoint does for this peer what it is there for. */
    abstract void serves(Trial trial, SpConnection peer) throws IOException;

    /** Fails the trial unless the endpoint does for a new peer what it is there for. */
    final void serves(Trial trial) throws IOException {
        try (SpConnection peer = trial.connect()) {
            serves(trial, peer);
        }
    }

    /** Whether a peer may send at any time, and as often as it likes. */
    boolean takes() {
        return true;
    }

    /** Whether a peer may send at all. */
    boolean listens() {
        return true;
    }

    /** The message by which a peer that may send at any time gives this payload to the program. */
    byte[] message(Trial trial, byte[] payload) {
        return payload;
    }

    /** Gives a payload to the program. */
    void give(Trial trial, SpConnection peer, byte[] payload) throws IOException {
        peer.send(message(trial, payload));
    }

    /** Waits until the program is seen to have been given this payload, and nothing else of this trial before it. */
    void expectGiven(Trial trial, SpConnection peer, byte[] payload) throws IOException {
        Trial.expectSame(trial.seen(payload, peer), payload, "what the program was given");
    }

    /** Gives a payload to the program, and waits until it is seen to have it. */
    void deliver(Trial trial, SpConnection peer, byte[] payload) throws IOException {
        give(trial, peer, payload);
        expectGiven(trial, peer, payload);
    }

    /**
     * Sends messages that the endpoint must ignore, each on a connection of its own. That it did is proved by the next one, which it must
     * take. It may close the connection as well.
     */
    final void expectIgnored(Trial trial, byte[]... messages) throws IOException {
        for (byte[] message : messages) {
            SpConnection peer = trial.connect();
            byte[] good = trial.payload("good");
            try {
                peer.send(message);
                deliver(trial, peer, good);
            } catch (Wire.Closed e) {
                trial.note("closes the connection");
                peer.close();
                peer = trial.connect();
                deliver(trial, peer, good);
            }
            peer.close();
        }
    }

    /** Whether the endpoint talks to this peer, which some refuse after the greetings. */
    boolean welcomed(Trial trial, SpConnection peer) throws IOException {
        return true;
    }

    /** Whether the program is found to send every message back. */
    boolean echoes(Trial trial) throws IOException {
        return false;
    }
}
