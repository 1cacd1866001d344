package org.nngjava;

import org.nngjava.internal.NngLibrary;

/** What is known of the loaded libnng. */
public final class Nng {
    private Nng() {}

    /** Its version as it reports it, for example {@code 1.5.2}. */
    public static String version() {
        return NngLibrary.version();
    }

    /** Where it came from: {@code bundled}, {@code system}, or the path that was asked for. */
    public static String origin() {
        return NngLibrary.origin();
    }
}
