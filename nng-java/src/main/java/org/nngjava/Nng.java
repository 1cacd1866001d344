package org.nngjava;

import java.util.Optional;
import org.nngjava.internal.NngLibrary;

/** What is known of the loaded libnng. */
public final class Nng {
    /** The minor number of the oldest version that is supported. */
    static final int OLDEST = 5;

    private Nng() {}

    /** Its version as it reports it, for example {@code 1.5.2}. */
    public static String version() {
        return NngLibrary.version();
    }

    /** Where it came from: {@code bundled}, {@code system}, or the path that was asked for. */
    public static String origin() {
        return NngLibrary.origin();
    }

    /** What does the encryption; empty if the library was built without TLS. */
    public static Optional<TlsEngine> tlsEngine() {
        String name = NngLibrary.api().nng_tls_engine_name();
        return name.equals("none")
                ? Optional.empty()
                : Optional.of(new TlsEngine(
                        name,
                        NngLibrary.api().nng_tls_engine_description(),
                        NngLibrary.api().nng_tls_engine_fips_mode()));
    }

    /** Whether the loaded library says that it is older than 1.{@code minor}. */
    static boolean isBefore(int minor) {
        return Integer.parseInt(version().split("[.-]", -1)[1]) < minor;
    }

    /** What to throw where the loaded library cannot do what was attempted because it is too old. */
    static UnsupportedOperationException lacking(String attempted, int minor) {
        return new UnsupportedOperationException(
                attempted + ": needs NNG 1." + minor + " or later, and this is " + version());
    }
}
