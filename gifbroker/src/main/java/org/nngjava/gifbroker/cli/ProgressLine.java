package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.nngjava.gifbroker.http.JobResource;

/** Shows how far a job is: a bar that grows on a terminal, and elsewhere a line from time to time. For one thread. */
final class ProgressLine {
    private static final int CELLS = 28;
    private static final int STEP = 10;

    private final PrintStream out;
    private final boolean terminal;
    private final String place;
    private final String label;
    private String shown = "";

    /**
     * @param place which of how many jobs it is, such as {@code 3 of 12}; empty if it is the only one
     * @param label what the job is about, such as a file's name
     */
    ProgressLine(PrintStream out, boolean terminal, String place, String label) {
        this.out = out;
        this.terminal = terminal;
        this.place = place.isEmpty() ? "" : place + "  ";
        this.label = label;
    }

    /** Shows nothing. */
    static ProgressLine silent() {
        return new ProgressLine(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false, "", "");
    }

    /** Shows it on standard error, as suits what that is. */
    static ProgressLine onStandardError(String place, String label) {
        return new ProgressLine(System.err, isTerminal(2), place, label);
    }

    /**
     * Whether there is a terminal, as far as the system tells.
     *
     * @param descriptor 1 standard output, 2 standard error
     */
    static boolean isTerminal(int descriptor) {
        try {
            Path device = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
            return device.startsWith("/dev/pts")
                    || device.toString().startsWith("/dev/tty")
                    || device.endsWith("console");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Shows a job as it is now. */
    void show(JobResource job) {
        String text = terminal ? bar(job) : step(job);
        if (text.equals(shown)) {
            return;
        }
        shown = text;
        if (terminal) {
            out.print("\r\u001b[K" + text);
            out.flush();
        } else {
            out.println(text);
        }
    }

    /** Takes the bar away, so that other lines can be printed. */
    void clear() {
        if (terminal && !shown.isEmpty()) {
            out.print("\r\u001b[K");
            out.flush();
            shown = "";
        }
    }

    private String bar(JobResource job) {
        double fraction = Math.min(1, Math.max(0, job.progress()));
        int halves = (int) Math.round(fraction * CELLS * 2);
        String full = "\u2501".repeat(halves / 2);
        String half = halves % 2 == 1 ? "\u2578" : "";
        String rest = "\u2500".repeat(CELLS - (halves + 1) / 2);
        return String.format(
                Locale.ROOT,
                "%s%-24s \u001b[32m%s%s\u001b[2;39m%s\u001b[0m %3d%%  %s",
                place,
                shortened(),
                full,
                half,
                rest,
                percent(job),
                state(job));
    }

    private String step(JobResource job) {
        String state = job.state().equals("running") ? percent(job) / STEP * STEP + "%" : state(job);
        return place + label + ": " + state;
    }

    private String state(JobResource job) {
        return switch (job.state()) {
            case "queued" -> job.queuePosition() == null ? "queued" : "queued, number " + job.queuePosition();
            case "running" -> remaining(job);
            default -> job.state();
        };
    }

    private static int percent(JobResource job) {
        return (int) Math.floor(job.progress() * 100);
    }

    private static String remaining(JobResource job) {
        if (job.runTimeMs() == null || job.progress() < 0.02 || job.runTimeMs() < 500) {
            return "converting";
        }
        double left = job.runTimeMs() * (1 - job.progress()) / job.progress();
        return seconds(Duration.ofMillis(Math.round(left))) + " left";
    }

    private String shortened() {
        return label.length() <= 24 ? label : "\u2026" + label.substring(label.length() - 23);
    }

    /** A time with one decimal below ten seconds, without above. */
    static String seconds(Duration time) {
        double seconds = time.toMillis() / 1000.0;
        if (seconds >= 90) {
            return String.format(Locale.ROOT, "%d min %02d s", time.toMinutes(), time.toSecondsPart());
        }
        return String.format(Locale.ROOT, seconds < 9.95 ? "%.1f s" : "%.0f s", seconds);
    }
}
