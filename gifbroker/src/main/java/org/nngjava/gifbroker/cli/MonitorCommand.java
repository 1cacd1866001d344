package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.nngjava.gifbroker.http.LiveSnapshot;
import org.nngjava.gifbroker.monitor.Alert;
import org.nngjava.gifbroker.monitor.AlertSender;
import org.nngjava.gifbroker.monitor.Alerts;
import org.nngjava.gifbroker.monitor.RedisCounters;
import org.nngjava.workers.Latency;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A server, watched from a terminal. */
@Command(
        name = "monitor",
        description = {
            "Watch a server and its workers until Ctrl-C: queue, latency, traffic, and who died.",
            "On a terminal the picture is drawn anew each time, elsewhere a line is added. A server that goes away is waited for. A worker that is "
                    + "killed shows as dead within two heartbeats, four seconds.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gifbroker monitor --server http://127.0.0.1:8080",
            "  gifbroker monitor --once                          a line, and one for each worker",
            "  gifbroker monitor --every 10s --json >> load.jsonl"
        })
final class MonitorCommand implements Callable<Integer> {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    @Mixin
    private ServerOptions options;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "1s",
            description = "How often to look, 100ms at least. Default: ${DEFAULT-VALUE}")
    private Duration every;

    @Option(names = "--once", fallbackValue = "true", description = "Look once and end; 1 if no server answers.")
    private boolean once;

    @Option(
            names = "--alert-command",
            paramLabel = "COMMAND",
            description =
                    "What the shell runs when a worker or the server dies, falls silent, or is back: with the alert as JSON on its standard input, and as ALERT_TEXT, ALERT_EVENT, ALERT_PROCESS, ALERT_ID, ALERT_SERVER, ALERT_AT.")
    private String alertCommand;

    @Option(names = "--alert-url", paramLabel = "URL", description = "Where the same JSON is posted.")
    private URI alertUrl;

    @Option(
            names = "--redis",
            paramLabel = "URL",
            description =
                    "Keeps counters there over restarts of the server, such as redis://127.0.0.1:6379/0: the hash "
                            + RedisCounters.TOTALS + ".")
    private URI redis;

    @Spec
    private CommandSpec spec;

    private Server server;
    private LiveSnapshot first;
    private Map<String, Long> totals = Map.of();

    @Override
    public Integer call() throws Exception {
        Usage.require(spec, every.compareTo(SHORTEST) >= 0, "--every is 100ms at least");
        Usage.require(
                spec,
                alertUrl == null || Server.isWebAddress(alertUrl),
                "--alert-url is an address such as http://127.0.0.1:9000/alerts");
        Usage.require(
                spec,
                redis == null || (List.of("redis", "rediss").contains(redis.getScheme()) && redis.getHost() != null),
                "--redis is an address such as redis://127.0.0.1:6379/0");
        Usage.require(
                spec,
                !once || (alertCommand == null && alertUrl == null),
                "--once sees nothing happen: there is nothing to alert of");
        server = options.server();
        if (once) {
            LiveSnapshot now = look();
            keep(now);
            show(now, false);
            return 0;
        }
        try (AlertSender sender =
                new AlertSender(Optional.ofNullable(alertCommand), Optional.ofNullable(alertUrl), this::complain)) {
            watch(new Alerts(server.toString()), sender);
        }
        return 0;
    }

    private void watch(Alerts alerts, AlertSender sender) throws InterruptedException {
        boolean drawn = !options.json() && ProgressLine.isTerminal(1);
        while (true) {
            List<Alert> news;
            try {
                LiveSnapshot now = look();
                news = alerts.look(now);
                keep(now);
                show(now, drawn);
            } catch (IOException e) {
                news = alerts.miss(Instant.now());
                complain(Failures.sentence(e));
            }
            news.forEach(alert -> {
                complain(alert.sentence());
                sender.send(alert);
            });
            TimeUnit.MILLISECONDS.sleep(every.toMillis());
        }
    }

    private void keep(LiveSnapshot now) {
        if (redis == null) {
            return;
        }
        try {
            totals = new RedisCounters(redis).add(now);
        } catch (IOException e) {
            complain(Failures.sentence(e));
        }
    }

    private void complain(String sentence) {
        spec.commandLine().getErr().println("gifbroker: " + sentence);
    }

    private LiveSnapshot look() throws IOException, InterruptedException {
        return server.get("v1/live", LiveSnapshot.class);
    }

    private void show(LiveSnapshot now, boolean drawn) {
        // One that was started anew counts from zero.
        if (first == null || now.figures().started() < first.figures().started()) {
            first = now;
        }
        PrintWriter out = spec.commandLine().getOut();
        if (options.json()) {
            Role.say(out, now);
        } else if (drawn) {
            out.print("\u001b[H\u001b[2J" + picture(now));
        } else {
            out.println(line(now));
            if (once) {
                out.print(workers(now));
            }
        }
        out.flush();
    }

    private String line(LiveSnapshot now) {
        return String.format(
                Locale.ROOT,
                "%s  queued %d  running %d/%d  workers %d  succeeded %d%s  failed %d  %s  wait %s  run %s  in %s  out %s",
                CLOCK.format(now.at()),
                now.queue().queued(),
                now.queue().running(),
                now.queue().slots(),
                now.queue().workers(),
                now.figures().succeeded(),
                inAll("succeeded"),
                now.figures().failed(),
                pace(now),
                latency(now.figures().waitTime()),
                latency(now.figures().runTime()),
                ByteSize.human(now.figures().traffic().receivedBytes()),
                ByteSize.human(now.figures().traffic().sentBytes()));
    }

    private String inAll(String counter) {
        Long total = totals.get(counter);
        return total == null ? "" : String.format(Locale.ROOT, " (%,d in all)", total);
    }

    /** Median and 99th percentile. */
    private static String latency(Latency latency) {
        return latency.count() == 0 ? "-" : milliseconds(latency.p50Micros()) + "/" + milliseconds(latency.p99Micros());
    }

    private static String milliseconds(long micros) {
        return micros < 10_000
                ? String.format(Locale.ROOT, "%.1fms", micros / 1_000.0)
                : micros < 10_000_000 ? micros / 1_000 + "ms" : micros / 1_000_000 + "s";
    }

    private String picture(LiveSnapshot now) {
        return server + "  " + line(now) + "\n\n" + workers(now);
    }

    private static String workers(LiveSnapshot now) {
        StringBuilder text = new StringBuilder();
        for (LiveSnapshot.Worker worker : now.workers()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-24s  %-8s  %3d/%-3d  %8d finished  run %-13s  in %9s  out %9s%n",
                    worker.name(),
                    worker.state(),
                    worker.busy(),
                    worker.slots(),
                    worker.finished(),
                    latency(worker.runTime()),
                    ByteSize.human(worker.traffic().receivedBytes()),
                    ByteSize.human(worker.traffic().sentBytes())));
        }
        if (now.moreWorkers() > 0) {
            text.append("and ").append(now.moreWorkers()).append(" more").append(System.lineSeparator());
        }
        return text.toString();
    }

    /** GIFs a minute since it was first looked. */
    private String pace(LiveSnapshot now) {
        long passed = Duration.between(first.at(), now.at()).toMillis();
        if (passed <= 0) {
            return "-/min";
        }
        long made = now.figures().succeeded() - first.figures().succeeded();
        return Math.round(made * 60_000.0 / passed) + "/min";
    }
}
