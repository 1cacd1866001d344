package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nngjava.gifbroker.http.LiveSnapshot;
import org.nngjava.workers.WorkerStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The workers of a server. */
@Command(
        name = "workers",
        description = {"Show the workers of a server, and give them orders.", ""},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  gifbroker workers list",
            "  gifbroker workers quiet left                      before its machine is serviced",
            "  gifbroker workers halt left --server http://127.0.0.1:8080"
        })
final class WorkersCommand {
    private static final String ROW = "%-24s  %-8s  %5s  %8s  %s%n";

    @Mixin
    private ServerOptions options;

    @Spec
    private CommandSpec spec;

    /** As the server lists them. */
    private record Workers(List<WorkerStatus> workers) {}

    /** What became of an order. */
    private record Ordered(int workers) {}

    @Command(
            name = "list",
            description = {"List workers by name.", ""})
    int list() throws IOException, InterruptedException {
        List<WorkerStatus> workers =
                options.server().get("v1/workers", Workers.class).workers();
        if (options.json()) {
            workers.forEach(worker -> Role.say(out(), worker));
            return 0;
        }
        out().printf(ROW, "NAME", "STATE", "BUSY", "FINISHED", "ADDRESS");
        for (WorkerStatus worker : workers) {
            String busy = worker.jobs().size() + "/" + worker.slots();
            out().printf(
                            ROW,
                            worker.name(),
                            LiveSnapshot.Worker.of(worker).state(),
                            busy,
                            worker.finished(),
                            worker.address());
        }
        out().flush();
        return 0;
    }

    @Command(
            name = "quiet",
            description = {"Have workers finish what they have and take no more jobs.", ""})
    int quiet(@Parameters(paramLabel = "NAME", arity = "1..*") List<String> names)
            throws IOException, InterruptedException {
        return order(names, "quiet");
    }

    @Command(
            name = "resume",
            description = {"Have quiet workers take jobs again.", ""})
    int resume(@Parameters(paramLabel = "NAME", arity = "1..*") List<String> names)
            throws IOException, InterruptedException {
        return order(names, "resume");
    }

    @Command(
            name = "halt",
            description = {
                "Have workers finish what they have, within 20 s, and end. What is not finished is given to others.",
                ""
            })
    int halt(@Parameters(paramLabel = "NAME", arity = "1..*") List<String> names)
            throws IOException, InterruptedException {
        return order(names, "halt");
    }

    private int order(List<String> names, String order) throws IOException, InterruptedException {
        Server server = options.server();
        for (String name : names) {
            int told = server.post("v1/workers/" + Server.encode(name) + "/" + order, Ordered.class)
                    .workers();
            if (options.json()) {
                Map<String, Object> done = new LinkedHashMap<>();
                done.put("worker", name);
                done.put("order", order);
                done.put("told", told);
                Role.say(out(), done);
            } else {
                out().println(name + ": told to " + order);
                out().flush();
            }
        }
        return 0;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
