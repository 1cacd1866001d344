package org.nngjava.gifbroker.http;

import tools.jackson.databind.json.JsonMapper;

/** JSON as this application reads and writes it. Safe for any thread. */
public final class Json {
    /** The media type of JSON. */
    public static final String MEDIA_TYPE = "application/json";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    /** Records, maps and lists as UTF-8 bytes. */
    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** Records, maps and lists as one line of text. */
    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /**
     * Reads a value.
     *
     * @throws tools.jackson.core.JacksonException if it is not JSON, or not of that type
     */
    public static <T> T read(byte[] json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }
}
