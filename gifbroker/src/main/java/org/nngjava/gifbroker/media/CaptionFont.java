package org.nngjava.gifbroker.media;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The font of captions, DejaVu Sans Bold: which characters it has, and how wide they are. Reads those tables of the TrueType file that
 * say so ({@code cmap}, {@code hmtx}; ISO/IEC 14496-22); the toolkit of Java would need libraries that a server often lacks.
 * Immutable.
 */
final class CaptionFont {
    private static final String RESOURCE = "/net/sf/jasperreports/fonts/dejavu/DejaVuSans-Bold.ttf";
    private static final int SEGMENTED_COVERAGE = 12;
    private static final int GROUP = 12;

    private final byte[] file;
    private final ByteBuffer font;
    private final int unitsPerEm;
    private final int widths;
    private final int widthCount;
    private final int groups;
    private final int groupCount;

    private CaptionFont(byte[] file) {
        this.file = file;
        font = ByteBuffer.wrap(file);
        unitsPerEm = Short.toUnsignedInt(font.getShort(table("head") + 18));
        widths = table("hmtx");
        widthCount = Short.toUnsignedInt(font.getShort(table("hhea") + 34));
        int coverage = coverage(table("cmap"));
        groupCount = font.getInt(coverage + 12);
        groups = coverage + 16;
    }

    /** The one that comes along. */
    static CaptionFont bundled() {
        return Holder.FONT;
    }

    /** Whether there is a picture for this character. */
    boolean has(int codePoint) {
        return glyph(codePoint) != 0;
    }

    /** How wide a line is, in heights of the font; kerning may make it a little less. */
    double width(String line) {
        return line.codePoints()
                        .map(this::glyph)
                        .map(glyph -> Short.toUnsignedInt(font.getShort(widths + 4 * Math.min(glyph, widthCount - 1))))
                        .sum()
                / (double) unitsPerEm;
    }

    /** Writes the font's file. */
    void writeTo(Path path) throws IOException {
        Files.write(path, file);
    }

    private int glyph(int codePoint) {
        for (int i = 0; i < groupCount; i++) {
            int group = groups + GROUP * i;
            if (codePoint >= font.getInt(group) && codePoint <= font.getInt(group + 4)) {
                return font.getInt(group + 8) + codePoint - font.getInt(group);
            }
        }
        return 0;
    }

    private int table(String tag) {
        int count = font.getShort(4);
        for (int at = 12; at < 12 + 16 * count; at += 16) {
            if (new String(file, at, 4, StandardCharsets.US_ASCII).equals(tag)) {
                return font.getInt(at + 8);
            }
        }
        throw new IllegalStateException("the font has no table " + tag);
    }

    private int coverage(int cmap) {
        int count = font.getShort(cmap + 2);
        for (int i = 0; i < count; i++) {
            int subtable = cmap + font.getInt(cmap + 4 + 8 * i + 4);
            if (font.getShort(subtable) == SEGMENTED_COVERAGE) {
                return subtable;
            }
        }
        throw new IllegalStateException("the font does not say which characters it has");
    }

    /** Read when the first caption is asked for. */
    private static final class Holder {
        static final CaptionFont FONT = load();

        private static CaptionFont load() {
            try (InputStream in = CaptionFont.class.getResourceAsStream(RESOURCE)) {
                if (in == null) {
                    throw new IllegalStateException(RESOURCE + " is not in the class path");
                }
                return new CaptionFont(in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
