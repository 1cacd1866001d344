package org.nngjava.conformance;

import java.io.IOException;

/** What SUB and PULL have in common: they take, and send nothing. */
abstract class Sink extends Role {
    private static final int SENDERS = 3;

    Sink(Protocol protocol) {
        super(protocol);
    }

    @Override
    final void serves(Trial trial, SpConnection peer) throws IOException {
        if (trial.sees()) {
            byte[] payload = trial.payload("does it serve?");
            deliver(trial, peer, payload);
        } else {
            Trial.expect(!peer.wire.closes(trial.silence()), "the endpoint closed the connection");
        }
    }

    final void takesPlainly(Trial trial) throws IOException {
        SpConnection peer = trial.connect();
        byte[] payload = trial.payload("\0\1\2\177\200\377");
        deliver(trial, peer, payload);
    }

    final void keepsOrder(Trial trial) throws IOException {
        SpConnection peer = trial.connect();
        for (int i = 0; i < 100; i++) {
            give(trial, peer, trial.payload("number " + i));
        }
        for (int i = 0; i < 100; i++) {
            expectGiven(trial, peer, trial.payload("number " + i));
        }
    }

    final void takesFromAll(Trial trial) throws IOException {
        for (int i = 0; i < SENDERS; i++) {
            trial.connect();
        }
        for (int i = 0; i < SENDERS; i++) {
            SpConnection peer = trial.connect();
            deliver(trial, peer, trial.payload("from " + i));
        }
    }
}
