package org.nngjava;

import java.util.Locale;

/** The scalability protocols, for a {@link RawSocket} that speaks one of them. */
public enum Protocol {
    /** BUS: to all direct peers. */
    BUS,
    /** PAIR version 0, which nanomsg speaks. */
    PAIR0,
    /** PAIR version 1. */
    PAIR1,
    /** PUB: publishes. */
    PUB,
    /** PULL: the receiving end of a pipeline. */
    PULL,
    /** PUSH: the sending end of a pipeline. */
    PUSH,
    /** REP: replies. */
    REP,
    /** REQ: requests. */
    REQ,
    /** RESPONDENT: answers surveys. */
    RESPONDENT,
    /** SUB: subscribes. */
    SUB,
    /** SURVEYOR: asks all respondents. */
    SURVEYOR;

    /** The protocol that its peers speak. */
    public Protocol peer() {
        return switch (this) {
            case BUS, PAIR0, PAIR1 -> this;
            case PUB -> SUB;
            case PULL -> PUSH;
            case PUSH -> PULL;
            case REP -> REQ;
            case REQ -> REP;
            case RESPONDENT -> SURVEYOR;
            case SUB -> PUB;
            case SURVEYOR -> RESPONDENT;
        };
    }

    boolean receives() {
        return this != PUB && this != PUSH;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
