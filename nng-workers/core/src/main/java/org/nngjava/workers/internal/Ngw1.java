package org.nngjava.workers.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.ByteBuffer;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The form of all messages: {@code NGW1}, the length of the header as a big-endian unsigned integer of 32 bits, the header
 * in JSON, the raw body. Unknown fields of the header are ignored.
 */
public final class Ngw1 {
    private static final byte[] MAGIC = "NGW1".getBytes(US_ASCII);
    private static final int FAMILY = 3;
    private static final int PREFIX = MAGIC.length + Integer.BYTES;
    private static final JsonMapper JSON = JsonMapper.builder()
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private Ngw1() {}

    /**
     * Writes all that comes before the body.
     *
     * @param header a {@link Request}, {@link Reply} or {@link Bulletin}
     * @return magic, length and header
     */
    public static byte[] encode(Object header) {
        return encoded(JSON.writeValueAsBytes(header));
    }

    /**
     * Writes a request that shows a token.
     *
     * @param request the request
     * @param token the token, or null for none
     * @return magic, length and header
     */
    static byte[] encode(Request request, String token) {
        if (token == null) {
            return encode(request);
        }
        ObjectNode header = JSON.valueToTree(request);
        return encoded(JSON.writeValueAsBytes(header.put("auth", token)));
    }

    private static byte[] encoded(byte[] json) {
        if (json.length > Limits.HEADER) {
            throw new IllegalArgumentException("a header of " + json.length + " bytes, over " + Limits.HEADER);
        }
        return ByteBuffer.allocate(PREFIX + json.length)
                .put(MAGIC)
                .putInt(json.length)
                .put(json)
                .array();
    }

    /**
     * Reads a header.
     *
     * @param message from its beginning; left at the beginning of the body
     * @param type what the header is: {@link Request}, {@link Reply} or {@link Bulletin}
     * @return the header
     * @throws BadMessageException if this is not such a message
     */
    public static <T> T decode(ByteBuffer message, Class<T> type) throws BadMessageException {
        byte[] magic = new byte[MAGIC.length];
        if (message.remaining() < PREFIX) {
            throw new BadMessageException(Reply.Refused.MALFORMED, "not a message of NGW1: too short");
        }
        message.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            boolean otherVersion = Arrays.equals(magic, 0, FAMILY, MAGIC, 0, FAMILY);
            throw otherVersion
                    ? new BadMessageException(Reply.Refused.VERSION, "this end speaks NGW1 only")
                    : new BadMessageException(Reply.Refused.MALFORMED, "not a message of NGW1");
        }
        int length = message.getInt();
        if (length < 0 || length > Limits.HEADER || length > message.remaining()) {
            throw new BadMessageException(
                    Reply.Refused.MALFORMED,
                    "a header of " + Integer.toUnsignedString(length) + " bytes, where " + message.remaining()
                            + " follow and " + Limits.HEADER + " are allowed");
        }
        byte[] json = new byte[length];
        message.get(json);
        try {
            T header = JSON.readValue(json, type);
            if (header == null) {
                throw new BadMessageException(Reply.Refused.MALFORMED, "the header is null");
            }
            return header;
        } catch (JacksonException e) {
            throw new BadMessageException(Reply.Refused.MALFORMED, e.getOriginalMessage());
        }
    }
}
