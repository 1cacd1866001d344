package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.nngjava.gifbroker.http.JobResource;
import org.nngjava.workers.JobState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The jobs of a server. */
@Command(
        name = "jobs",
        description = {"Show the jobs of a server, cancel them, try failed ones again.", ""},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  gifbroker jobs list --state failed --limit 100",
            "  gifbroker jobs list --json | jq -r .id            ids alone, for scripts",
            "  gifbroker jobs retry ID --server https://gifs.example.com --token @token"
        })
final class JobsCommand {
    private static final int PAGE = 200;
    private static final String ROW = "%-26s  %-9s  %4s  %-20s  %s%n";

    @Mixin
    private ServerOptions options;

    @Spec
    private CommandSpec spec;

    /** A page of jobs. */
    private record Page(List<JobResource> jobs, String next) {}

    @Command(
            name = "list",
            description = {"List jobs, newest first.", ""})
    int list(
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            description = "Only jobs that are ${COMPLETION-CANDIDATES}, in any case of letters.")
                    JobState state,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "20",
                            description = "How many at most. Default: ${DEFAULT-VALUE}")
                    int limit)
            throws IOException, InterruptedException {
        Usage.require(spec, limit >= 1, "--limit is 1 at least");
        Server server = options.server();
        boolean headed = options.json();
        String filter = state == null ? "" : "&state=" + state.name().toLowerCase(Locale.ROOT);
        String next = "v1/jobs?limit=" + Math.min(limit, PAGE) + filter;
        int left = limit;
        while (next != null && left > 0) {
            Page page = server.get(next, Page.class);
            if (!headed) {
                out().printf(ROW, "ID", "STATE", "DONE", "WORKER", "CREATED");
                headed = true;
            }
            page.jobs().stream().limit(left).forEach(job -> print(job));
            left -= page.jobs().size();
            next = page.next();
        }
        return 0;
    }

    @Command(
            name = "show",
            description = {"Show all that is known of jobs.", ""})
    int show(@Parameters(paramLabel = "ID", arity = "1..*") List<String> ids) throws IOException, InterruptedException {
        Server server = options.server();
        for (String id : ids) {
            JobResource job = server.get("v1/jobs/" + Server.encode(id), JobResource.class);
            if (options.json()) {
                Role.say(out(), job);
            } else {
                describe(job);
            }
        }
        return 0;
    }

    @Command(
            name = "cancel",
            description = {"Cancel jobs that are not finished.", ""})
    int cancel(@Parameters(paramLabel = "ID", arity = "1..*") List<String> ids)
            throws IOException, InterruptedException {
        return each(ids, "/cancel");
    }

    @Command(
            name = "retry",
            description = {
                "Try failed jobs again. Not those whose movie cannot be converted: they would fail again.",
                ""
            })
    int retry(@Parameters(paramLabel = "ID", arity = "1..*") List<String> ids)
            throws IOException, InterruptedException {
        return each(ids, "/retry");
    }

    private int each(List<String> ids, String order) throws IOException, InterruptedException {
        Server server = options.server();
        for (String id : ids) {
            print(server.post("v1/jobs/" + Server.encode(id) + order, JobResource.class));
        }
        return 0;
    }

    private void print(JobResource job) {
        if (options.json()) {
            Role.say(out(), job);
        } else {
            String worker = job.worker() == null ? "-" : job.worker();
            out().printf(ROW, job.id(), job.state(), percent(job), worker, job.createdAt());
            out().flush();
        }
    }

    private void describe(JobResource job) {
        line("job", job.id());
        line("state", job.state());
        line("options", job.options().isEmpty() ? null : job.options());
        line("progress", percent(job));
        line("position", job.queuePosition());
        line("attempt", job.attempt() + " of " + job.maxAttempts());
        line("worker", job.worker());
        line("created", job.createdAt());
        line("started", job.startedAt());
        line("finished", job.finishedAt());
        line("run time", job.runTimeMs() == null ? null : job.runTimeMs() + " ms");
        line("gif", job.resultBytes() == null ? null : ByteSize.human(job.resultBytes()));
        line("error", job.error() == null ? null : job.error().detail());
        out().flush();
    }

    private void line(String name, Object value) {
        if (value != null) {
            out().printf("%-9s %s%n", name, value);
        }
    }

    private static String percent(JobResource job) {
        return Math.round(job.progress() * 100) + "%";
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
