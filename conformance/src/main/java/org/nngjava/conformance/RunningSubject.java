package org.nngjava.conformance;

import java.io.IOException;
import java.util.Optional;

/** An endpoint that runs already, somewhere: nothing but the wire is seen of it. */
record RunningSubject(Protocol protocol, String url, Traits traits) implements Subject {
    @Override
    public Optional<Received> received() {
        return Optional.empty();
    }

    @Override
    public Optional<String> death() {
        try {
            Wire.probe(Address.of(url));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("nobody listens there: " + e.getMessage());
        }
    }
}
