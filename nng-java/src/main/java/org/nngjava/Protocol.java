package org.nngjava;

/** The protocols that a {@link RawSocket} can speak. */
public enum Protocol {
    REQ,
    REP;

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
