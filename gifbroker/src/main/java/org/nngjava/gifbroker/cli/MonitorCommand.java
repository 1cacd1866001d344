package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.nngjava.gifbroker.http.LiveSnapshot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A server, watched from a terminal. */
@Command(
        name = "monitor",
        description = {
            "Watch queue, workers and throughput of a server until Ctrl-C.",
            "On a terminal the picture is drawn anew each time, elsewhere a line is added. A server that goes away is waited for.",
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

    @Spec
    private CommandSpec spec;

    private Server server;
    private LiveSnapshot first;

    @Override
    public Integer call() throws Exception {
        if (every.compareTo(SHORTEST) < 0) {
            throw new ParameterException(spec.commandLine(), "--every is 100ms at least");
        }
        server = options.server();
        boolean drawn = !once && !options.json() && ProgressLine.isTerminal(1);
        if (once) {
            show(look(), false);
            return 0;
        }
        while (true) {
            try {
                show(look(), drawn);
            } catch (IOException e) {
                spec.commandLine().getErr().println("gifbroker: " + Failures.sentence(e));
            }
            TimeUnit.MILLISECONDS.sleep(every.toMillis());
        }
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
                "%s  queued %d  running %d/%d  workers %d  succeeded %d  failed %d  %s",
                CLOCK.format(now.at()),
                now.queue().queued(),
                now.queue().running(),
                now.queue().slots(),
                now.queue().workers(),
                now.figures().succeeded(),
                now.figures().failed(),
                pace(now));
    }

    private String picture(LiveSnapshot now) {
        return server + "  " + line(now) + "\n\n" + workers(now);
    }

    private static String workers(LiveSnapshot now) {
        StringBuilder text = new StringBuilder();
        for (LiveSnapshot.Worker worker : now.workers()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-24s  %-8s  %3d/%-3d  %8d finished%n",
                    worker.name(),
                    worker.state(),
                    worker.busy(),
                    worker.slots(),
                    worker.finished()));
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
