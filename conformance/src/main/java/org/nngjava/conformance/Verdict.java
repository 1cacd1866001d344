package org.nngjava.conformance;

import java.util.Optional;

/**
 * What came of a case.
 *
 * @param kind whether the endpoint does what it must
 * @param detail what was seen, or why it cannot be judged; empty if there is nothing to say
 */
public record Verdict(Kind kind, String detail) {

    /** The kinds of verdicts. */
    public enum Kind {
        /** It does. */
        PASS("pass"),
        /** It does not, which is known of this implementation; the detail begins with the name of the deviation. */
        DEVIATES("deviates"),
        /** It does not. */
        FAIL("FAIL"),
        /** It cannot be judged here. */
        NOT_APPLICABLE("n/a");

        private final String shown;

        Kind(String shown) {
            this.shown = shown;
        }

        @Override
        public String toString() {
            return shown;
        }
    }

    /** The name of the known deviation, if that is what was seen. */
    Optional<String> deviation() {
        return kind == Kind.DEVIATES ? Optional.of(detail.substring(0, detail.indexOf(':'))) : Optional.empty();
    }
}
