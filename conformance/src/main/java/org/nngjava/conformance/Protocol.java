package org.nngjava.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The scalability protocols as they appear on the wire: sp-protocol-ids-01 2, and the roles that the implementations number. */
public enum Protocol {
    PAIR0(0x10, 0x10, "pair"),
    PAIR1(0x11, 0x11, "pair1"),
    PUB(0x20, 0x21, "pub"),
    SUB(0x21, 0x20, "sub"),
    REQ(0x30, 0x31, "req"),
    REP(0x31, 0x30, "rep"),
    PUSH(0x50, 0x51, "push"),
    PULL(0x51, 0x50, "pull"),
    SURVEYOR(0x62, 0x63, "surveyor"),
    RESPONDENT(0x63, 0x62, "respondent"),
    BUS(0x70, 0x70, "bus");

    private final int number;
    private final int peer;
    private final String webSocketName;

    Protocol(int number, int peer, String webSocketName) {
        this.number = number;
        this.peer = peer;
        this.webSocketName = webSocketName;
    }

    /** The 16 bits by which an endpoint of this protocol introduces itself. */
    public int number() {
        return number;
    }

    /** The number of the only endpoints that it may talk to. */
    public int peer() {
        return peer;
    }

    /** The WebSocket subprotocol of a server that is such an endpoint. */
    public String subprotocol() {
        return webSocketName + ".sp.nanomsg.org";
    }

    /** The protocol of this name, as {@link #toString()} writes it. */
    public static Protocol named(String name) {
        List<Protocol> found = Arrays.stream(values())
                .filter(protocol -> protocol.toString().equals(name))
                .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no protocol " + name + ", but " + Arrays.toString(values()));
        }
        return found.get(0);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
