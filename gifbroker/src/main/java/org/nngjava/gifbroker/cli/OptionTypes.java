package org.nngjava.gifbroker.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nngjava.gifbroker.http.HostPort;
import org.nngjava.gifbroker.http.PublicUrl;
import org.nngjava.gifbroker.http.Secret;
import picocli.CommandLine.TypeConversionException;

/** Reads the values of options. */
final class OptionTypes {
    private static final Pattern DURATION =
            Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(ms|s|m|h)?", Pattern.CASE_INSENSITIVE);

    private OptionTypes() {}

    /** {@code HOST:PORT}. */
    static HostPort hostPort(String text) {
        try {
            return HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /** {@code https://gifs.example.com}. */
    static PublicUrl publicUrl(String text) {
        try {
            return PublicUrl.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /** The secret itself, or {@code @FILE} for the first line of a file. */
    static Secret secret(String text) {
        try {
            return new Secret(text.startsWith("@") ? firstLine(Path.of(text.substring(1))) : text);
        } catch (IllegalArgumentException | IOException e) {
            throw new TypeConversionException(e instanceof IOException ? Failures.sentence(e) : e.getMessage());
        }
    }

    private static String firstLine(Path file) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            String line = reader.readLine();
            return line == null ? "" : line.strip();
        }
    }

    /** {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}; seconds without a unit. */
    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is not a time such as 500ms, 10s, 5m or 1h");
        }
        String unit = matcher.group(2) == null ? "s" : matcher.group(2).toLowerCase(Locale.ROOT);
        long milliseconds = switch (unit) {
            case "ms" -> 1;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 1_000;
        };
        return Duration.ofMillis(new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(milliseconds))
                .longValue());
    }
}
