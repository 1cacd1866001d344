package org.nngjava;

/** What a {@link Poller} waits for on a socket. */
public enum Readiness {
    /** A message can be received without waiting. */
    RECEIVE("recv-fd"),
    /** A message can be sent without waiting. */
    SEND("send-fd");

    private final String option;

    Readiness(String option) {
        this.option = option;
    }

    /** NNG's option that holds the descriptor which is readable while this is so. */
    Option<Integer> descriptor() {
        return Option.integer(option);
    }
}
