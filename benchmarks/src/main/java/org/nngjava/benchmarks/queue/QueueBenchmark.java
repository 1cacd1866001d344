package org.nngjava.benchmarks.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.nngjava.benchmarks.Median;
import org.nngjava.benchmarks.Trees;

/**
 * Has nng-workers and the alternatives take turns, several rounds, and prints medians, and medians of the ratios within a round, as
 * tables in Markdown.
 *
 * <p>{@code QueueBenchmark [ROUNDS [WAITING...]]}, where WAITING is how many jobs wait in our queue while others are measured.
 */
public final class QueueBenchmark implements AutoCloseable {
    private static final int SUBMITTERS = 8;
    private static final int WORKERS = 8;
    private static final int WARM_UPS = 8;
    private static final int SINGLE_JOBS = 200;
    private static final int[] SLOTS = {1, 10, 100};
    private static final int[] PARKED = {10, 1_000};
    private static final String EMBEDDED = "ours, embedded";
    private static final String TCP = "ours, over tcp";
    private static final String SCHEDULER = "db-scheduler";
    private static final List<String> PERCENTILES = List.of(", p50", ", p99");

    private final int rounds;
    private final int[] waiting;
    private final Path directory = Files.createTempDirectory("nng-bench-queue");
    private final Optional<PostgresqlServer> postgresql = PostgresqlServer.start();
    private final Map<String, SubjectProcess> subjects = new LinkedHashMap<>();

    /** What was measured, round by round, by what it is. */
    private final Map<String, List<Double>> measured = new LinkedHashMap<>();

    private QueueBenchmark(int rounds, int[] waiting) throws IOException, InterruptedException {
        this.rounds = rounds;
        this.waiting = waiting;
        add(EMBEDDED, "embedded");
        add(TCP, "tcp");
        add(SCHEDULER + ", SQLite", "db-scheduler");
        if (postgresql.isPresent()) {
            add(SCHEDULER + ", PostgreSQL", postgresql.get().url());
        } else {
            System.err.println("PostgreSQL is not installed: NOT MEASURED");
        }
        add("JobRunr, SQLite", "jobrunr");
        if (Beanstalkd.isInstalled()) {
            add("beanstalkd -f0", "beanstalkd");
        } else {
            System.err.println("beanstalkd is not installed: NOT MEASURED (ci/setup bench installs it)");
        }
        add("the disk: fsync per record", "fsync");
        add("the disk: fsync, grouped", "fsync-grouped");
    }

    private void add(String name, String subject) throws IOException {
        Path own = Files.createDirectories(directory.resolve(Integer.toString(subjects.size())));
        subjects.put(name, new SubjectProcess(subject, own));
    }

