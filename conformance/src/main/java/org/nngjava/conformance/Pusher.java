package org.nngjava.conformance;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** PUSH: sends each message to one of its peers. There is no RFC; nn_pipeline(7) and nng_push(7) say what it does. */
final class Pusher extends Source {
    private static final int MESSAGES = 12;

    Pusher() {
        super(Protocol.PUSH);
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of("push.plain", "nn_pipeline(7)", "A message goes out as it is.", this::sendsPlainly),
                Case.of("push.shared", "nn_pipeline(7)", "Messages are distributed among the peers.", this::sendsToAll),
                Case.of("push.once", "nn_pipeline(7)", "A message goes to one peer only.", this::sendsToOne),
                Case.of(
                        "push.peer.gone",
                        "nn_pipeline(7)",
                        "When a peer goes, the others get the messages.",
                        this::sendsToTheOthers),
                Case.of(
                        "push.talk",
                        "nn_pipeline(7)",
                        "What a peer sends does no harm: the others are served.",
                        this::survivesTalk));
    }

    private void sendsToAll(Trial trial) throws IOException {
        List<SpConnection> peers = List.of(trial.connect(), trial.connect());
        for (SpConnection peer : peers) {
            serves(trial, peer);
        }
    }

    private void sendsToOne(Trial trial) throws IOException {
        List<SpConnection> peers = List.of(trial.connect(), trial.connect());
        Set<String> messages = new HashSet<>();
        for (int i = 0; i < MESSAGES; i++) {
            byte[] message = peers.get(trial.awaitReadable(peers)).receive();
            boolean first = messages.add(Bytes.show(message));
            Trial.require(first || messages.size() > 1, "its messages are all the same");
            Trial.expect(first, "a message came twice");
        }
    }

    private void sendsToTheOthers(Trial trial) throws IOException {
        SpConnection leaves = trial.connect();
        SpConnection stays = trial.connect();
        serves(trial, stays);
        leaves.close();
        for (int i = 0; i < 3; i++) {
            serves(trial, stays);
        }
    }
}
