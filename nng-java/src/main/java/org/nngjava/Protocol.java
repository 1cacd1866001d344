package org.nngjava;

import java.util.Locale;

/** The scalability protocols, for a {@link RawSocket} that speaks one of them. */
public enum Protocol {
    BUS,
    /** PAIR version 0, which nanomsg speaks. */
    PAIR0,
    /** PAIR version 1. */
    PAIR1,
    PUB,
    PULL,
    PUSH,
    REP,
    REQ,
    RESPONDENT,
    SUB,
    SURVEYOR;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
