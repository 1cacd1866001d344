package org.nngjava.conformance;

import java.io.IOException;
import java.util.List;

/** PUB: sends everything to everyone. There is no RFC; nanomsg's nn_pubsub(7) and NNG's nng_pub(7) say what it does. */
final class Publisher extends Source {
    Publisher() {
        super(Protocol.PUB);
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of("pub.plain", "nn_pubsub(7)", "A message goes out as it is.", this::sendsPlainly),
                Case.of("pub.everyone", "nn_pubsub(7)", "Every subscriber gets the messages.", this::sendsToAll),
                Case.of(
                        "pub.deaf",
                        "nng_pub(7)",
                        "A subscriber that does not read does not keep others from getting the messages.",
                        this::sendsBesideTheDeaf),
                Case.of(
                                "pub.talk",
                                "nn_pubsub(7)",
                                "What a subscriber sends does no harm: the others are served.",
                                this::survivesTalk)
                        .deviates("nanomsg", "pub-talk-abort", "it ends the process by an assertion"));
    }

    private void sendsToAll(Trial trial) throws IOException {
        List<SpConnection> peers = List.of(trial.connect(), trial.connect(), trial.connect());
        for (SpConnection peer : peers) {
            serves(trial, peer);
            serves(trial, peer);
        }
    }

    private void sendsBesideTheDeaf(Trial trial) throws IOException {
        trial.connect();
        int messages = count(trial.connect(), trial.patience().dividedBy(3));
        Trial.expect(messages > 1, "only " + messages + " messages came");
        trial.note(messages + " messages");
    }
}
