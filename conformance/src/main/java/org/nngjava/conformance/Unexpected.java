package org.nngjava.conformance;

/** The endpoint did what it should not. The message says what was seen. */
final class Unexpected extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unexpected(String seen) {
        super(seen);
    }
}
