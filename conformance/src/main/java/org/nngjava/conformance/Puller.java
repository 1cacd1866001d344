package org.nngjava.conformance;

import java.util.List;

/** PULL: takes from all of its peers. There is no RFC; nn_pipeline(7) and nng_pull(7) say what it does. */
final class Puller extends Sink {
    Puller() {
        super(Protocol.PULL);
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of(
                        "pull.plain",
                        "nn_pipeline(7)",
                        "A message is given to the program as it is.",
                        this::takesPlainly),
                Case.of(
                        "pull.order",
                        "nn_pipeline(7)",
                        "The messages of one peer are given to the program in their order.",
                        this::keepsOrder),
                Case.of("pull.everyone", "nn_pipeline(7)", "Messages are taken from all peers.", this::takesFromAll));
    }
}
