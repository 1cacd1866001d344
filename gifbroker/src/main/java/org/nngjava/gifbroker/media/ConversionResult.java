package org.nngjava.gifbroker.media;

import java.time.Duration;

/**
 * A GIF that was made.
 *
 * @param width in pixels
 * @param height in pixels
 * @param frames in it
 * @param duration that it lasts
 * @param bytes of the file
 * @param shortened whether the movie goes on where the {@linkplain MediaLimits#maxDuration() limit} ended the GIF
 * @param runTime that it took
 */
public record ConversionResult(
        int width, int height, int frames, Duration duration, long bytes, boolean shortened, Duration runTime) {}
