package org.nngjava.gifbroker.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * The movie containers that are accepted, known by their first bytes. ffmpeg is told which one to read, and can then read no
 * other: what looks like a playlist, an image sequence or a script to ffmpeg never gets there.
 */
enum MovieContainer {
    MP4("mov", true),
    MATROSKA("matroska", true),
    AVI("avi", true),
    GIF("gif", true),
    MPEG_TS("mpegts", false),
    MPEG_PS("mpeg", false),
    MPEG_VIDEO("mpegvideo", false),
    OGG("ogg", true),
    FLV("flv", true),
    ASF("asf", true);

    /** Enough to see three packets of a transport stream. */
    private static final int HEAD = 1024;

    private static final int PACKET = 188;
    private static final Set<String> MP4_BOXES = Set.of("ftyp", "styp", "moov", "mdat", "free", "skip", "wide", "pnot");
    private static final Set<String> STILL_BRANDS = Set.of("avif", "heic", "heix", "heim", "heis", "mif1", "crx ");

    private final String demuxer;
    private final boolean seekable;

    MovieContainer(String demuxer, boolean seekable) {
        this.demuxer = demuxer;
        this.seekable = seekable;
    }

    /** ffmpeg's name for what reads it. */
    String demuxer() {
        return demuxer;
    }

    /** Whether ffmpeg finds the frame at a time without reading all that comes before. */
    boolean isSeekable() {
        return seekable;
    }

    /**
     * What this file is by its first bytes.
     *
     * @throws MediaException if it is no movie, with what it seems to be instead
     */
    static MovieContainer of(Path file) throws MediaException, IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(HEAD);
        }
        Optional<MovieContainer> container = detect(head);
        if (container.isPresent()) {
            return container.get();
        }
        if (isSound(head)) {
            throw new MediaException(
                    MediaException.Kind.NO_PICTURE, "This file has sound only, there is no picture in it");
        }
        throw new MediaException(
                MediaException.Kind.NOT_A_MOVIE,
                "This is " + describe(head)
                        + ", not a movie; MP4, MOV, MKV, WebM, AVI, GIF, MPEG, OGG, FLV and WMV can be read");
    }

    /** What a file that begins like this is, if it is a movie. */
    static Optional<MovieContainer> detect(byte[] head) {
        if (isMp4(head)) {
            return Optional.of(MP4);
        }
        if (startsWith(head, 0x1A, 0x45, 0xDF, 0xA3)) {
            return Optional.of(MATROSKA);
        }
        if (has(head, 0, "RIFF") && has(head, 8, "AVI ")) {
            return Optional.of(AVI);
        }
        if (has(head, 0, "GIF87a") || has(head, 0, "GIF89a")) {
            return Optional.of(GIF);
        }
        // Plain packets, and those of a Blu-ray with four bytes before each.
        if (isTransportStream(head, 0, PACKET) || isTransportStream(head, 4, PACKET + 4)) {
            return Optional.of(MPEG_TS);
        }
        if (startsWith(head, 0x00, 0x00, 0x01, 0xBA)) {
            return Optional.of(MPEG_PS);
        }
        if (startsWith(head, 0x00, 0x00, 0x01, 0xB3)) {
            return Optional.of(MPEG_VIDEO);
        }
        if (has(head, 0, "OggS")) {
            return Optional.of(OGG);
        }
        if (has(head, 0, "FLV\u0001")) {
            return Optional.of(FLV);
        }
        if (startsWith(head, 0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11)) {
            return Optional.of(ASF);
        }
        return Optional.empty();
    }

    private static boolean isMp4(byte[] head) {
        if (head.length < 12 || !MP4_BOXES.contains(text(head, 4, 8))) {
            return false;
        }
        return !has(head, 4, "ftyp") || !STILL_BRANDS.contains(text(head, 8, 12));
    }

    private static boolean isTransportStream(byte[] head, int offset, int distance) {
        int packets = 0;
        for (int at = offset; at < head.length; at += distance) {
            if (head[at] != 0x47) {
                return false;
            }
            packets++;
        }
        return packets >= 2;
    }

    private static boolean isSound(byte[] head) {
        return has(head, 0, "ID3")
                || has(head, 0, "fLaC")
                || has(head, 0, "#!AMR")
                || (has(head, 0, "RIFF") && has(head, 8, "WAVE"))
                || (has(head, 0, "FORM") && has(head, 8, "AIF"))
                || isSoundFrame(head);
    }

    /** A bare frame of MP3 or AAC (ADTS). */
    private static boolean isSoundFrame(byte[] head) {
        return head.length > 1 && (head[0] & 0xFF) == 0xFF && ((head[1] & 0xE6) == 0xE2 || (head[1] & 0xF6) == 0xF0);
    }

    private static String describe(byte[] head) {
        if (head.length == 0) {
            return "an empty file";
        }
        if (startsWith(head, 0x89, 'P', 'N', 'G')) {
            return "a PNG image";
        }
        if (startsWith(head, 0xFF, 0xD8, 0xFF)) {
            return "a JPEG image";
        }
        if (has(head, 0, "RIFF") && has(head, 8, "WEBP")) {
            return "a WebP image";
        }
        if (has(head, 0, "BM") || has(head, 0, "II*\0") || has(head, 0, "MM\0*") || has(head, 4, "ftyp")) {
            return "an image";
        }
        if (has(head, 0, "PK") || startsWith(head, 0x1F, 0x8B) || has(head, 0, "7z\u00BC\u00AF")) {
            return "an archive";
        }
        if (has(head, 0, "%PDF")) {
            return "a PDF document";
        }
        if (!isText(head)) {
            return "a file of an unknown kind";
        }
        String text = text(head, 0, head.length);
        if (text.contains("#EXTM3U") || text.startsWith("ffconcat") || text.contains("<MPD")) {
            return "a playlist";
        }
        if (text.contains("<svg")) {
            return "an SVG image";
        }
        return "text";
    }

    private static boolean isText(byte[] head) {
        for (byte b : head) {
            if (b >= 0 && b < 0x20 && b != '\n' && b != '\r' && b != '\t' && b != '\f') {
                return false;
            }
        }
        return true;
    }

    private static boolean has(byte[] head, int offset, String bytes) {
        byte[] wanted = bytes.getBytes(StandardCharsets.ISO_8859_1);
        return head.length >= offset + wanted.length
                && Arrays.equals(head, offset, offset + wanted.length, wanted, 0, wanted.length);
    }

    private static boolean startsWith(byte[] head, int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (i >= head.length || (head[i] & 0xFF) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] head, int from, int to) {
        return new String(head, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
