package org.nngjava.conformance;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** The program: judges an endpoint that runs already, or one that it starts. */
public final class Main {
    private static final String USAGE = """
            usage: conformance [OPTION...] URL PROTOCOL              judges an endpoint that listens at URL
                   conformance [OPTION...] --exec COMMAND PROTOCOL   starts the endpoint, and judges it
                   conformance --list PROTOCOL                       says what there is to be judged

            PROTOCOL is rep, req, pub, sub, push, pull, pair0, pair1, bus, surveyor or respondent; URL is tcp://HOST:PORT,
            ipc://PATH or ws://HOST:PORT/PATH. The program behind the endpoint must behave so that it can be judged:
              rep, respondent    answers every message, best by the same message
              req, surveyor      asks again and again, at least once a second, and takes the answers
              pub, push, bus     sends again and again, at least once a second
              sub, pull          takes what comes
              pair0, pair1       sends every message back, or sends again and again

              --exec COMMAND        run by sh, with {url} replaced by where it must listen. Each line that it prints is taken for a
                                    message that it was given: plain, or in double quotes with the escapes of C
              --transport NAME      with --exec: tcp (the default), ipc or ws
              --limit BYTES         the longest message that the endpoint accepts
              --resend-time MILLIS  after which time a REQ asks again
              --sends TEXT          what the messages of its program begin with
              --topic TEXT          what a SUB is subscribed to (conformance)
              --implementation NAME nng or nanomsg: its known deviations are named, and are no failures
              --case PREFIX         only the cases whose names begin so
              --patience SECONDS    how long to wait for what must happen (5)
              --attempts NUMBER     with --exec: how often a case is tried, each time with a new endpoint, before it has failed (1)
              --junit FILE          writes the results as JUnit's XML as well
              --help                shows this

            Exit code: 0 if nothing failed, 1 if something did, 2 if it was called wrongly or the endpoint cannot be reached.
            """;

    private final PrintStream out;
    private final List<String> positional = new ArrayList<>();
    private String command;
    private Transport transport = Transport.TCP;
    private Traits traits = Traits.unknown();
    private String implementation = "";
    private String prefix = "";
    private Settings settings = Settings.usual();
    private Path junit;

    private Main(PrintStream out) {
        this.out = out;
    }

    /** Runs it, and ends the JVM. */
    public static void main(String[] args) {
        System.exit(run(args, System.out, System.err));
    }

    /** Runs it; gives the exit code. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        try {
            return new Main(out).run(new ArrayDeque<>(List.of(args)));
        } catch (IllegalArgumentException e) {
            err.println("conformance: " + e.getMessage() + " (--help says more)");
        } catch (IOException e) {
            err.println("conformance: " + e.getMessage());
        }
        return 2;
    }

    private int run(Deque<String> args) throws IOException {
        while (!args.isEmpty()) {
            String option = args.pop();
            switch (option) {
                case "--help", "-h" -> {
                    out.print(USAGE);
                    return 0;
                }
                case "--list" -> {
                    out.print(Report.list(Protocol.named(value(option, args))));
                    return 0;
                }
                default -> take(option, args);
            }
        }
        if (positional.size() != (command == null ? 2 : 1)) {
            throw new IllegalArgumentException(
                    command == null ? "a URL and a protocol are needed" : "a protocol is needed");
        }
        Protocol protocol = Protocol.named(positional.get(positional.size() - 1));
        List<Result> results = judge(protocol);
        out.println(Report.summary(results));
        if (junit != null) {
            Files.writeString(junit, Report.junit(results));
        }
        return Report.count(results, Verdict.Kind.FAIL) == 0 ? 0 : 1;
    }

    private void take(String option, Deque<String> args) {
        switch (option) {
            case "--exec" -> command = value(option, args);
            case "--transport" ->
                transport = Transport.valueOf(value(option, args).toUpperCase(Locale.ROOT));
            case "--limit" -> traits = traits.withLimit(Long.parseLong(value(option, args)));
            case "--resend-time" ->
                traits = traits.withResendTime(Duration.ofMillis(Long.parseLong(value(option, args))));
            case "--sends" -> traits = traits.withSends(value(option, args));
            case "--topic" -> traits = traits.withTopic(value(option, args));
            case "--implementation" -> implementation = value(option, args);
            case "--case" -> prefix = value(option, args);
            case "--patience" ->
                settings = settings.withPatience(Duration.ofSeconds(Long.parseLong(value(option, args))));
            case "--attempts" -> settings = settings.withAttempts(Integer.parseInt(value(option, args)));
            case "--junit" -> junit = Path.of(value(option, args));
            default -> {
                if (option.startsWith("-")) {
                    throw new IllegalArgumentException("no option " + option);
                }
                positional.add(option);
            }
        }
    }

    private List<Result> judge(Protocol protocol) throws IOException {
        Suite suite = new Suite(implementation, settings);
        Suite.Opener opener = command != null
                ? () -> ProcessSubject.start(command, protocol, transport, traits, settings.patience())
                : () -> new RunningSubject(protocol, positional.get(0), traits);
        return suite.run(opener, some -> some.name().startsWith(prefix), result -> {
            out.println(Report.line(result));
            out.print(Report.expectation(result));
        });
    }

    private static String value(String option, Deque<String> args) {
        if (args.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return args.pop();
    }
}
