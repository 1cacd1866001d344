package org.nngjava.gifbroker.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.nngjava.gifbroker.TlsFiles;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What brokers and workers show each other. */
final class TlsOptions {
    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description =
                    "The certificate to show at tls+tcp addresses, in PEM format. With one a server speaks HTTPS instead of HTTP.")
    private Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key, in PEM format.")
    private Path key;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description =
                    "The authorities, in PEM format, that must have signed what the other end shows at tls+tcp addresses. With them a broker asks workers for a certificate.")
    private Path authorities;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    TlsFiles files() {
        try {
            return new TlsFiles(
                    Optional.ofNullable(certificate), Optional.ofNullable(key), Optional.ofNullable(authorities));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--tls-*: " + e.getMessage(), e);
        }
    }
}
