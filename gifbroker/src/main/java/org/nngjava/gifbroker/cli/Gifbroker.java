package org.nngjava.gifbroker.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.nngjava.gifbroker.http.HostPort;
import org.nngjava.gifbroker.http.Secret;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program: its subcommands are its roles. */
@Command(
        name = "gifbroker",
        description = {"Turns movies into animated GIFs: alone, as a service, or as many workers behind one broker.", ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ServeCommand.class,
            BrokerCommand.class,
            WorkerCommand.class,
            ConvertCommand.class,
            JobsCommand.class,
            WorkersCommand.class,
            MonitorCommand.class,
            DoctorCommand.class,
            DemoCommand.class,
            CompletionCommand.class
        },
        footer = {
            "",
            "Every option can also be set by an environment variable: --max-upload by GIFBROKER_MAX_UPLOAD, and so on.",
            "Exit codes: 0 done, 1 failed, 2 wrong usage; 143 when a role was ended by SIGTERM."
        })
public final class Gifbroker implements Runnable {
    @Spec
    private CommandSpec spec;

    private Gifbroker() {}

    /**
     * The program, ready to execute arguments.
     *
     * @param environment where options that are not given are looked up
     */
    public static CommandLine commandLine(Map<String, String> environment) {
        CommandLine line = new CommandLine(new Gifbroker())
                .registerConverter(HostPort.class, OptionTypes::hostPort)
                .registerConverter(Duration.class, OptionTypes::duration)
                .registerConverter(ByteSize.class, ByteSize::parse)
                .registerConverter(Pixels.class, Pixels::parse)
                .registerConverter(Path.class, Path::of)
                .registerConverter(Secret.class, OptionTypes::secret)
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Gifbroker::misused)
                .setExecutionExceptionHandler(Gifbroker::failed);
        line.setDefaultValueProvider(new EnvironmentDefaults(environment));
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int misused(ParameterException misuse, String[] args) {
        CommandLine line = misuse.getCommandLine();
        line.getErr().println("gifbroker: " + misuse.getMessage());
        line.getErr().println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        return line.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int failed(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
        line.getErr().println("gifbroker: " + Failures.sentence(failure));
        if (System.getenv("GIFBROKER_DEBUG") != null) {
            failure.printStackTrace(line.getErr());
        }
        return line.getCommandSpec().exitCodeOnExecutionException();
    }
}
