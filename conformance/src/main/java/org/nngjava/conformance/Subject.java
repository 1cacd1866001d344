package org.nngjava.conformance;

import java.util.Optional;

/**
 * An endpoint that listens and is to be judged, with a program behind it that behaves in a known way:
 *
 * <dl>
 *   <dt>rep, respondent
 *   <dd>answers every message, best by the same message
 *   <dt>req, surveyor
 *   <dd>asks again and again, at least once a second, and takes the answers
 *   <dt>pub, push
 *   <dd>sends again and again, at least once a second
 *   <dt>sub, pull
 *   <dd>takes what comes; SUB is subscribed to {@link Traits#topic()}
 *   <dt>pair0, pair1
 *   <dd>sends every message back, or sends again and again and takes what comes
 *   <dt>bus
 *   <dd>sends again and again, at least once a second, and takes what comes
 * </dl>
 */
public interface Subject extends AutoCloseable {
    /** The protocol that it speaks. */
    Protocol protocol();

    /** Where it listens. */
    String url();

    /** What its program was given; empty if that cannot be seen. */
    Optional<Received> received();

    /** What is known of it. */
    Traits traits();

    /** Why it cannot be judged any more; empty as long as it lives. */
    default Optional<String> death() {
        return Optional.empty();
    }

    @Override
    default void close() {}
}
