package org.nngjava.gifbroker.media;

import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * How much of a conversion is done, out of what ffmpeg prints. Thread-safe: lines come on one thread, another one asks.
 *
 * <p>First frames are read, then the palette is computed, of which nothing is heard, then the GIF is written. The silence is
 * bridged by the clock, in steps that get smaller the longer it lasts, so that it never looks like an end. What is written while it
 * is read needs no palette, and its frames count as they are read.
 */
final class ConversionProgress {
    /** Only the finished file is all. */
    private static final double DONE = 0.99;

    /** How long a movie of unknown length is taken to be at first. */
    private static final double GUESS = 10;

    private final OptionalDouble seconds;
    private final boolean readsFirst;
    private final double readShare;
    private final double paletteShare;
    private final LongSupplier nanoClock;
    private final long began;
    private long heard;
    private double read;
    private double written;
    private int framesRead;
    private int framesWritten;
    private double reached;

    /**
     * @param seconds of the GIF, if known
     * @param readsFirst whether nothing is written before all is read
     * @param nanoClock as {@link System#nanoTime}
     */
    ConversionProgress(OptionalDouble seconds, boolean readsFirst, LongSupplier nanoClock) {
        this.seconds = seconds;
        this.readsFirst = readsFirst;
        this.readShare = readsFirst ? 0.45 : DONE;
        this.paletteShare = readsFirst ? 0.15 : 0;
        this.nanoClock = nanoClock;
        this.began = nanoClock.getAsLong();
        this.heard = began;
    }

    /** Takes a line that ffmpeg printed. */
    synchronized void line(String line) {
        FrameReport.read(line).ifPresent(value -> {
            read = Math.max(read, value);
            framesRead++;
            heard = nanoClock.getAsLong();
        });
        FrameReport.written(line).ifPresent(value -> written = Math.max(written, value));
        FrameReport.frames(line).ifPresent(value -> framesWritten = (int) value);
    }

    /** Between 0 and 1, never less than before. */
    synchronized double fraction() {
        double before = readShare + paletteShare;
        double now = isWriting() ? before + (DONE - before) * share(written, total()) : reading();
        reached = Math.max(reached, now);
        return reached;
    }

    /** Frames that were made, once ffmpeg has ended; an encoder may report all of them as one. */
    synchronized int frames() {
        return readsFirst ? framesWritten : framesRead;
    }

    private boolean isWriting() {
        return readsFirst && written > 0;
    }

    private double reading() {
        double silence = (double) (nanoClock.getAsLong() - heard);
        double busy = Math.max((double) (heard - began), 500e6);
        return readShare * share(read, total()) + paletteShare * silence / (silence + busy);
    }

    /** What is written can be no more than what was read, whatever the movie claims to be. */
    private double total() {
        if (isWriting() && read > 0) {
            return read;
        }
        return seconds.orElse(read + GUESS);
    }

    private static double share(double part, double whole) {
        return whole <= 0 ? 0 : Math.min(1, part / whole);
    }
}
