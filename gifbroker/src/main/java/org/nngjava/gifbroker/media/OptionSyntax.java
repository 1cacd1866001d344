package org.nngjava.gifbroker.media;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the values of options as users write them, and says what is wrong with one. */
final class OptionSyntax {
    private static final Pattern INTEGER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");
    private static final Pattern CLOCK =
            Pattern.compile("(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-5]?[0-9](?:\\.[0-9]{1,9})?)");

    private OptionSyntax() {}

    /** A whole number. */
    static int integer(String name, String value, int min, int max, String what) throws InvalidOptionException {
        if (INTEGER.matcher(value).matches()) {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw new InvalidOptionException(name, quote(value) + " is not " + what + " from " + min + " to " + max);
    }

    /** A decimal, to the thousandth. */
    static double decimal(String name, String value, double min, double max, String what)
            throws InvalidOptionException {
        if (DECIMAL.matcher(value).matches()) {
            double number = Math.round(Double.parseDouble(value) * 1000) / 1000.0;
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw new InvalidOptionException(
                name,
                quote(value) + " is not " + what + " from " + Seconds.format(min) + " to " + Seconds.format(max)
                        + ", such as 2.5");
    }

    /** {@code true} or {@code false}. */
    static boolean flag(String name, String value) throws InvalidOptionException {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidOptionException(name, quote(value) + " is neither true nor false");
        };
    }

    /** One of the words that stand for these values. */
    static <T> T word(String name, String value, T[] values, Function<T, String> words) throws InvalidOptionException {
        return Arrays.stream(values)
                .filter(one -> words.apply(one).equals(value))
                .findFirst()
                .orElseThrow(() -> new InvalidOptionException(
                        name,
                        quote(value) + " is none of "
                                + Arrays.stream(values).map(words).collect(Collectors.joining(", "))));
    }

    /** Seconds as a decimal, or {@code h:m:s} or {@code m:s} with decimals. */
    static Duration time(String name, String value, Duration max) throws InvalidOptionException {
        BigDecimal seconds;
        Matcher clock = CLOCK.matcher(value);
        if (DECIMAL.matcher(value).matches()) {
            seconds = new BigDecimal(value);
        } else if (clock.matches()) {
            seconds =
                    new BigDecimal(clock.group(3)).add(BigDecimal.valueOf(60).multiply(new BigDecimal(clock.group(2))));
            if (clock.group(1) != null) {
                seconds = seconds.add(BigDecimal.valueOf(3600).multiply(new BigDecimal(clock.group(1))));
            }
        } else {
            throw new InvalidOptionException(
                    name, quote(value) + " is not a time: give seconds such as 2.5, or h:m:s such as 0:01:30");
        }
        Duration time = Seconds.toDuration(seconds);
        if (time.compareTo(max) > 0) {
            throw new InvalidOptionException(name, quote(value) + " is more than " + max.toHours() + " hours");
        }
        return time;
    }

    /** What strangers wrote, cut to a length that a message can carry, and without control characters. */
    static String quote(String value) {
        String shown = value.length() > 40 ? value.substring(0, 40) + "..." : value;
        return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
