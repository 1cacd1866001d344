package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.nngjava.NngException;
import org.nngjava.gifbroker.http.HostPort;
import org.nngjava.gifbroker.http.PipelineServer;
import org.nngjava.workers.Pipeline;
import org.nngjava.workers.SinkStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The web server in front of a pipeline. */
@Command(
        name = "web",
        description = {
            "Take web requests, and push each to one of the sinks: see 'gifbroker pipe sink'.",
            "Waits until the sinks are connected. A request is answered 202 when a sink has room for it, and 503 when none has. On SIGTERM it "
                    + "takes no more, delivers what it has, and tells which sink got how much.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        abbreviateSynopsis = true,
        sortOptions = false)
final class PipeWebCommand implements Callable<Integer> {
    private static final System.Logger LOG = System.getLogger(PipeWebCommand.class.getName());
    private static final String LOOPBACK = "127.0.0.1";
    /** Leaves room for the request's line and headers. */
    private static final int LARGEST_BODY = Pipeline.MAX_MESSAGE - 64 * 1024;

    private static final Duration REMINDER = Duration.ofSeconds(5);

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "4567",
            description =
                    "Where to serve HTTP on 127.0.0.1; 0 takes a free one, which the log and --json name. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--sinks",
            paramLabel = "URL",
            split = ",",
            required = true,
            description = "Where the sinks listen, such as tcp://127.0.0.1:4444,tcp://127.0.0.1:4445")
    private List<String> sinks;

    @Option(
            names = "--min-sinks",
            paramLabel = "N",
            description = "How many sinks must be connected before requests are taken. Default: all")
    private Integer minSinks;

    @Option(
            names = "--connect-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long to wait for them; it ends with 1 then. Default: ${DEFAULT-VALUE}")
    private Duration connectTimeout;

    @Option(
            names = "--ack",
            fallbackValue = "true",
            description =
                    "Keep each message until its sink has handled it, and give it to another if its sink dies. The sinks need --ack as well.")
    private boolean ack;

    @Option(
            names = "--ack-timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            description =
                    "With --ack: disconnects a sink that has messages and acknowledges none for so long; others get them. Default: ${DEFAULT-VALUE}")
    private Duration ackTimeout;

    @Option(
            names = "--buffer",
            paramLabel = "MESSAGES",
            defaultValue = "1000",
            description =
                    "How many messages a sink may have that are not delivered yet; when all sinks have so many, requests are refused with 503. Default: ${DEFAULT-VALUE}")
    private int buffer;

    @Option(
            names = "--max-body",
            paramLabel = "SIZE",
            defaultValue = "64K",
            description = "Refuses requests with larger bodies by 413; 960K at most. Default: ${DEFAULT-VALUE}")
    private ByteSize maxBody;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            defaultValue = "10s",
            description =
                    "How long it may take to deliver what is left when the server is told to stop. Default: ${DEFAULT-VALUE}")
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

    @Override
    public Integer call() throws Exception {
        Ports.check(spec, port);
        int needed = minSinks == null ? sinks.size() : minSinks;
        Usage.require(
                spec,
                needed >= 1 && needed <= sinks.size(),
                "--min-sinks is 1 to " + sinks.size() + ", the sinks named");
        Usage.require(spec, maxBody.bytes() <= LARGEST_BODY, "--max-body is " + LARGEST_BODY / 1024 + "K at most");
        Pipeline pipeline = open();
        PipelineServer server = new PipelineServer(new HostPort(LOOPBACK, port), (int) maxBody.bytes(), pipeline);
        try {
            server.start();
            awaitSinks(pipeline, needed);
        } catch (IOException | InterruptedException e) {
            server.stop();
            pipeline.close();
            throw e;
        }
        Role.onSignal(() -> stop(server, pipeline));
        server.open();
        ready(server);
        return Role.untilSignalled();
    }

    private Pipeline open() {
        try {
            Pipeline.Builder builder =
                    Pipeline.builder().buffer(buffer).tls(tls.files().client()).onSink(PipeWebCommand::changed);
            sinks.forEach(builder::sink);
            return (ack ? builder.acknowledged(ackTimeout) : builder).open();
        } catch (IllegalArgumentException | NngException e) {
            throw PipeCommand.misuse(spec, e);
        }
    }

    private static void changed(SinkStatus sink) {
        if (sink.link() == SinkStatus.Link.CONNECTED) {
            LOG.log(Level.INFO, "{0} is connected", sink.url());
        } else {
            LOG.log(Level.WARNING, "{0} is gone", sink.url());
        }
    }

    private void awaitSinks(Pipeline pipeline, int needed) throws IOException, InterruptedException {
        LOG.log(Level.INFO, "Waiting for {0} of {1} sinks", needed, sinks.size());
        long deadline = System.nanoTime() + connectTimeout.toNanos();
        while (true) {
            long left = Math.max(0, deadline - System.nanoTime());
            if (pipeline.awaitSinks(needed, Duration.ofNanos(Math.min(left, REMINDER.toNanos())))) {
                return;
            }
            if (left <= REMINDER.toNanos()) {
                throw new IOException("not enough sinks after " + ProgressLine.seconds(connectTimeout) + ", " + needed
                        + " of " + sinks.size() + " are needed: " + missing(pipeline));
            }
            LOG.log(Level.INFO, "Still waiting: {0}", missing(pipeline));
        }
    }

    private String missing(Pipeline pipeline) {
        return pipeline.sinks().stream()
                .filter(sink -> sink.link() != SinkStatus.Link.CONNECTED)
                .map(sink -> sink.url() + (sink.link() == SinkStatus.Link.AWAY ? " does not answer" : unfit()))
                .collect(Collectors.joining("; "));
    }

    private String unfit() {
        return ack ? " is no sink with --ack" : " is no sink, or one with --ack";
    }

    private void ready(PipelineServer server) {
        LOG.log(Level.INFO, "Ready at {0}", server.uri());
        if (json) {
            Map<String, Object> ready = new LinkedHashMap<>();
            ready.put("event", "ready");
            ready.put("http", server.uri().toString());
            ready.put("sinks", sinks);
            ready.put("pid", ProcessHandle.current().pid());
            Role.say(spec.commandLine().getOut(), ready);
        }
    }

    private void stop(PipelineServer server, Pipeline pipeline) throws InterruptedException {
        server.stop();
        pipeline.drain(drain);
        List<SinkStatus> end = pipeline.sinks();
        pipeline.close();
        long delivered = end.stream().mapToLong(SinkStatus::delivered).sum();
        long lost = server.accepted() - delivered;
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("event", "end");
            report.put("accepted", server.accepted());
            report.put("refused", server.refused());
            report.put("delivered", delivered);
            report.put("undelivered", lost);
            report.put("sinks", end);
            Role.say(out, report);
            return;
        }
        out.printf("%d requests accepted, %d refused, %d not delivered%n", server.accepted(), server.refused(), lost);
        for (SinkStatus sink : end) {
            out.printf("%s: %d delivered, %d taken back%n", sink.url(), sink.delivered(), sink.returned());
        }
        out.flush();
    }
}
