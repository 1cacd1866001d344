package org.nngjava.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One thing that an endpoint must do.
 *
 * @param name short and unique within a protocol, for example {@code rep.stack}
 * @param reference the document and section that says so
 * @param expectation what must happen, in a sentence
 * @param transports the mappings it applies to
 * @param deviations implementations that are known to do otherwise
 * @param check tries it, and throws {@link Unexpected} or an IOException if something else happens
 */
record Case(
        String name,
        String reference,
        String expectation,
        Set<Transport> transports,
        List<Deviation> deviations,
        Check check) {

    /** A case for all transports. */
    static Case of(String name, String reference, String expectation, Check check) {
        return new Case(name, reference, expectation, EnumSet.allOf(Transport.class), List.of(), check);
    }

    /** The same for these transports only. */
    Case on(Transport first, Transport... others) {
        return new Case(name, reference, expectation, EnumSet.of(first, others), deviations, check);
    }

    /** The same with an implementation that is known to deviate, on these transports or, if none is named, on all. */
    Case deviates(String implementation, String deviation, String instead, Transport... where) {
        List<Deviation> all = new ArrayList<>(deviations);
        all.add(new Deviation(
                implementation,
                deviation,
                instead,
                where.length == 0 ? EnumSet.allOf(Transport.class) : EnumSet.of(where[0], where)));
        return new Case(name, reference, expectation, transports, List.copyOf(all), check);
    }

    /**
     * How an implementation is known to deviate on a transport, if it is. What is known of {@code nng} is known of
     * {@code nng-1.5.2} as well.
     */
    Optional<Deviation> deviation(String implementation, Transport transport) {
        return deviations.stream()
                .filter(known -> implementation.startsWith(known.implementation) && known.on.contains(transport))
                .findFirst();
    }

    /** What is tried. */
    @FunctionalInterface
    interface Check {
        void run(Trial trial) throws IOException;
    }

    /** A known deviation: of which implementation, its name, what it does instead, and on which transports. */
    record Deviation(String implementation, String name, String instead, Set<Transport> on) {}
}
