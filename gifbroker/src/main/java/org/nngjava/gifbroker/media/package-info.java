/**
 * Movies in, GIFs out: everything that touches ffmpeg.
 *
 * <p>{@link org.nngjava.gifbroker.media.Ffmpeg} says which ffmpeg is used, {@link org.nngjava.gifbroker.media.GifConverter}
 * turns one movie into one GIF as {@link org.nngjava.gifbroker.media.GifOptions} ask and within
 * {@link org.nngjava.gifbroker.media.MediaLimits}, {@link org.nngjava.gifbroker.media.WorkDirectories} gives a worker a
 * directory that the next one cleans up when this one was killed.
 *
 * <p>Movies come from strangers. Before ffmpeg sees a file its first bytes must be those of a movie container, and that
 * container's demuxer is named to ffmpeg, so that no playlist, image sequence or script is ever tried. Each program runs as a
 * child process with a fixed argument list, an empty environment, nothing on its standard input, bounded time, memory, pixels
 * and output, in a directory of its own, and dies with this JVM.
 *
 * <p>Threads: all types are safe for use by many threads, and the value types are immutable. Blocking methods are
 * interruptible: an interrupt is a cancel, it ends the child process at once and waits for its end. All children are started by
 * one thread that lives as long as the JVM, because the kernel ties their life to the thread that started them.
 */
package org.nngjava.gifbroker.media;
