package org.nngjava.gifbroker.cli;

import java.net.URI;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Which server a command or its subcommands ask, and how they print the answer. */
final class ServerOptions {
    @Option(
            names = "--server",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "The server to ask. Default: ${DEFAULT-VALUE}")
    private URI server;

    @Mixin
    private AccessOptions access;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            fallbackValue = "true",
            description = "Print a line of JSON for each thing that is shown.")
    private boolean json;

    Server server() {
        return access.server(server);
    }

    boolean json() {
        return json;
    }
}
