package org.nngjava.conformance;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** BUS: sends to all of its peers, takes from all, and forwards nothing. There is no RFC; nn_bus(7) and nng_bus(7) say what it does. */
final class Bus extends Role {
    Bus() {
        super(Protocol.BUS);
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of("bus.plain", "nn_bus(7)", "Messages go out and come in as they are.", this::isPlain),
                Case.of("bus.everyone", "nn_bus(7)", "Every peer gets the messages.", this::sendsToAll),
                Case.of(
                        "bus.forward",
                        "nn_bus(7)",
                        "What one peer sends goes to the program, and neither to other peers nor back.",
                        this::forwardsNothing));
    }

    @Override
    void serves(Trial trial, SpConnection peer) throws IOException {
        peer.receive();
    }

    private void isPlain(Trial trial) throws IOException {
        SpConnection peer = trial.connect();
        byte[] message = peer.receive();
        if (trial.traits().sends() != null) {
            byte[] expected = Bytes.ascii(trial.traits().sends());
            Trial.expectSame(Arrays.copyOf(message, expected.length), expected, "the beginning of the message");
        }
        byte[] payload = trial.payload("plain");
        peer.send(payload);
        expectGiven(trial, peer, payload);
    }

    private void sendsToAll(Trial trial) throws IOException {
        for (SpConnection peer : List.of(trial.connect(), trial.connect(), trial.connect())) {
            serves(trial, peer);
        }
    }

    private void forwardsNothing(Trial trial) throws IOException {
        List<SpConnection> peers = List.of(trial.connect(), trial.connect());
        byte[] payload = trial.payload("secret");
        peers.get(0).send(payload);
        expectGiven(trial, peers.get(0), payload);
        for (SpConnection peer : peers) {
            for (int i = 0; i < 3; i++) {
                byte[] message = peer.receive();
                Trial.expect(!Arrays.equals(message, payload), "a peer got the message of another");
            }
        }
    }
}
