package org.nngjava.gifbroker.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a client would like, from the {@code Prefer} headers of RFC 7240. A preference that is not understood is no error: it is
 * passed over, as the RFC asks.
 */
public final class Preferences {
    private final Map<String, String> values;

    private Preferences(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads the headers in their order. Of a preference named twice the first counts.
     *
     * @param headers the values of all {@code Prefer} headers
     */
    public static Preferences parse(List<String> headers) {
        Map<String, String> values = new HashMap<>();
        for (String header : headers) {
            for (String preference : split(header, ',')) {
                String named = split(preference, ';').get(0);
                int equals = named.indexOf('=');
                String name = (equals < 0 ? named : named.substring(0, equals))
                        .strip()
                        .toLowerCase(Locale.ROOT);
                if (!name.isEmpty()) {
                    values.putIfAbsent(
                            name,
                            equals < 0
                                    ? ""
                                    : unquoted(named.substring(equals + 1).strip()));
                }
            }
        }
        return new Preferences(values);
    }

    /** How long the client would wait for the result itself, {@code wait=SECONDS}. Empty if it does not say, or not in seconds. */
    public Optional<Duration> waitFor() {
        String seconds = values.get("wait");
        if (seconds == null
                || seconds.isEmpty()
                || seconds.length() > 9
                || !seconds.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(Long.parseLong(seconds)));
    }

    private static List<String> split(String text, char separator) {
        List<String> parts = new java.util.ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static String unquoted(String word) {
        if (word.length() < 2 || !word.startsWith("\"") || !word.endsWith("\"")) {
            return word;
        }
        return word.substring(1, word.length() - 1).replaceAll("\\\\(.)", "$1");
    }
}
