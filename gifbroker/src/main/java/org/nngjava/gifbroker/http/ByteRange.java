package org.nngjava.gifbroker.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a resource, as RFC 9110 section 14 asks for it.
 *
 * @param first offset of its first byte
 * @param last offset of its last byte, at least {@code first}
 */
record ByteRange(long first, long last) {
    private static final Pattern SINGLE = Pattern.compile("(?i)bytes\\s*=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");

    /** Number of bytes. */
    long length() {
        return last - first + 1;
    }

    /**
     * Reads a {@code Range} header against a resource of a known size. Empty where the whole is to be sent: without the header, and
     * for several ranges or one that makes no sense, which a server may pass over.
     *
     * @throws ProblemException 416 if nothing of the range lies within the resource
     */
    static Optional<ByteRange> parse(String header, long size) {
        Matcher matcher = SINGLE.matcher(header == null ? "" : header);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String from = matcher.group(1);
        String to = matcher.group(2);
        if (from.isEmpty() && to.isEmpty()) {
            return Optional.empty();
        }
        ByteRange range;
        if (from.isEmpty()) {
            range = new ByteRange(Math.max(0, size - Long.parseLong(to)), size - 1);
        } else {
            long last = to.isEmpty() ? size - 1 : Long.parseLong(to);
            if (last < Long.parseLong(from) && !to.isEmpty()) {
                return Optional.empty();
            }
            range = new ByteRange(Long.parseLong(from), Math.min(last, size - 1));
        }
        if (range.first > range.last) {
            throw new ProblemException(
                    Problem.of(ProblemType.RANGE_NOT_SATISFIABLE, "The GIF has " + size + " bytes"),
                    java.util.Map.of("Content-Range", "bytes */" + size));
        }
        return Optional.of(range);
    }
}
