package org.nngjava.gifbroker.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What the chunks of an animated WebP say (RFC 9649); ffmpeg 8 cannot read one.
 *
 * @param width of the canvas
 * @param height of the canvas
 * @param frames in it
 * @param milliseconds that they last
 * @param loop how often it is played, 0 for ever
 */
public record WebpFacts(int width, int height, int frames, int milliseconds, int loop) {
    /** Reads a WebP. */
    public static WebpFacts of(byte[] bytes) {
        ByteBuffer webp = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int width = 0;
        int height = 0;
        int frames = 0;
        int milliseconds = 0;
        int loop = -1;
        for (int at = 12; at + 8 <= bytes.length; at += 8 + (webp.getInt(at + 4) + 1) / 2 * 2) {
            switch (new String(bytes, at, 4, StandardCharsets.ISO_8859_1)) {
                case "VP8X" -> {
                    width = (webp.getInt(at + 12) & 0xFFFFFF) + 1;
                    height = (webp.getInt(at + 15) & 0xFFFFFF) + 1;
                }
                case "ANIM" -> loop = Short.toUnsignedInt(webp.getShort(at + 12));
                case "ANMF" -> {
                    frames++;
                    milliseconds += webp.getInt(at + 20) & 0xFFFFFF;
                }
                default -> {}
            }
        }
        return new WebpFacts(width, height, frames, milliseconds, loop);
    }
}
