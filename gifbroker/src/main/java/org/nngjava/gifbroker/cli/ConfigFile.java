package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Settings in YAML: each key is an option without its dashes, a list stands for an option that may be given several times. One file may
 * serve all commands: each takes what it knows. What none knows is refused.
 */
final class ConfigFile {
    private static final YAMLMapper YAML = new YAMLMapper();

    private final Path path;
    private final Map<String, Setting> settings;

    /** Values are kept as they are written: whoever knows the option reads them. */
    private record Setting(String value, int line) {}

    private ConfigFile(Path path, Map<String, Setting> settings) {
        this.path = path;
        this.settings = settings;
    }

    /**
     * Reads a file.
     *
     * @param known all settings that there are
     * @throws IllegalArgumentException if it is no such file or has a setting that is not known, with a sentence that says where
     */
    static ConfigFile read(Path path, Collection<String> known) throws IOException {
        try (Reader reader = Files.newBufferedReader(path);
                JsonParser parser = YAML.createParser(reader)) {
            return new ConfigFile(path, new Parsing(path, parser, known).settings());
        } catch (JacksonException e) {
            String where = e.getLocation() == null
                    ? path.toString()
                    : place(path, e.getLocation().getLineNr());
            throw new IllegalArgumentException(where + ": " + sentence(e.getOriginalMessage()), e);
        }
    }

    /** What the parser says, without the place, on one line, and with an advice that helps. */
    private static String sentence(String message) {
        return message.replaceFirst("(?s)\\s+in reader, line.*", "")
                .replaceFirst("\\(Do not use . for indentation\\)", "A value that begins with it needs quotes")
                .replaceAll("\\s+", " ");
    }

    /** The value of a setting, those of a list with commas between. */
    Optional<String> value(String key) {
        return Optional.ofNullable(settings.get(key)).map(Setting::value);
    }

    /** Where a setting stands that there is, for people. */
    String place(String key) {
        return place(path, settings.get(key).line());
    }

    /** The settings in it. */
    Set<String> keys() {
        return settings.keySet();
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private static String place(Path path, int line) {
        return path + ", line " + line;
    }

    /** One run through a file. */
    private record Parsing(Path path, JsonParser parser, Collection<String> known) {
        Map<String, Setting> settings() {
            Map<String, Setting> settings = new LinkedHashMap<>();
            JsonToken first = parser.nextToken();
            if (first != null && first != JsonToken.START_OBJECT) {
                throw wrong("a file of settings has lines such as 'max-upload: 500M'");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                int line = line();
                if (!known.contains(key)) {
                    throw wrong("there is no setting '" + key + "'; the nearest is '" + nearest(key) + "'");
                }
                if (settings.putIfAbsent(key, new Setting(value(key), line)) != null) {
                    throw wrong("'" + key + "' is set twice");
                }
            }
            if (first != null && parser.nextToken() != null) {
                throw wrong("the settings end before this");
            }
            return settings;
        }

        private String value(String key) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return scalar(key);
            }
            List<String> values = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                values.add(scalar(key));
            }
            return String.join(",", values);
        }

        private String scalar(String key) {
            JsonToken token = parser.currentToken();
            if (!token.isScalarValue() || token == JsonToken.VALUE_NULL) {
                throw wrong("'" + key + "' has a value, or a list of values");
            }
            return parser.getString();
        }

        private String nearest(String key) {
            return known.stream()
                    .min(Comparator.comparingInt(other -> distance(key, other)))
                    .orElseThrow();
        }

        private int line() {
            return parser.currentTokenLocation().getLineNr();
        }

        private IllegalArgumentException wrong(String what) {
            return new IllegalArgumentException(place(path, line()) + ": " + what);
        }
    }

    /** How many letters have to be put in, taken out or changed to make one of the other (Levenshtein). */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
