package org.nngjava.gifbroker.media;

/**
 * How big a GIF is. It has the shape of what it shows, to the pixel.
 *
 * @param width in pixels
 * @param height in pixels
 */
record PictureSize(int width, int height) {
    /**
     * Chooses it: as asked for, or else the quality's width if what is shown has as much and the limit allows it.
     *
     * @param shownWidth of the part of the picture that is shown
     * @param shownHeight of the part of the picture that is shown
     * @throws MediaException if an asked size goes beyond the limit
     */
    static PictureSize of(int shownWidth, int shownHeight, GifOptions options, MediaLimits limits)
            throws MediaException {
        double shape = (double) shownHeight / shownWidth;
        OutputFormat format = options.formatOrDefault();
        if (options.width() == null && options.height() == null) {
            double width = Math.min(options.qualityOrDefault().width(), shownWidth);
            double widest = Math.min(Math.sqrt(limits.maxGifPixels() / shape), format.maxSide() / shape);
            return of(Math.min(width, Math.floor(widest)), shape, format);
        }
        double width = Math.min(
                options.width() == null ? Double.MAX_VALUE : options.width(),
                options.height() == null ? Double.MAX_VALUE : options.height() / shape);
        PictureSize size = of(width, shape, format);
        if (Math.max(size.width, size.height) > format.maxSide() || size.pixels() > limits.maxGifPixels()) {
            throw new MediaException(
                    MediaException.Kind.LIMIT,
                    (options.width() == null ? "height" : "width") + ": the GIF would be " + size.width + "x"
                            + size.height + ", at most " + limits.maxGifPixels() + " pixels and "
                            + format.maxSide() + " to a side are made");
        }
        return size;
    }

    private static PictureSize of(double width, double shape, OutputFormat format) {
        return new PictureSize(format.side(width), format.side(width * shape));
    }

    private long pixels() {
        return (long) width * height;
    }
}
