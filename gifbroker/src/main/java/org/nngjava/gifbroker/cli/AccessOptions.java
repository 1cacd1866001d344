package org.nngjava.gifbroker.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.nngjava.gifbroker.TlsFiles;
import org.nngjava.gifbroker.http.Secret;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** What a client needs to be let in by a server, and to know that it is the right one. */
final class AccessOptions {
    @Option(
            names = "--token",
            scope = ScopeType.INHERIT,
            paramLabel = "TOKEN|@FILE",
            description = "What the server asks for, or the file that has it.")
    private Secret token;

    @Option(
            names = "--tls-ca",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description =
                    "The authorities, in PEM format, that may have signed an HTTPS server's certificate, beside those that Java knows.")
    private Path authorities;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    Server server(URI address) {
        Usage.require(spec, Server.isWebAddress(address), "--server is an address such as http://127.0.0.1:8080");
        try {
            TlsFiles tls = new TlsFiles(Optional.empty(), Optional.empty(), Optional.ofNullable(authorities));
            return new Server(address, Optional.ofNullable(token), tls);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--tls-ca: " + e.getMessage(), e);
        }
    }
}
