package org.nngjava.gifbroker.media;

import java.util.OptionalDouble;

/**
 * What a probe tells of a movie.
 *
 * @param container it is in
 * @param stream index of the picture's stream
 * @param codec of the picture, ffmpeg's name
 * @param width in pixels as it is shown: turned upright, and with square pixels
 * @param height in pixels as it is shown
 * @param codedPixels width times height as it is stored
 * @param seconds that the picture lasts, if the container says so. It may lie: a file may be cut
 */
record Movie(
        MovieContainer container,
        int stream,
        String codec,
        int width,
        int height,
        long codedPixels,
        OptionalDouble seconds) {}
