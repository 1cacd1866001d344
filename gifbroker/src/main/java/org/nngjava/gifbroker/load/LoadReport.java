package org.nngjava.gifbroker.load;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * What all workers measured together. Their histograms are added up, so that percentiles are those of all answers and not means of
 * percentiles.
 *
 * @param uri where the requests went
 * @param requests how many
 * @param connections over how many connections
 * @param workers from how many workers
 * @param rate how many were begun in a second; 0 for as many as were answered
 * @param seconds from the first request to the last answer, of the worker that took longest
 * @param throughput answers in a second
 * @param bytes the length of the answers' bodies
 * @param statuses how many answers had which status
 * @param failures how many requests had no answer, by reason
 * @param latency how long answers took
 * @param histogram how many answers took how long
 */
public record LoadReport(
        URI uri,
        long requests,
        int connections,
        int workers,
        double rate,
        double seconds,
        double throughput,
        long bytes,
        Map<Integer, Long> statuses,
        Map<String, Long> failures,
        Latency latency,
        List<Bar> histogram) {
    private static final int BARS = 10;
    private static final int LONGEST_BAR = 40;
    private static final double MICROS = 1_000;
    private static final double NANOS = 1e9;
    private static final String CLOSED = "A latency is the time from sending a request to the last byte of its answer. "
            + "A connection sends its next request when the last is answered, so a target that stalls is asked less: "
            + "--rate shows what clients would see who come regardless.";
    private static final String OPEN =
            "A latency is the time from when a request was due, by --rate, to the last byte of its answer: "
                    + "what it waited for a free connection is counted.";

    /**
     * How long answers took, in milliseconds, exact to a thousandth. All 0 if there were none.
     *
     * @param mean of all
     * @param deviation the standard deviation
     */
    public record Latency(
            double mean,
            double deviation,
            double min,
            double p50,
            double p75,
            double p90,
            double p95,
            double p99,
            double p999,
            double max) {
        private static Latency of(Histogram times) {
            if (times.getTotalCount() == 0) {
                return new Latency(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
            }
            return new Latency(
                    times.getMean() / MICROS,
                    times.getStdDeviation() / MICROS,
                    times.getMinValue() / MICROS,
                    times.getValueAtPercentile(50) / MICROS,
                    times.getValueAtPercentile(75) / MICROS,
                    times.getValueAtPercentile(90) / MICROS,
                    times.getValueAtPercentile(95) / MICROS,
                    times.getValueAtPercentile(99) / MICROS,
                    times.getValueAtPercentile(99.9) / MICROS,
                    times.getMaxValue() / MICROS);
        }
    }

    /**
     * A bar of the histogram.
     *
     * @param fromMs where it begins, in milliseconds
     * @param toMs where it ends
     * @param count how many answers are in it
     */
    public record Bar(double fromMs, double toMs, long count) {}

    /**
     * Adds up.
     *
     * @param whole what was asked of all workers together
     * @param results of each of them
     */
    public static LoadReport of(LoadShare whole, List<LoadResult> results) {
        Histogram times = LoadRun.newHistogram();
        Map<Integer, Long> statuses = new TreeMap<>();
        Map<String, Long> failures = new TreeMap<>();
        for (LoadResult result : results) {
            times.add(decoded(result.latencies()));
            result.statuses().forEach((status, count) -> statuses.merge(status, count, Long::sum));
            result.failures().forEach((reason, count) -> failures.merge(reason, count, Long::sum));
        }
        double seconds = results.stream().mapToLong(LoadResult::nanos).max().orElse(0) / NANOS;
        return new LoadReport(
                whole.request().uri(),
                whole.requests(),
                whole.connections(),
                results.size(),
                whole.perSecond(),
                seconds,
                times.getTotalCount() / seconds,
                results.stream().mapToLong(LoadResult::bytes).sum(),
                statuses,
                failures,
                Latency.of(times),
                bars(times));
    }

    /** Whether all requests were answered, and none of them by an error. */
    public boolean isClean() {
        return failures.isEmpty() && statuses.keySet().stream().allMatch(status -> status >= 200 && status < 400);
    }

    private static Histogram decoded(String text) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(text)), 0);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("a worker sent what is no histogram", e);
        }
    }

    /** Of equal width from the shortest to the 99th percentile, and one for the rest. */
    private static List<Bar> bars(Histogram times) {
        List<Bar> bars = new ArrayList<>();
        if (times.getTotalCount() == 0) {
            return bars;
        }
        long first = times.getMinValue();
        long width = Math.max(1, (times.getValueAtPercentile(99) - first + BARS) / BARS);
        long counted = 0;
        for (int i = 0; i < BARS && counted < times.getTotalCount(); i++) {
            long from = first + i * width;
            long upToHere = countUpTo(times, from + width - 1);
            bars.add(new Bar(from / MICROS, (from + width) / MICROS, upToHere - counted));
            counted = upToHere;
        }
        if (counted < times.getTotalCount()) {
            bars.add(new Bar(
                    (first + BARS * width) / MICROS, times.getMaxValue() / MICROS, times.getTotalCount() - counted));
        }
        return bars;
    }

    private static long countUpTo(Histogram times, long value) {
        return times.getCountBetweenValues(0, value);
    }

    /** Prints it for people. */
    public void print(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%,d requests to %s over %,d connections from %d workers in %.2f s%n%n",
                requests,
                uri,
                connections,
                workers,
                seconds);
        out.printf(Locale.ROOT, "throughput  %,.1f answers/s, %,.1f KiB/s%n", throughput, bytes / 1024.0 / seconds);
        statuses.forEach((status, count) -> out.printf(Locale.ROOT, "answered    %,d with status %d%n", count, status));
        failures.forEach((reason, count) -> out.printf(Locale.ROOT, "unanswered  %,d: %s%n", count, reason));
        if (!histogram.isEmpty()) {
            printLatency(out);
            printHistogram(out);
        }
        out.println();
        out.println(rate == 0 ? CLOSED : OPEN);
        out.flush();
    }

    private void printLatency(PrintWriter out) {
        out.printf(Locale.ROOT, "latency     mean   %10.3f ms, \u00b1 %.3f%n", latency.mean(), latency.deviation());
        out.printf(Locale.ROOT, "            min    %10.3f ms%n", latency.min());
        out.printf(Locale.ROOT, "            50 %%   %10.3f ms%n", latency.p50());
        out.printf(Locale.ROOT, "            75 %%   %10.3f ms%n", latency.p75());
        out.printf(Locale.ROOT, "            90 %%   %10.3f ms%n", latency.p90());
        out.printf(Locale.ROOT, "            95 %%   %10.3f ms%n", latency.p95());
        out.printf(Locale.ROOT, "            99 %%   %10.3f ms%n", latency.p99());
        out.printf(Locale.ROOT, "            99.9 %% %10.3f ms%n", latency.p999());
        out.printf(Locale.ROOT, "            max    %10.3f ms%n%n", latency.max());
    }

    private void printHistogram(PrintWriter out) {
        long most = histogram.stream().mapToLong(Bar::count).max().orElse(1);
        for (Bar bar : histogram) {
            int length = (int) Math.ceil((double) bar.count() * LONGEST_BAR / most);
            out.printf(
                    Locale.ROOT,
                    "%10.3f to %10.3f ms %,10d %s%n",
                    bar.fromMs(),
                    bar.toMs(),
                    bar.count(),
                    "\u2588".repeat(length));
        }
    }
}
