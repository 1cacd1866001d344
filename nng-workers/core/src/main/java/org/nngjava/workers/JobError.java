package org.nngjava.workers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;

/**
 * Why an attempt, and at last a job, failed.
 *
 * @param code a short stable word for programs, at most {@value #MAX_CODE} characters: the one of a {@link PermanentFailureException}, or one of the constants here
 * @param message a sentence for people, at most {@value #MAX_MESSAGE} characters
 * @param permanent true if trying again cannot help
 */
public record JobError(String code, String message, boolean permanent) {
    /** The code of a handler that threw something other than a {@link PermanentFailureException}. */
    public static final String EXCEPTION = "exception";

    /** The code of a handler that ran longer than the job's time-out. */
    public static final String TIMEOUT = "timeout";

    /** The code of a job that took down its worker again and again. */
    public static final String POISON = "poison";

    /** The code of an attempt whose worker lives and does not know of it any more. */
    public static final String LOST = "lost";

    /** The code of an attempt whose result did not arrive whole. */
    public static final String RESULT = "result";

    /** Longer codes are cut to this length. */
    public static final int MAX_CODE = 128;

    /** Longer messages are cut to this length. */
    public static final int MAX_MESSAGE = 4_000;

    /** Checks that nothing is missing and cuts what is too long. */
    public JobError {
        code = text(Objects.requireNonNull(code, "code"), MAX_CODE);
        message = text(Objects.requireNonNullElse(message, ""), MAX_MESSAGE);
    }

    /** A text that can be written in UTF-8, of bounded length: whatever a handler throws must fit into a report. */
    private static String text(String given, int longest) {
        String cut = given.length() <= longest ? given : given.substring(0, longest);
        return new String(cut.getBytes(UTF_8), UTF_8);
    }
}
