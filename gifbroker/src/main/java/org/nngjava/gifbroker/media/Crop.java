package org.nngjava.gifbroker.media;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of the movie's picture, in pixels of the picture as it is shown: turned upright, and with square pixels.
 *
 * @param width at least 1
 * @param height at least 1
 * @param x of its left edge, or null for the middle
 * @param y of its upper edge, or null for the middle
 */
public record Crop(int width, int height, Integer x, Integer y) {
    private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,5}):([0-9]{1,5})(?::([0-9]{1,5}):([0-9]{1,5}))?");

    /** Refuses what is no part of any picture with an {@link IllegalArgumentException}. */
    public Crop {
        if (width < 1 || height < 1 || (x == null) != (y == null) || (x != null && (x < 0 || y < 0))) {
            throw new IllegalArgumentException("crop " + width + ":" + height + ":" + x + ":" + y);
        }
    }

    /** Reads {@code W:H} or {@code W:H:X:Y}. */
    static Crop parse(String name, String value) throws InvalidOptionException {
        Matcher matcher = SYNTAX.matcher(value);
        if (matcher.matches()) {
            int width = Integer.parseInt(matcher.group(1));
            int height = Integer.parseInt(matcher.group(2));
            if (width > 0 && height > 0) {
                return matcher.group(3) == null
                        ? new Crop(width, height, null, null)
                        : new Crop(width, height, Integer.valueOf(matcher.group(3)), Integer.valueOf(matcher.group(4)));
            }
        }
        throw new InvalidOptionException(
                name,
                OptionSyntax.quote(value)
                        + " is not a part of a picture: give W:H for its middle, or W:H:X:Y, in pixels of the movie");
    }

    /**
     * The same with its place in this movie.
     *
     * @throws MediaException if it reaches beyond the picture
     */
    Crop in(Movie movie) throws MediaException {
        int left = x == null ? (movie.width() - width) / 2 : x;
        int top = y == null ? (movie.height() - height) / 2 : y;
        if (left < 0 || top < 0 || left + width > movie.width() || top + height > movie.height()) {
            throw new MediaException(
                    MediaException.Kind.CROP_BEYOND_PICTURE,
                    "crop: " + this + " reaches beyond the movie's picture of " + movie.width() + "x" + movie.height());
        }
        return new Crop(width, height, left, top);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return width + ":" + height + (x == null ? "" : ":" + x + ":" + y);
    }
}
