package org.nngjava.conformance;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** SUB: takes what begins with its topic. There is no RFC; nn_pubsub(7) and nng_sub(7) say what it does. */
final class Subscriber extends Sink {
    Subscriber() {
        super(Protocol.SUB);
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of(
                        "sub.match",
                        "nn_pubsub(7)",
                        "A message that begins with the topic is given to the program whole.",
                        this::takesPlainly),
                Case.of(
                        "sub.exact",
                        "nn_pubsub(7)",
                        "A message that is just the topic is given to the program.",
                        this::takesTheTopic),
                Case.of(
                        "sub.other",
                        "nn_pubsub(7)",
                        "A message that does not begin with the topic is dropped, even if the topic is within it.",
                        this::dropsOthers),
                Case.of(
                        "sub.shorter",
                        "nn_pubsub(7)",
                        "A message that is shorter than the topic is dropped, an empty one as well.",
                        this::dropsShorter),
                Case.of(
                        "sub.order",
                        "nn_pubsub(7)",
                        "The messages of one publisher are given to the program in their order.",
                        this::keepsOrder),
                Case.of("sub.everyone", "nn_pubsub(7)", "Messages are taken from all publishers.", this::takesFromAll));
    }

    @Override
    byte[] message(Trial trial, byte[] payload) {
        return SpConnection.join(Bytes.ascii(trial.traits().topic()), payload);
    }

    @Override
    void expectGiven(Trial trial, SpConnection peer, byte[] payload) throws IOException {
        super.expectGiven(trial, peer, message(trial, payload));
    }

    private void takesTheTopic(Trial trial) throws IOException {
        SpConnection peer = trial.connect();
        deliver(trial, peer, Trial.nothing());
    }

    private void dropsOthers(Trial trial) throws IOException {
        String topic = trial.traits().topic();
        expectIgnored(
                trial,
                SpConnection.join(trial.payload("other"), Bytes.ascii(topic)),
                SpConnection.join(Bytes.ascii(topic.toUpperCase(Locale.ROOT)), trial.payload("case")),
                SpConnection.join(Bytes.ascii(topic.substring(0, topic.length() - 1) + "\0"), trial.payload("last")));
    }

    private void dropsShorter(Trial trial) throws IOException {
        byte[] topic = Bytes.ascii(trial.traits().topic());
        SpConnection peer = trial.connect();
        // They cannot bear the mark of the trial, so all that the program was given is looked at.
        trial.seen(message -> false, trial.silence());
        peer.send(Arrays.copyOf(topic, topic.length - 1));
        peer.send(Arrays.copyOf(topic, 1));
        peer.send(Trial.nothing());
        byte[] good = trial.payload("good");
        give(trial, peer, good);
        byte[] given = trial.seen(message -> true, trial.patience())
                .orElseThrow(() -> new Unexpected("the program was not given the message"));
        Trial.expectSame(given, message(trial, good), "what the program was given");
    }
}
