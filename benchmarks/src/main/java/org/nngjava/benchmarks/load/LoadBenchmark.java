package org.nngjava.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nngjava.benchmarks.Median;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code gifbroker load} with three workers and {@code ab -k}, in turn, on a server that answers after 20 ms. They should say the same: what is
 * measured is the server, and not who measures.
 */
public final class LoadBenchmark {
    private static final Duration DELAY = Duration.ofMillis(20);
    private static final int WORKERS = 3;
    private static final double AIM = 10;
    private static final Pattern PER_SECOND = Pattern.compile("Requests per second: +([0-9.]+)");
    private static final Pattern MEAN = Pattern.compile("Time per request: +([0-9.]+) \\[ms\\] \\(mean\\)");

    private final URI target;
    private final String requests;
    private final String connections;

    private LoadBenchmark(URI target, String requests, String connections) {
        this.target = target;
        this.requests = requests;
        this.connections = connections;
    }

    /**
     * Measures.
     *
     * @param args the number of requests, unless 100000, of connections, unless 100, and of rounds, unless 3
     * @throws Exception if anything fails
     */
    public static void main(String[] args) throws Exception {
        String requests = args.length > 0 ? args[0] : "100000";
        String connections = args.length > 1 ? args[1] : "100";
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
        try (Nginx server = new Nginx(DELAY)) {
            LoadBenchmark benchmark = new LoadBenchmark(server.uri(), requests, connections);
            System.out.printf(
                    "%s requests over %s connections, answered after %d ms, %d CPUs, %d rounds%n",
                    requests,
                    connections,
                    DELAY.toMillis(),
                    Runtime.getRuntime().availableProcessors(),
                    rounds);
            benchmark.run(rounds);
        }
    }

    private void run(int rounds) throws Exception {
        List<Measured> ours = new ArrayList<>();
        List<Measured> theirs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            if (round % 2 == 0) {
                ours.add(byLoad());
                theirs.add(byAb());
            } else {
                theirs.add(byAb());
                ours.add(byLoad());
            }
            System.out.println("round " + (round + 1) + ": load " + ours.get(round) + ", ab " + theirs.get(round));
        }
        System.out.printf(
                "%n%-12s %12s %12s %12s %16s%n",
                "medians", "load, " + WORKERS + " workers", "ab -k", "difference", "aim");
        for (int i = 0; i < Measured.NAMES.size(); i++) {
            int column = i;
            double our =
                    Median.of(ours.stream().mapToDouble(each -> each.values().get(column)));
            double their =
                    Median.of(theirs.stream().mapToDouble(each -> each.values().get(column)));
            System.out.printf(
                    Locale.ROOT,
                    "%-12s %12.2f %12.2f %+10.1f %% %12s%n",
                    Measured.NAMES.get(i),
                    our,
                    their,
                    100 * (our / their - 1),
                    "\u00b1 " + (int) AIM + " %");
        }
    }

    private Measured byLoad() throws Exception {
        String printed = printedBy(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("gifbroker.jar"),
                "load",
                "-n",
                requests,
                "-c",
                connections,
                "--workers",
                Integer.toString(WORKERS),
                "--json",
                target.toString());
        JsonNode report = new JsonMapper().readTree(printed);
        JsonNode latency = report.get("latency");
        return new Measured(
                report.get("throughput").asDouble(),
                latency.get("mean").asDouble(),
                latency.get("p50").asDouble(),
                latency.get("p90").asDouble(),
                latency.get("p99").asDouble());
    }

    private Measured byAb() throws Exception {
        Path csv = Files.createTempFile("ab-", ".csv");
        try {
            String printed = printedBy(
                    "ab", "-k", "-q", "-n", requests, "-c", connections, "-e", csv.toString(), target.toString());
            Map<String, Double> percentiles = new HashMap<>();
            Files.readAllLines(csv).stream()
                    .skip(1)
                    .map(line -> line.split(",", 2))
                    .forEach(fields -> percentiles.put(fields[0], Double.parseDouble(fields[1])));
            return new Measured(
                    first(PER_SECOND, printed),
                    first(MEAN, printed),
                    percentiles.get("50"),
                    percentiles.get("90"),
                    percentiles.get("99"));
        } finally {
            Files.delete(csv);
        }
    }

    private static String printedBy(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command[0] + " ended with " + process.exitValue() + ": " + printed);
        }
        return printed;
    }

    private static double first(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("ab says nothing of " + pattern + ": " + text);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
