package org.nngjava.conformance;

import java.util.Locale;

/** The transport mappings that the suite speaks. */
public enum Transport {
    TCP,
    IPC,
    WS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
