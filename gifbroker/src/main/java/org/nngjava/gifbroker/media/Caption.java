package org.nngjava.gifbroker.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A text on a picture: its lines, and how big. ffmpeg is given each line in a file of its own, so that no character of it means
 * anything to ffmpeg. Immutable.
 *
 * @param lines from top to bottom; one may be empty
 * @param size of the font, in pixels
 */
record Caption(List<String> lines, int size) {
    private static final int MAX_LENGTH = 200;
    private static final Pattern AFTER_SPACES = Pattern.compile("(?<= )(?=[^ ])");
    private static final String FONT_FILE = "caption.ttf";

    /** Shares of the picture. */
    private static final double USUAL_SIZE = 0.09;

    private static final double WIDEST = 0.94;
    private static final double HIGHEST = 0.6;

    /** Shares of the font's size. */
    private static final double LINE_HEIGHT = 1.2;

    private static final double LOWEST = 0.5;
    private static final int MIN_SIZE = 7;

    /** Reads a caption: what can be written, and not too much of it. */
    static String parse(String name, String value) throws InvalidOptionException {
        String text = value.replace("\r\n", "\n").strip();
        if (text.isEmpty()) {
            throw new InvalidOptionException(name, "is empty");
        }
        if (text.codePointCount(0, text.length()) > MAX_LENGTH) {
            throw new InvalidOptionException(name, "is longer than " + MAX_LENGTH + " characters");
        }
        Optional<String> unknown = text.codePoints()
                .filter(codePoint -> codePoint != '\n' && !CaptionFont.bundled().has(codePoint))
                .mapToObj(codePoint -> String.format("U+%04X", codePoint))
                .findFirst();
        if (unknown.isPresent()) {
            throw new InvalidOptionException(name, "the font has no picture of the character " + unknown.get());
        }
        return text;
    }

    /**
     * Breaks a text into lines, smaller ones if need be, and in the middle of words only if nothing else helps, so that it fits into a
     * picture.
     *
     * @throws MediaException if it does not fit
     */
    static Caption fit(String text, int width, int height) throws MediaException {
        for (boolean anywhere : new boolean[] {false, true}) {
            for (int size = usualSize(width, height); size >= MIN_SIZE; size--) {
                Caption caption = new Caption(lines(text, WIDEST * width / size, anywhere), size);
                if (caption.isNarrowerThan(WIDEST * width)
                        && caption.lines.size() * LINE_HEIGHT * size <= HIGHEST * height) {
                    return caption;
                }
            }
        }
        throw new MediaException(
                MediaException.Kind.LIMIT, "caption: does not fit into a picture of " + width + "x" + height);
    }

    private static int usualSize(int width, int height) {
        return Math.max(MIN_SIZE, (int) (USUAL_SIZE * Math.min(height, width)));
    }

    /** Draws it on the pictures that pass. Its files are in the directory that ffmpeg runs in. */
    String filter() {
        return IntStream.range(0, lines.size())
                .filter(i -> !lines.get(i).isBlank())
                .mapToObj(this::filter)
                .collect(Collectors.joining(","));
    }

    /** Writes the files that {@link #filter} names. */
    void writeTo(Path directory) throws IOException {
        CaptionFont.bundled().writeTo(directory.resolve(FONT_FILE));
        for (int i = 0; i < lines.size(); i++) {
            Files.writeString(directory.resolve(file(i)), lines.get(i));
        }
    }

    private String filter(int i) {
        int baseline = (int) Math.round((lines.size() - 1 - i) * LINE_HEIGHT * size + LOWEST * size);
        return "drawtext=fontfile=" + FONT_FILE + ":textfile=" + file(i) + ":expansion=none:fontsize=" + size
                + ":fontcolor=white:bordercolor=black:borderw=" + Math.max(1, Math.round(size / 12.0))
                + ":x=(w-text_w)/2:y=h-" + baseline + "-ascent";
    }

    private static String file(int i) {
        return "caption-" + i + ".txt";
    }

    private boolean isNarrowerThan(double pixels) {
        return lines.stream().allMatch(line -> CaptionFont.bundled().width(line) * size <= pixels);
    }

    private static List<String> lines(String text, double widest, boolean anywhere) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : text.split("\n", -1)) {
            String line = "";
            for (String piece : pieces(paragraph.strip(), anywhere)) {
                if (!line.isEmpty() && CaptionFont.bundled().width((line + piece).stripTrailing()) > widest) {
                    lines.add(line.strip());
                    line = piece;
                } else {
                    line += piece;
                }
            }
            lines.add(line.strip());
        }
        return lines;
    }

    private static List<String> pieces(String line, boolean anywhere) {
        return anywhere
                ? line.codePoints().mapToObj(Character::toString).toList()
                : List.of(AFTER_SPACES.split(line, -1));
    }
}
