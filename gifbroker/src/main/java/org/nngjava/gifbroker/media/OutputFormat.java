package org.nngjava.gifbroker.media;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What kind of file comes out. */
public enum OutputFormat {
    /** An animated GIF. */
    GIF("image/gif", 65535),
    /** An animated WebP: more colours in less space, with the same looping. */
    WEBP("image/webp", 16383),
    /** H.264 without sound, whose sides are even. A player decides whether it loops. */
    MP4("video/mp4", 4096);

    private static final int HEADER = 30;
    private static final int GIF_TRAILER = 0x3B;

    private final String mediaType;
    private final int maxSide;

    OutputFormat(String mediaType, int maxSide) {
        this.mediaType = mediaType;
        this.maxSide = maxSide;
    }

    /** Its media type, such as {@code image/gif}. */
    public String mediaType() {
        return mediaType;
    }

    /** The ending of its files, which is also the name that users know it by, such as {@code gif}. */
    public String extension() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The format whose files have this ending. */
    public static Optional<OutputFormat> ofExtension(String extension) {
        return Arrays.stream(values())
                .filter(format -> format.extension().equalsIgnoreCase(extension))
                .findFirst();
    }

    /** The format of this media type; {@link #GIF} if it is null or none of these. */
    public static OutputFormat ofMediaType(String mediaType) {
        return Arrays.stream(values())
                .filter(format -> format.mediaType.equals(mediaType))
                .findFirst()
                .orElse(GIF);
    }

    /** Pixels that a side may have. */
    int maxSide() {
        return maxSide;
    }

    /** Pixels that a side has which would best have so many. */
    int side(double pixels) {
        return this == MP4 ? (int) Math.max(2, 2 * Math.round(pixels / 2)) : (int) Math.max(1, Math.round(pixels));
    }

    /** Whether this is a file of the format and of this size, written to its end; ffmpeg's exit code does not tell. */
    boolean isWhole(Path file, int width, int height) throws IOException {
        if (!Files.exists(file) || Files.size(file) < HEADER) {
            return false;
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] header = new byte[HEADER];
            in.readFully(header);
            return switch (this) {
                case GIF -> {
                    in.seek(in.length() - 1);
                    yield text(header, 0, 6).equals("GIF89a")
                            && littleEndian(header, 6, 2) == width
                            && littleEndian(header, 8, 2) == height
                            && in.read() == GIF_TRAILER;
                }
                case WEBP ->
                    text(header, 0, 4).equals("RIFF")
                            && littleEndian(header, 4, 4) + 8 == in.length()
                            && text(header, 8, 16).equals("WEBPVP8X")
                            && littleEndian(header, 24, 3) + 1 == width
                            && littleEndian(header, 27, 3) + 1 == height;
                case MP4 -> text(header, 4, 8).equals("ftyp") && hasWholeIndex(in);
            };
        }
    }

    /** Whether the boxes of an MP4 fill the file and one of them is its index, which is written last of all. */
    private static boolean hasWholeIndex(RandomAccessFile in) throws IOException {
        boolean index = false;
        long at = 0;
        while (at + 8 <= in.length()) {
            in.seek(at);
            long length = Integer.toUnsignedLong(in.readInt());
            byte[] type = new byte[4];
            in.readFully(type);
            if (length == 1) {
                length = in.readLong();
            }
            if (length < 8) {
                return false;
            }
            index |= text(type, 0, 4).equals("moov");
            at += length;
        }
        return index && at == in.length();
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static long littleEndian(byte[] bytes, int at, int length) {
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << 8 | (bytes[at + i] & 0xFF);
        }
        return value;
    }
}
