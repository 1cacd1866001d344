package org.nngjava.gifbroker.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Shows how far a load test is: one line that changes on a terminal, and elsewhere a line for each tenth. For one thread. */
final class LoadProgress {
    private final PrintStream out;
    private final boolean terminal;
    private final int requests;
    private final long begun = System.nanoTime();
    private long tenths;

    LoadProgress(PrintStream out, boolean terminal, int requests) {
        this.out = out;
        this.terminal = terminal;
        this.requests = requests;
    }

    /**
     * Shows it.
     *
     * @param fraction from 0 to 1
     */
    void show(double fraction) {
        if (terminal) {
            out.print("\r\u001b[K" + text(fraction));
            out.flush();
        } else if ((long) (fraction * 10) > tenths) {
            tenths = (long) (fraction * 10);
            out.println(text(fraction));
        }
    }

    /** Takes the line away. */
    void clear() {
        if (terminal) {
            out.print("\r\u001b[K");
            out.flush();
        }
    }

    private String text(double fraction) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        Duration left = Duration.ofMillis(Math.round(fraction == 0 ? 0 : seconds * 1_000 * (1 - fraction) / fraction));
        return String.format(
                Locale.ROOT,
                "%3.0f %%  %,d of %,d requests, %,.0f/s, %s left",
                Math.floor(fraction * 100),
                Math.round(fraction * requests),
                requests,
                fraction * requests / seconds,
                fraction == 0 ? "?" : ProgressLine.seconds(left));
    }
}
