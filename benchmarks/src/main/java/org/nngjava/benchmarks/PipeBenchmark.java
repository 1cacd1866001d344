package org.nngjava.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code ab} at {@code gifbroker pipe web} with three sinks, each a process of its own: as it is, with one sink killed or paused in the middle, and
 * with all of them paused; without acknowledgement and with it.
 */
public final class PipeBenchmark {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int SINKS = 3;
    private static final int PROGRESS_LINES = 10;

    private final Path log;
    private final int requests;
    private final int concurrency;

    private PipeBenchmark(Path log, int requests, int concurrency) {
        this.log = log;
        this.requests = requests;
        this.concurrency = concurrency;
    }

    /**
     * Measures.
     *
     * @param args the number of requests, unless 100000, and how many at once, unless 100
     * @throws Exception if anything fails
     */
    public static void main(String[] args) throws Exception {
        int requests = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
        int concurrency = args.length > 1 ? Integer.parseInt(args[1]) : 100;
        Path log = Files.createTempFile("pipe-benchmark-", ".log");
        System.out.printf(
                "ab -n %d -c %d, %d sinks, %d CPUs; log: %s%n",
                requests, concurrency, SINKS, Runtime.getRuntime().availableProcessors(), log);
        PipeBenchmark benchmark = new PipeBenchmark(log, requests, concurrency);
        for (boolean ack : new boolean[] {false, true}) {
            for (Event event : Event.values()) {
                benchmark.run(ack, event);
            }
        }
    }

    /** What happens to sinks. */
    private enum Event {
        NOTHING("all well", 1),
        KILLED("one killed in the middle", 1),
        PAUSED("one paused in the middle", 1),
        ALL_PAUSED("all paused", 10);

        private final String title;
        /** Of all the requests only a part, where that shows as much. */
        private final int part;

        Event(String title, int part) {
            this.title = title;
            this.part = part;
        }
    }

    private void run(boolean ack, Event event) throws Exception {
        List<Role> roles = new ArrayList<>();
        try {
            for (int i = 0; i < SINKS; i++) {
                roles.add(start(ack, "sink"));
            }
            List<Role> sinks = List.copyOf(roles);
            String urls = sinks.stream().map(sink -> sink.ready("url")).collect(Collectors.joining(","));
            Role web = start(ack, "web", "--sinks", urls);
            roles.add(web);
            String url = web.ready("http") + "/";
            int warmUp = requests / 10 / SINKS * SINKS;
            ab(warmUp, url, () -> {});
            long resident = web.residentMib();
            if (event == Event.ALL_PAUSED) {
                for (Role sink : sinks) {
                    sink.signal("STOP");
                }
            }
            Role victim = sinks.get(1);
            Load load = ab(requests / event.part, url, () -> {
                if (event == Event.KILLED || event == Event.PAUSED) {
                    victim.signal(event == Event.KILLED ? "KILL" : "STOP");
                }
            });
            long grown = web.residentMib() - resident;
            if (event == Event.ALL_PAUSED || event == Event.PAUSED) {
                for (Role sink : sinks) {
                    sink.signal("CONT");
                }
            }
            JsonNode end = web.end();
            List<String> shares = new ArrayList<>();
            for (int i = 0; i < SINKS; i++) {
                JsonNode seen = end.get("sinks").get(i);
                shares.add(
                        event == Event.KILLED && sinks.get(i) == victim
                                ? (seen.get("delivered").asInt() - warmUp / SINKS) + " (killed)"
                                : Integer.toString(
                                        sinks.get(i).end().get("messages").asInt() - warmUp / SINKS));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-6s %-25s %6.0f/s, 50%% %3.0f ms, 99%% %3.0f ms, failed %d, refused %d; sinks: %s; not delivered %s; memory %+d MiB%n",
                    ack ? "--ack" : "plain",
                    event.title,
                    load.perSecond,
                    load.median,
                    load.slow,
                    load.failed,
                    load.refused,
                    String.join(", ", shares),
                    end.get("undelivered"),
                    grown);
        } finally {
            roles.forEach(Role::close);
        }
    }

    private Role start(boolean ack, String role, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("gifbroker.jar"),
                "pipe",
                role,
                "--port",
                "0",
                "--json"));
        command.addAll(List.of(more));
        if (ack) {
            command.add("--ack");
        }
        return new Role(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start());
    }

    /**
     * What ab measured.
     *
     * @param perSecond requests
     * @param median of the times of answer, in milliseconds
     * @param slow the 99th percentile
     * @param failed requests without an answer, or with a wrong one
     * @param refused requests that were answered by something other than 2xx
     */
    private record Load(double perSecond, double median, double slow, long failed, long refused) {}

    private interface Step {
        void run() throws Exception;
    }

    private Load ab(int number, String url, Step inTheMiddle) throws Exception {
        Process ab = new ProcessBuilder(
                        "ab", "-r", "-n", Integer.toString(number), "-c", Integer.toString(concurrency), url)
                .redirectErrorStream(true)
                .start();
        StringBuilder output = new StringBuilder();
        int progress = 0;
        try (BufferedReader lines = ab.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.append(line).append('\n');
                if (line.startsWith("Completed ") && ++progress == PROGRESS_LINES / 2) {
                    inTheMiddle.run();
                }
            }
        }
        String report = output.toString();
        if (ab.waitFor() != 0) {
            throw new IOException("ab failed: " + report);
        }
        // Answers of another length than the first are a failure to ab: those are the ones that were refused.
        long refused = (long) number("Non-2xx responses: +(\\d+)", report);
        return new Load(
                number("Requests per second: +([0-9.]+)", report),
                number("50% +(\\d+)", report),
                number("99% +(\\d+)", report),
                (long) (number("Failed requests: +(\\d+)", report) - number("Length: (\\d+)", report)),
                refused);
    }

    /** 0 if it is not there. */
    private static double number(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
    }

    /** A process of the pipeline. */
    private static final class Role implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;
        private final JsonNode ready;

        Role(Process process) throws IOException {
            this.process = process;
            out = process.inputReader(StandardCharsets.UTF_8);
            String line = out.readLine();
            if (line == null) {
                throw new IOException("it does not start; see the log");
            }
            ready = JSON.readTree(line);
        }

        String ready(String field) {
            return ready.get(field).asString();
        }

        void signal(String name) throws IOException, InterruptedException {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IOException("kill ended with " + code);
            }
        }

        /** Ends it in order. */
        JsonNode end() throws IOException, InterruptedException {
            signal("TERM");
            return JSON.readTree(out.readLine());
        }

        long residentMib() throws IOException {
            try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
                return lines.filter(line -> line.startsWith("VmRSS:"))
                                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                                .sum()
                        / 1024;
            }
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }
}
