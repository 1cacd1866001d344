package org.nngjava.benchmarks.binding;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.nngjava.benchmarks.Median;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs each case of the binding and of what it is compared with in turn, each in a process of its own, several rounds, and prints the
 * medians of the paired ratios as a table in Markdown.
 *
 * <p>{@code BindingBenchmark [ROUNDS [CASE...]]}, where a case is a part of its name.
 */
public final class BindingBenchmark {
    private static final int SECONDS = 2;
    private static final String TCP = "tcp://127.0.0.1:0";

    private final String baseline;
    private final String library;
    private final int rounds;

    /** One way to do a thing: gives operations a second, and bytes allocated for each where that is known. */
    @FunctionalInterface
    private interface Way {
        Measured measure() throws IOException, InterruptedException, RunnerException;
    }

    private record Measured(double perSecond, double bytes) {}

    private record Case(String name, Way ours, String other, Way theirs, double aim) {}

    private BindingBenchmark(String baseline, String library, int rounds) {
        this.baseline = baseline;
        this.library = library;
        this.rounds = rounds;
    }

    /** Measures. The property {@code nngbench} names the C program, {@code org.nngjava.library} the library that both use. */
    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 7;
        BindingBenchmark benchmark =
                new BindingBenchmark(System.getProperty("nngbench"), System.getProperty("org.nngjava.library"), rounds);
        System.out.printf(
                "| case | ours | beside | theirs | ratio (median of %d; from, to) | aim | bytes |%n|---|---|---|---|---|---|---|%n",
                rounds);
        for (Case measured : benchmark.cases()) {
            if (args.length < 2
                    || List.of(args).subList(1, args.length).stream().anyMatch(measured.name::contains)) {
                benchmark.measure(measured);
            }
        }
    }

    private List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String url : List.of("inproc://case", TCP)) {
            String transport = transport(url);
            cases.add(new Case(
                    "REQ/REP round trips, 64 B, " + transport + ", blocking",
                    java("RoundTrip.blocking", url, 64, Map.of()),
                    "C, blocking",
                    c("roundtrip", url, 64, 0),
                    1 / 1.05));
        }
        for (String url : List.of(TCP, "inproc://case")) {
            boolean tcp = url.equals(TCP);
            Way ours = java("Pipeline.continuous", url, 64, Map.of());
            String name = "PUSH/PULL, 64 B, " + transport(url) + ", continuous";
            cases.add(new Case(name, ours, "C, blocking", c("blocking", url, 64, 0), tcp ? 2.0 : 2.5));
            Way fourAios = c("aio", url, 64, 4);
            double aim = tcp ? 1.0 : 0.6;
            cases.add(new Case(name, ours, "C, 4 aios", fourAios, aim));
            Way twoHandlers = java("Pipeline.continuous", url, 64, Map.of("handlers", "2"));
            cases.add(new Case(name + ", 2 handlers", twoHandlers, "C, 4 aios", fourAios, aim));
        }
        cases.add(new Case(
                "PUSH/PULL, 64 B, tcp, continuous",
                java("Pipeline.continuous", TCP, 64, Map.of()),
                "JeroMQ",
                java("JeroMq.blocking", "tcp://127.0.0.1:*", 64, Map.of("batch", "200000")),
                Double.NaN));
        cases.add(new Case(
                "PUB/SUB, 64 B, tcp, to 8 subscribers",
                java("FanOut.publish", TCP, 64, Map.of()),
                "C, aio",
                c("fanout", TCP, 64, 8),
                1.0));
        for (int size : new int[] {64 << 10, 1 << 20}) {
            for (String url : List.of(
                    TCP, "ipc:///tmp/nngbench-" + ProcessHandle.current().pid())) {
                String batch = Integer.toString((1 << 30) / size / 4);
                cases.add(new Case(
                        "PUSH/PULL, " + (size >> 10) + " KiB, " + transport(url) + ", continuous",
                        java("Pipeline.continuous", url, size, Map.of("batch", batch)),
                        "C, 4 aios",
                        c("aio", url, size, 4),
                        0.97));
            }
        }
        cases.add(new Case(
                "PUSH/PULL, 64 KiB, tcp, continuous",
                java("Pipeline.continuous", TCP, 64 << 10, Map.of("batch", "4096")),
                "JeroMQ",
                java("JeroMq.blocking", "tcp://127.0.0.1:*", 64 << 10, Map.of("batch", "4096")),
                1.0));
        for (String benchmark : List.of("ownContexts", "requests")) {
            cases.add(new Case(
                    "REQ/REP, 64 B, tcp, 1,000 requests under way, " + benchmark,
                    java("Contexts." + benchmark, TCP, 64, Map.of()),
                    "C, contexts and aios",
                    c("contexts", TCP, 64, 1000),
                    0.8));
        }
        cases.add(new Case(
                "REQ/REP round trips, 64 B, tcp, idle until a Poller wakes",
                java("RoundTrip.polled", TCP, 64, Map.of()),
                "ours, blocking",
                java("RoundTrip.blocking", TCP, 64, Map.of()),
                1 / 1.2));
        return cases;
    }

    private void measure(Case measured) throws Exception {
        List<Double> ratios = new ArrayList<>();
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        List<Double> bytes = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            Measured their = measured.theirs.measure();
            Measured our = measured.ours.measure();
            ratios.add(our.perSecond / their.perSecond);
            ours.add(our.perSecond);
            theirs.add(their.perSecond);
            bytes.add(our.bytes);
        }
        ratios.sort(null);
        System.out.printf(
                Locale.ROOT,
                "| %s | %s/s | %s | %s/s | %.2f (%.2f to %.2f) | %s | %.0f |%n",
                measured.name,
                thousands(Median.of(ours)),
                measured.other,
                thousands(Median.of(theirs)),
                Median.of(ratios),
                ratios.get(0),
                ratios.get(rounds - 1),
                Double.isNaN(measured.aim) ? "" : "%.2f".formatted(measured.aim),
                Median.of(bytes));
    }

    private Way java(String benchmark, String url, int size, Map<String, String> parameters) {
        OptionsBuilder builder = new OptionsBuilder();
        builder.include("\\.binding\\." + benchmark.replace(".", "\\.") + "$")
                .param("url", url)
                .param("size", Integer.toString(size))
                .jvmArgsAppend("-Dorg.nngjava.library=" + library)
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(1)
                .measurementTime(TimeValue.seconds(SECONDS))
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT);
        new TreeMap<>(parameters).forEach(builder::param);
        Options options = builder.build();
        String batch = parameters.getOrDefault("batch", "20000");
        double each =
                benchmark.startsWith("RoundTrip") || benchmark.startsWith("FanOut") ? 1 : Double.parseDouble(batch);
        return () -> {
            RunResult result = new Runner(options).runSingle();
            return new Measured(
                    result.getPrimaryResult().getScore() * each,
                    result.getSecondaryResults().get("gc.alloc.rate.norm").getScore() / each);
        };
    }

    private Way c(String name, String url, int size, int count) {
        return () -> {
            Process process = new ProcessBuilder(
                            baseline,
                            name,
                            url,
                            Integer.toString(size),
                            Integer.toString(SECONDS),
                            Integer.toString(count))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(baseline + " " + name + " ended with " + process.exitValue());
            }
            return new Measured(Double.parseDouble(printed.strip()), Double.NaN);
        };
    }

    private static String transport(String url) {
        return url.substring(0, url.indexOf(':'));
    }

    private static String thousands(double perSecond) {
        return String.format(Locale.ROOT, "%.1f k", perSecond / 1000);
    }
}