    /** Measures. The property {@code org.nngjava.library} names libnng. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        int[] waiting = arguments.length < 2
                ? new int[] {10, 10_000, 100_000}
                : Arrays.stream(arguments).skip(1).mapToInt(Integer::parseInt).toArray();
        try (QueueBenchmark benchmark = new QueueBenchmark(rounds, waiting)) {
            benchmark.measure();
            benchmark.print();
        }
    }

    private void measure() throws IOException {
        System.err.println("warming up");
        for (SubjectProcess subject : subjects.values()) {
            for (int i = 0; i < WARM_UPS; i++) {
                subject.throughput(SUBMITTERS, WORKERS, 0);
            }
        }
        for (int i = 0; i < WARM_UPS; i++) {
            parked(new LinkedHashMap<>());
        }
        round(new LinkedHashMap<>());
        for (int i = 0; i < rounds; i++) {
            System.err.println("round " + (i + 1) + " of " + rounds);
            round(measured);
        }
    }

    private void round(Map<String, List<Double>> results) throws IOException {
        for (Map.Entry<String, SubjectProcess> subject : subjects.entrySet()) {
            note(results, subject.getKey(), subject.getValue().throughput(SUBMITTERS, WORKERS, 0));
        }
        SubjectProcess ours = subjects.get(EMBEDDED);
        note(results, "latency of " + EMBEDDED, ours.latency(SINGLE_JOBS));
        for (String name : schedulers()) {
            note(results, "latency of " + name, subjects.get(name).latency(SINGLE_JOBS));
        }
        for (int slots : SLOTS) {
            note(results, slots + " workers", ours.throughput(SUBMITTERS, slots, 0));
        }
        for (int jobs : waiting) {
            note(results, jobs + " waiting", ours.throughput(SUBMITTERS, WORKERS, jobs));
        }
        parked(results);
    }

    private void parked(Map<String, List<Double>> results) throws IOException {
        for (int workers : PARKED) {
            note(results, workers + " parked", subjects.get(EMBEDDED).parked(workers, SINGLE_JOBS * 15));
        }
    }

    private List<String> schedulers() {
        return subjects.keySet().stream()
                .filter(name -> name.startsWith(SCHEDULER))
                .toList();
    }

    private static void note(Map<String, List<Double>> results, String what, double perSecond) {
        System.err.printf(Locale.ROOT, "  %s: %.0f/s%n", what, perSecond);
        results.computeIfAbsent(what, ignored -> new ArrayList<>()).add(perSecond);
    }

    private static void note(Map<String, List<Double>> results, String what, double[] micros) {
        System.err.printf(Locale.ROOT, "  %s: p50 %.0f us, p99 %.0f us%n", what, micros[0], micros[1]);
        results.computeIfAbsent(what + ", p50", ignored -> new ArrayList<>()).add(micros[0]);
        results.computeIfAbsent(what + ", p99", ignored -> new ArrayList<>()).add(micros[1]);
    }

    private void print() {
        System.out.printf("Medians of %d rounds; ratios are medians of those within a round (from, to).%n%n", rounds);
        System.out.println("| no-op jobs, 8 submitters, 8 workers | jobs/s | embedded is | over tcp is | aims |");
        System.out.println("|---|---|---|---|---|");
        for (String name : subjects.keySet()) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.0f | %s | %s | %s |%n",
                    name,
                    Median.of(measured.get(name)),
                    ratio(EMBEDDED, name),
                    ratio(TCP, name),
                    aims(name));
        }
        System.out.println();
        for (String name : schedulers()) {
            System.out.printf(
                    "| one job into an idle system, until it runs | ours, embedded | %s | ratio | aim |%n", name);
            System.out.println("|---|---|---|---|---|");
            for (String percentile : PERCENTILES) {
                printPair("latency of " + EMBEDDED + percentile, "latency of " + name + percentile, percentile, "0.33");
            }
            System.out.println();
        }
        System.out.println("| ours, embedded | jobs/s | ratio to the first | aim |");
        System.out.println("|---|---|---|---|");
        for (int slots : SLOTS) {
            printRow(slots + " workers", SLOTS[0] + " workers");
        }
        for (int jobs : waiting) {
            printRow(jobs + " waiting", waiting[0] + " waiting");
        }
        System.out.println();
        System.out.println("| one job, in memory, over tcp | 1,000 parked workers | 10 parked workers | ratio | aim |");
        System.out.println("|---|---|---|---|---|");
        for (String percentile : PERCENTILES) {
            printPair(PARKED[1] + " parked" + percentile, PARKED[0] + " parked" + percentile, percentile, "1.5");
        }
    }

    private void printPair(String ours, String theirs, String percentile, String aim) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %.2f ms | %.2f ms | %s | at most %s |%n",
                percentile.substring(2),
                Median.of(measured.get(ours)) / 1e3,
                Median.of(measured.get(theirs)) / 1e3,
                ratio(ours, theirs),
                aim);
    }

    private void printRow(String what, String first) {
        System.out.printf(
                Locale.ROOT, "| %s | %.0f | %s | flat |%n", what, Median.of(measured.get(what)), ratio(what, first));
    }

    private static String aims(String name) {
        if (name.startsWith(SCHEDULER) || name.startsWith("JobRunr")) {
            return "4 and 2";
        }
        return name.startsWith("beanstalkd") ? "2 and 1" : "";
    }

    private String ratio(String ours, String theirs) {
        if (ours.equals(theirs)) {
            return "1";
        }
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            ratios.add(measured.get(ours).get(i) / measured.get(theirs).get(i));
        }
        ratios.sort(null);
        return String.format(
                Locale.ROOT, "%.2f (%.2f, %.2f)", Median.of(ratios), ratios.get(0), ratios.get(rounds - 1));
    }

    @Override
    public void close() throws IOException {
        subjects.values().forEach(SubjectProcess::close);
        if (postgresql.isPresent()) {
            postgresql.get().close();
        }
        Trees.delete(directory);
    }
}
