package org.nngjava.gifbroker.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The header {@code Idempotency-Key}, under which the same request is carried out once: a word of the client's, quoted or not. */
final class IdempotencyKey {
    private static final String HEADER = "Idempotency-Key";
    private static final Pattern KEY =
            Pattern.compile("\"([\\x20-\\x7e&&[^\"\\\\]]{1,128})\"|([\\x21-\\x7e&&[^\"\\\\]]{1,128})");

    private IdempotencyKey() {}

    /**
     * Reads it.
     *
     * @param header as sent, or null
     * @throws ProblemException 400 if it is no key
     */
    static Optional<String> parse(String header) {
        if (header == null) {
            return Optional.empty();
        }
        Matcher matcher = KEY.matcher(header.strip());
        if (!matcher.matches()) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    HEADER + " is 1 to 128 printable characters of ASCII, without quotes and backslashes within");
        }
        return Optional.of(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }
}
