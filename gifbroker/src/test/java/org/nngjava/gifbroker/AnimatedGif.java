package org.nngjava.gifbroker;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;

/**
 * What the JDK's own reader finds in a GIF.
 *
 * @param width in pixels
 * @param height in pixels
 * @param frames that can be decoded
 * @param hundredths of a second that it lasts
 */
public record AnimatedGif(int width, int height, int frames, int hundredths) {
    /** Reads a GIF. */
    public static AnimatedGif read(byte[] bytes) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("gif");
        ImageReader reader = readers.next();
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in);
            int frames = reader.getNumImages(true);
            int hundredths = 0;
            for (int i = 0; i < frames; i++) {
                IIOMetadataNode root =
                        (IIOMetadataNode) reader.getImageMetadata(i).getAsTree("javax_imageio_gif_image_1.0");
                IIOMetadataNode control = (IIOMetadataNode)
                        root.getElementsByTagName("GraphicControlExtension").item(0);
                hundredths += Integer.parseInt(control.getAttribute("delayTime"));
            }
            return new AnimatedGif(reader.getWidth(0), reader.getHeight(0), frames, hundredths);
        } catch (IOException e) {
            throw new AssertionError("not a GIF", e);
        } finally {
            reader.dispose();
        }
    }
}
