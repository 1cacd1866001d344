package org.nngjava.conformance;

import java.nio.charset.StandardCharsets;

/** Bytes for people to read. */
final class Bytes {
    private static final int SHOWN = 48;

    private Bytes() {}

    /** In quotes, with what is not printable in hexadecimal, and cut when it is long. */
    static String show(byte[] bytes) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < Math.min(bytes.length, SHOWN); i++) {
            char c = (char) (bytes[i] & 0xff);
            text.append(
                    c >= ' ' && c < 0x7f && c != '"' && c != '\\' ? String.valueOf(c) : "\\x%02x".formatted((int) c));
        }
        return text.append(bytes.length > SHOWN ? "\"... (" + bytes.length + " bytes)" : "\"")
                .toString();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
