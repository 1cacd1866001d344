package org.nngjava.gifbroker.media;

import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * How much of a conversion is done, out of what ffmpeg prints. Thread-safe: lines come on one thread, another one asks.
 *
 * <p>First frames are read, then the palette is computed, of which nothing is heard, then the GIF is written. The silence is
 * bridged by the clock, in steps that get smaller the longer it lasts, so that it never looks like an end.
 */
final class ConversionProgress {
    private static final double READ = 0.45;
    private static final double PALETTE = 0.15;

    /** Only the finished file is all. */
    private static final double DONE = 0.99;

    /** How long a movie of unknown length is taken to be at first. */
    private static final double GUESS = 10;

    private final OptionalDouble seconds;
    private final LongSupplier nanoClock;
    private final long began;
    private long heard;
    private double read;
    private double written;
    private int frames;
    private double reached;

    /**
     * @param seconds of the GIF, if known
     * @param nanoClock as {@link System#nanoTime}
     */
    ConversionProgress(OptionalDouble seconds, LongSupplier nanoClock) {
        this.seconds = seconds;
        this.nanoClock = nanoClock;
        this.began = nanoClock.getAsLong();
        this.heard = began;
    }

    /** Takes a line that ffmpeg printed. */
    synchronized void line(String line) {
        FrameReport.read(line).ifPresent(value -> {
            read = Math.max(read, value);
            heard = nanoClock.getAsLong();
        });
        FrameReport.written(line).ifPresent(value -> written = Math.max(written, value));
        FrameReport.frames(line).ifPresent(value -> frames = (int) value);
    }

    /** Between 0 and 1, never less than before. */
    synchronized double fraction() {
        double now = written > 0 ? READ + PALETTE + (DONE - READ - PALETTE) * share(written, total()) : reading();
        reached = Math.max(reached, now);
        return reached;
    }

    /** Frames of the GIF, once ffmpeg has ended. */
    synchronized int frames() {
        return frames;
    }

    private double reading() {
        double silence = (double) (nanoClock.getAsLong() - heard);
        double busy = Math.max((double) (heard - began), 500e6);
        return READ * share(read, total()) + PALETTE * silence / (silence + busy);
    }

    /** What is written can be no more than what was read, whatever the movie claims to be. */
    private double total() {
        if (written > 0 && read > 0) {
            return read;
        }
        return seconds.orElse(read + GUESS);
    }

    private static double share(double part, double whole) {
        return whole <= 0 ? 0 : Math.min(1, part / whole);
    }
}
