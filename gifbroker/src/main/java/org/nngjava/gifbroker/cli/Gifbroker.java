package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.nngjava.gifbroker.http.HostPort;
import org.nngjava.gifbroker.http.PublicUrl;
import org.nngjava.gifbroker.http.Secret;
import org.slf4j.event.Level;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program: its subcommands are its roles. */
@Command(
        name = "gifbroker",
        description = {"Turns movies into animated GIFs: alone, as a service, or as many workers behind one broker.", ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Every option can also be set by an environment variable, --max-upload by GIFBROKER_MAX_UPLOAD, and by a line of the file that "
                    + "--config names, 'max-upload: 500M'. Flags count more than variables, variables more than the file.",
            "Exit codes: 0 done, 1 failed, 2 wrong usage; 143 when a role was ended by SIGTERM."
        })
public final class Gifbroker implements Runnable {
    private static final System.Logger LOG = System.getLogger(Gifbroker.class.getName());
    private static final String CONFIG = "--config";
    private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("serve", ServeCommand.class);
        COMMANDS.put("broker", BrokerCommand.class);
        COMMANDS.put("worker", WorkerCommand.class);
        COMMANDS.put("stream-worker", StreamWorkerCommand.class);
        COMMANDS.put("up", UpCommand.class);
        COMMANDS.put("convert", ConvertCommand.class);
        COMMANDS.put("jobs", JobsCommand.class);
        COMMANDS.put("workers", WorkersCommand.class);
        COMMANDS.put("monitor", MonitorCommand.class);
        COMMANDS.put("load", LoadCommand.class);
        COMMANDS.put("load-worker", LoadWorkerCommand.class);
        COMMANDS.put("pipe", PipeCommand.class);
        COMMANDS.put("doctor", DoctorCommand.class);
        COMMANDS.put("demo", DemoCommand.class);
        COMMANDS.put("completion", CompletionCommand.class);
    }

    /** What runs until it is told to stop. */
    private static final Set<String> ROLES = Set.of("serve", "broker", "worker", "web", "sink", "up");

    private final Defaults defaults;

    @Option(
            names = CONFIG,
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "A file of settings in YAML: 'max-upload: 500M' stands for --max-upload 500M.")
    private Path config;

    @Option(
            names = "--log-format",
            scope = ScopeType.INHERIT,
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, or json: one object for each line of the log. Default: ${DEFAULT-VALUE}")
    private Log.Format logFormat;

    @Option(
            names = "--log-level",
            scope = ScopeType.INHERIT,
            paramLabel = "LEVEL",
            description = "error, warn, info or debug. Default: info for serve, broker and worker, else warn")
    private Level logLevel;

    @Spec
    private CommandSpec spec;

    private Gifbroker(Defaults defaults) {
        this.defaults = defaults;
    }

    /** The program with all of its commands. */
    static CommandLine whole() {
        return commandLine(Map.of());
    }

    /**
     * The program, ready to execute arguments.
     *
     * @param environment where options that are not given are looked up
     * @param arguments if they begin with a command the program has that one only: to read the options of all takes as long as much else of a start
     */
    public static CommandLine commandLine(Map<String, String> environment, String... arguments) {
        Gifbroker program = new Gifbroker(new Defaults(environment));
        CommandLine line = new CommandLine(program);
        Class<?> command = arguments.length > 0 ? COMMANDS.get(arguments[0]) : null;
        (command == null ? COMMANDS.values() : List.of(command)).forEach(line::addSubcommand);
        return line.registerConverter(HostPort.class, OptionTypes::hostPort)
                .registerConverter(PublicUrl.class, OptionTypes::publicUrl)
                .registerConverter(Duration.class, OptionTypes::duration)
                .registerConverter(ByteSize.class, ByteSize::parse)
                .registerConverter(Pixels.class, Pixels::parse)
                .registerConverter(Path.class, Path::of)
                .registerConverter(Secret.class, OptionTypes::secret)
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setDefaultValueProvider(program.defaults)
                .setExecutionStrategy(program::execute)
                .setParameterExceptionHandler(program::misused)
                .setExecutionExceptionHandler(program::failed);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** Which file there is, only the arguments say: once it is read they are looked at anew. */
    private int execute(ParseResult parsed) {
        if (config != null && defaults.file().isEmpty()) {
            defaults.use(read(config));
            return spec.commandLine().execute(parsed.originalArgs().toArray(String[]::new));
        }
        CommandSpec command = last(parsed).commandSpec();
        Log.begin(logFormat, logLevel == null ? usualLevel(command) : logLevel);
        defaults.file().ifPresent(file -> tellOfNoUse(file, command));
        return new RunLast().execute(parsed);
    }

    /** Other commands tell by themselves what they do. */
    private static Level usualLevel(CommandSpec command) {
        return ROLES.contains(command.name()) ? Level.INFO : Level.WARN;
    }

    private ConfigFile read(Path file) {
        try {
            return ConfigFile.read(file, settings(whole().getCommandSpec()));
        } catch (IOException | IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), CONFIG + ": " + Failures.sentence(e), e);
        }
    }

    /** One file may serve several roles, but who has mistaken the role should see it. */
    private static void tellOfNoUse(ConfigFile file, CommandSpec command) {
        Collection<String> ofNoUse = new TreeSet<>(file.keys());
        command.options().forEach(option -> ofNoUse.remove(Defaults.setting(option)));
        String rest = ofNoUse.isEmpty() ? "" : "; " + command.name() + " has no use for " + String.join(", ", ofNoUse);
        LOG.log(System.Logger.Level.INFO, "Settings from {0}{1}", file, rest);
    }

    /** What can stand in a file: the options of all commands, but those that are for people at a terminal. */
    private static Collection<String> settings(CommandSpec command) {
        Collection<String> settings = new TreeSet<>();
        command.options().stream()
                .filter(option -> !option.usageHelp() && !option.versionHelp() && !isConfig(option))
                .map(Defaults::setting)
                .forEach(settings::add);
        command.subcommands().values().forEach(line -> settings.addAll(settings(line.getCommandSpec())));
        return settings;
    }

    private static boolean isConfig(OptionSpec option) {
        return option.longestName().equals(CONFIG);
    }

    private static ParseResult last(ParseResult parsed) {
        return parsed.hasSubcommand() ? last(parsed.subcommand()) : parsed;
    }

    private int misused(ParameterException misuse, String[] args) {
        CommandLine line = misuse.getCommandLine();
        String origin = defaults.origin(misuse).map(from -> " (" + from + ")").orElse("");
        line.getErr().println("gifbroker: " + misuse.getMessage() + origin);
        line.getErr().println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        return line.getCommandSpec().exitCodeOnInvalidInput();
    }

    private int failed(Exception failure, CommandLine line, ParseResult parsed) {
        String sentence = Failures.sentence(failure);
        if (logFormat == Log.Format.JSON) {
            LOG.log(System.Logger.Level.ERROR, sentence);
        } else {
            line.getErr().println("gifbroker: " + sentence);
        }
        if (System.getenv("GIFBROKER_DEBUG") != null) {
            failure.printStackTrace(line.getErr());
        }
        return line.getCommandSpec().exitCodeOnExecutionException();
    }
}
