package org.nngjava.gifbroker.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/**
 * How many pixels a picture has.
 *
 * @param count at least 1
 */
record Pixels(long count) {
    private static final Pattern SYNTAX = Pattern.compile("(\\d{1,9})(?:x(\\d{1,9}))?");

    /** Reads {@code 1920x1080}, or the product of that. */
    static Pixels parse(String text) {
        Matcher matcher = SYNTAX.matcher(text.strip());
        long count = matcher.matches()
                ? Long.parseLong(matcher.group(1)) * (matcher.group(2) == null ? 1 : Long.parseLong(matcher.group(2)))
                : 0;
        if (count == 0) {
            throw new TypeConversionException("'" + text + "' is not a number of pixels such as 1920x1080");
        }
        return new Pixels(count);
    }

    @Override
    public String toString() {
        return Long.toString(count);
    }
}
