package org.nngjava;

import java.util.Objects;

/**
 * The TLS implementation in libnng.
 *
 * @param name NNG's name for it, for example {@code mbed}
 * @param description its name and version as it gives them, for example {@code mbed TLS 2.28.3}
 * @param fipsMode whether it is restricted to what FIPS 140-2 allows
 */
public record TlsEngine(String name, String description, boolean fipsMode) {
    public TlsEngine {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(description, "description");
    }
}
