package org.nngjava.conformance;

/** A case cannot be judged against this endpoint. The message says why. */
final class NotApplicable extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotApplicable(String why) {
        super(why);
    }
}
