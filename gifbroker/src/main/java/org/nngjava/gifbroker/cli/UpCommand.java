package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.nngjava.gifbroker.http.Secret;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** All that runs on this machine, by a file that describes all machines. */
@Command(
        name = UpCommand.NAME,
        description = {
            "Run what one file, the same on all machines, has for this one.",
            "Each role is a process of its own. One that ends is started again, after 1 s at first and 30 s at most; one that is used wrongly "
                    + "ends all. On SIGTERM all are told to stop and waited for.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "machines:",
            "  front:                       # the name of a host",
            "    broker:                    # a command, and its options without their dashes",
            "      http: 127.0.0.1:8080",
            "      listen: tls+tcp://0.0.0.0:5555",
            "  left:",
            "    worker:",
            "      broker: tls+tcp://front:5555",
            "common:                        # for all that have such an option",
            "  token: '@/etc/gifbroker/token'"
        })
final class UpCommand implements Callable<Integer> {
    static final String NAME = "up";

    private static final System.Logger LOG = System.getLogger(UpCommand.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration WELL = Duration.ofMinutes(1);
    private static final long LOOK_MS = 100;

    @Parameters(paramLabel = "FILE", description = "Which machine has which roles, in YAML.")
    private Path file;

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description = "Which of the machines this is. Default: by the host's name, with or without its domain")
    private String host;

    @Option(names = "--dry-run", fallbackValue = "true", description = "Print what would run here, and end.")
    private boolean dryRun;

    @Spec
    private CommandSpec spec;

    private final List<Child> children = new ArrayList<>();
    private volatile boolean stopping;

    /** A role and its process, which may be started several times. */
    private final class Child {
        private final Machines.Service service;
        private Process process;
        private Duration pause = FIRST_PAUSE;
        private long startedAt;
        private long startAt = System.nanoTime();

        private Child(Machines.Service service) {
            this.service = service;
        }

        private void startIfDue() throws IOException {
            if (process != null || System.nanoTime() < startAt) {
                return;
            }
            synchronized (children) {
                if (stopping) {
                    return;
                }
                ProcessBuilder builder = OwnProcess.builder(List.of(), words(service));
                OwnProcess.endWithThisThread(builder);
                builder.environment().putAll(environment(service));
                process = builder.inheritIO().start();
            }
            startedAt = System.nanoTime();
        }

        private void startAgainIfEnded() {
            if (process == null || process.isAlive() || stopping) {
                return;
            }
            int code = process.exitValue();
            process = null;
            if (code == spec.exitCodeOnInvalidInput()) {
                throw new ParameterException(
                        spec.commandLine(), file + ": " + service.role() + " is used wrongly, as it says");
            }
            long now = System.nanoTime();
            pause = now - startedAt > WELL.toNanos() ? FIRST_PAUSE : pause;
            startAt = now + pause.toNanos();
            LOG.log(
                    Level.WARNING,
                    "{0} ended with {1} and is started again in {2} s",
                    service.role(),
                    code,
                    pause.toSeconds());
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    @Override
    public Integer call() throws Exception {
        Machines machines = read();
        List<Machines.Service> services = machines.on(thisHost(machines.names()));
        services.forEach(this::check);
        if (dryRun) {
            services.forEach(service -> spec.commandLine().getOut().println(described(service)));
            return 0;
        }
        services.forEach(service -> children.add(new Child(service)));
        Role.onSignal(this::stop);
        try {
            while (true) {
                for (Child child : children) {
                    child.startIfDue();
                    child.startAgainIfEnded();
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
            }
        } finally {
            stop();
        }
    }

    private void stop() throws InterruptedException {
        List<Process> running;
        synchronized (children) {
            stopping = true;
            running = children.stream()
                    .map(child -> child.process)
                    .filter(process -> process != null)
                    .toList();
        }
        running.forEach(Process::destroy);
        for (Process process : running) {
            process.waitFor();
        }
    }

    // ---- What the file says

    private Machines read() throws IOException {
        try {
            return Machines.read(file, this::settings);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private String thisHost(Set<String> names) throws IOException {
        String own = host == null ? InetAddress.getLocalHost().getHostName() : host;
        String brief = own.replaceFirst("\\..*", "");
        if (names.contains(own)) {
            return own;
        }
        if (host == null && names.contains(brief)) {
            return brief;
        }
        throw new ParameterException(
                spec.commandLine(),
                "'" + own + "' is not among the machines of " + file + ": " + String.join(", ", names)
                        + (host == null ? "; --host names one" : ""));
    }

    /** The values can be read only where they are used: a file with a secret need not be on all machines. */
    private void check(Machines.Service service) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(environment(service));
        try {
            String[] words = words(service).toArray(String[]::new);
            Gifbroker.commandLine(environment, words).parseArgs(words);
        } catch (ParameterException e) {
            throw new ParameterException(spec.commandLine(), file + ", " + service.role() + ": " + e.getMessage(), e);
        }
    }

    private String described(Machines.Service service) {
        CommandSpec role = command(service.role()).getCommandSpec();
        String settings = service.settings().entrySet().stream()
                .map(setting -> {
                    OptionSpec option = role.findOption("--" + setting.getKey());
                    return setting.getKey() + "=" + (option.type() == Secret.class ? "(secret)" : setting.getValue());
                })
                .collect(Collectors.joining(" "));
        return (service.role() + " " + settings).strip();
    }

    private static List<String> words(Machines.Service service) {
        return Arrays.asList(service.role().split(" ", -1));
    }

    /** Settings are handed on where nobody else on the machine can read them. */
    private static Map<String, String> environment(Machines.Service service) {
        return service.settings().entrySet().stream()
                .collect(Collectors.toMap(setting -> Defaults.variable(setting.getKey()), Map.Entry::getValue));
    }

    private CommandLine command(String role) {
        CommandLine command = Gifbroker.whole();
        for (String word : role.split(" ", -1)) {
            command = command == null ? null : command.getSubcommands().get(word);
        }
        return command == null || command.getCommandName().equals(NAME) ? null : command;
    }

    private Set<String> settings(String role) {
        CommandLine command = command(role);
        return command == null
                ? null
                : command.getCommandSpec().options().stream()
                        .filter(option -> !option.usageHelp() && !option.versionHelp())
                        .map(option -> option.longestName().replaceFirst("^-+", ""))
                        .collect(Collectors.toSet());
    }
}
