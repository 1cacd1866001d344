package org.nngjava.gifbroker.cli;

import java.util.Set;
import org.nngjava.NngError;
import org.nngjava.NngException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A pipeline: a web server that pushes each request to one of its sinks. */
@Command(
        name = "pipe",
        description = {"Push web requests to sinks, to each in its turn.", ""},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {PipeWebCommand.class, PipeSinkCommand.class},
        footer = {
            "",
            "Examples:",
            "  gifbroker pipe sink --port 4444 --ack &",
            "  gifbroker pipe sink --port 4445 --ack &",
            "  gifbroker pipe web --ack --sinks tcp://127.0.0.1:4444,tcp://127.0.0.1:4445"
        })
final class PipeCommand implements Runnable {
    private static final Set<NngError> OF_ADDRESSES = Set.of(NngError.EADDRINVAL, NngError.EINVAL, NngError.ENOTSUP);

    @Spec
    private CommandSpec spec;

    /** What is wrong with an address that the user gave, as wrong usage; anything else as it is. */
    static RuntimeException misuse(CommandSpec spec, RuntimeException failure) {
        boolean usage = failure instanceof IllegalArgumentException
                || (failure instanceof NngException nng && OF_ADDRESSES.contains(nng.error()));
        return usage ? new ParameterException(spec.commandLine(), failure.getMessage(), failure) : failure;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: web or sink");
    }
}
