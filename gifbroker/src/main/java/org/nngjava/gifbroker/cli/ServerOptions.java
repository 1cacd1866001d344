package org.nngjava.gifbroker.cli;

import java.net.URI;
import java.util.Optional;
import org.nngjava.gifbroker.http.Secret;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Which server a command or its subcommands ask, and how they print the answer. */
final class ServerOptions {
    @Option(
            names = "--server",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "The server to ask. Default: ${DEFAULT-VALUE}")
    private URI server;

    @Option(
            names = "--token",
            scope = ScopeType.INHERIT,
            paramLabel = "TOKEN|@FILE",
            description = "What the server asks for, or the file that has it.")
    private Secret token;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print a line of JSON for each thing that is shown.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    Server server() {
        if (!Server.isWebAddress(server)) {
            throw new ParameterException(spec.commandLine(), "--server is an address such as http://127.0.0.1:8080");
        }
        return new Server(server, Optional.ofNullable(token));
    }

    boolean json() {
        return json;
    }
}
