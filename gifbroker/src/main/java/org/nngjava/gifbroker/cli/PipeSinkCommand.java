package org.nngjava.gifbroker.cli;

import java.io.PrintWriter;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.nngjava.NngException;
import org.nngjava.gifbroker.TlsFiles;
import org.nngjava.workers.PipelineSink;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** One of the sinks of a pipeline. */
@Command(
        name = "sink",
        description = {
            "Take messages from a pipeline, such as 'gifbroker pipe web', count them, and show them if asked to.",
            "May be started before or after it. On SIGTERM it takes what has arrived, and tells how much it got.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        abbreviateSynopsis = true,
        sortOptions = false)
final class PipeSinkCommand implements Callable<Integer> {
    private static final System.Logger LOG = System.getLogger(PipeSinkCommand.class.getName());
    private static final int LONGEST_LINE = 200;

    @ArgGroup(multiplicity = "1")
    private Address address;

    /** Where it listens. */
    private static final class Address {
        @Option(
                names = "--port",
                paramLabel = "PORT",
                required = true,
                description = "Where to listen on 127.0.0.1; 0 takes a free one, which the log and --json name.")
        private Integer port;

        @Option(
                names = "--listen",
                paramLabel = "URL",
                required = true,
                description =
                        "Where to listen instead: ipc:///PATH, or beyond this machine tls+tcp://HOST:PORT with --tls-*.")
        private String url;
    }

    @Option(
            names = "--ack",
            fallbackValue = "true",
            description = "Acknowledge each message when it is handled, for a pipeline with --ack.")
    private boolean ack;

    @Option(
            names = "--print",
            fallbackValue = "true",
            description =
                    "Print the first line of each message on standard output: of a web request, method and target.")
    private boolean print;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            defaultValue = "5s",
            description =
                    "How long it may take to handle what has arrived when it is told to stop. Default: ${DEFAULT-VALUE}")
    private Duration drain;

    @Mixin
    private TlsOptions tls;

    @Option(
            names = "--json",
            fallbackValue = "true",
            description = "Print a line of JSON on standard output when ready, and another one at the end.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** A message as a line of JSON. */
    private record Printed(String event, String line) {}

    private final AtomicLong bytes = new AtomicLong();
    private long shown;

    @Override
    public Integer call() throws Exception {
        PipelineSink sink = start();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        Role.onSignal(() -> {
            clock.shutdownNow();
            stop(sink);
        });
        clock.scheduleAtFixedRate(() -> show(sink), 1, 1, TimeUnit.SECONDS);
        LOG.log(Level.INFO, "Listening at {0}", sink.url());
        if (json) {
            Map<String, Object> ready = new LinkedHashMap<>();
            ready.put("event", "ready");
            ready.put("url", sink.url());
            ready.put("pid", ProcessHandle.current().pid());
            Role.say(out(), ready);
        }
        return Role.untilSignalled();
    }

    private PipelineSink start() {
        if (address.port != null) {
            Ports.check(spec, address.port);
        }
        String url = address.url == null ? "tcp://127.0.0.1:" + address.port : address.url;
        try {
            PipelineSink.Builder builder = PipelineSink.builder(url).handle(this::handle);
            TlsFiles files = tls.files();
            if (files.hasCertificate()) {
                builder.tls(files.server());
            }
            return (ack ? builder.acknowledge() : builder).start();
        } catch (IllegalArgumentException | NngException e) {
            throw PipeCommand.misuse(spec, e);
        }
    }

    private void handle(byte[] message) {
        bytes.addAndGet(message.length);
        if (print && json) {
            Role.say(out(), new Printed("message", firstLine(message)));
        } else if (print) {
            out().println(firstLine(message));
            out().flush();
        }
    }

    /** Without what could do something to a terminal. */
    private static String firstLine(byte[] message) {
        String text = new String(message, 0, Math.min(message.length, LONGEST_LINE), StandardCharsets.ISO_8859_1);
        return text.lines()
                .findFirst()
                .orElse("")
                .replaceFirst(" HTTP/1\\.1$", "")
                .replaceAll("[^\\x20-\\x7e]", "?");
    }

    private void show(PipelineSink sink) {
        long now = sink.handled();
        if (now > shown) {
            LOG.log(Level.INFO, "{0} messages, {1} in the last second", Long.toString(now), Long.toString(now - shown));
            shown = now;
        }
    }

    private void stop(PipelineSink sink) throws InterruptedException {
        boolean done = sink.stop(drain);
        if (json) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("event", "end");
            report.put("url", sink.url());
            report.put("messages", sink.handled());
            report.put("bytes", bytes.get());
            Role.say(out(), report);
        } else {
            out().printf("%s: %d messages, %d bytes%n", sink.url(), sink.handled(), bytes.get());
            out().flush();
        }
        if (!done) {
            LOG.log(Level.WARNING, "More was on its way when it stopped");
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
