package org.nngjava.gifbroker.media;

import java.util.Locale;

/**
 * How much a GIF may weigh for how it looks.
 *
 * <p>Chosen by measurement: ordered dithering at scale 5 hides banding at a small size, at any quality. {@code stats_mode=diff} gives
 * the colours to what moves; {@code full} gives them to the whole picture, which looks better where all of it moves and costs a
 * little more. 64 colours at two thirds of the size weigh about a fifth.
 */
public enum Quality {
    /** About a fifth of the bytes of {@link #BALANCED}: 320 wide, 10 frames per second, 64 colours. */
    SMALL(320, 10, "palettegen=max_colors=64:stats_mode=diff", 50, 0.1, 28),
    /** 480 wide, 12.5 frames per second. */
    BALANCED(480, 12.5, "palettegen=stats_mode=diff", 75, 0.25, 23),
    /** About two and a half times the bytes of {@link #BALANCED}: 640 wide, 20 frames per second. */
    BEST(640, 20, "palettegen=stats_mode=full", 90, 0.5, 18);

    private final int width;
    private final double fps;
    private final String palette;
    private final int webp;
    private final double bitsPerPixel;
    private final int crf;

    Quality(int width, double fps, String palette, int webp, double bitsPerPixel, int crf) {
        this.width = width;
        this.fps = fps;
        this.palette = palette;
        this.webp = webp;
        this.bitsPerPixel = bitsPerPixel;
        this.crf = crf;
    }

    /** The name that users know it by. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Pixels, unless another width or height is asked for; the movie may have less. */
    public int width() {
        return width;
    }

    /** Frames per second, unless another rate is asked for. They are exact in a GIF. */
    public double fps() {
        return fps;
    }

    /** The filter that chooses the colours of a GIF. */
    String palette() {
        return palette;
    }

    /** libwebp's quality factor. */
    int webp() {
        return webp;
    }

    /** What an encoder with a bit rate may spend on a pixel. */
    double bitsPerPixel() {
        return bitsPerPixel;
    }

    /** x264's constant rate factor. */
    int crf() {
        return crf;
    }
}
