package org.nngjava;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.nngjava.internal.NngLibrary;

/** The patches of our own that the loaded libnng has: without them some tests would end the JVM. */
final class Patches {
    private Patches() {}

    /** Goes on only if the library is the bundled one and has this patch of {@code native/patches}. */
    static void assume(String patch) {
        assumeTrue(NngLibrary.hasPatch(patch), () -> "the library, " + Nng.origin() + ", lacks the patch " + patch);
    }
}
