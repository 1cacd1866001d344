package org.nngjava.gifbroker.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/**
 * A number of bytes as people write it.
 *
 * @param bytes more than 0
 */
record ByteSize(long bytes) {
    private static final Pattern SYNTAX = Pattern.compile("(\\d{1,12})\\s*([kmgt]?)i?b?", Pattern.CASE_INSENSITIVE);

    /** Reads {@code 500M}, {@code 2G} or plain bytes; units are powers of 1024. */
    static ByteSize parse(String text) {
        Matcher matcher = SYNTAX.matcher(text.strip());
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is not a size such as 500M or 2G");
        }
        int power = "kmgt".indexOf(matcher.group(2).toLowerCase(Locale.ROOT)) + 1;
        long factor = matcher.group(2).isEmpty() ? 1 : 1L << (10 * power);
        long bytes = Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
        if (bytes == 0) {
            throw new TypeConversionException("a size is more than 0");
        }
        return new ByteSize(bytes);
    }

    /** With one decimal, in the unit that suits. */
    static String human(long bytes) {
        if (bytes < 1000) {
            return bytes + " bytes";
        }
        if (bytes < 1_000_000) {
            return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
        }
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    @Override
    public String toString() {
        return Long.toString(bytes);
    }
}
