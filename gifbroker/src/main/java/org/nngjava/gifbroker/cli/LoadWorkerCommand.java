package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.nngjava.gifbroker.http.Secret;
import org.nngjava.gifbroker.load.LoadShare;
import org.nngjava.gifbroker.load.LoadWarmup;
import org.nngjava.workers.Worker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A worker that sends requests for a load test elsewhere. */
@Command(
        name = "load-worker",
        description = {
            "Send requests for load tests that are started elsewhere.",
            "Works for 'gifbroker load --listen URL', one test after the other. It sends whatever it is told to, wherever it is told to.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class LoadWorkerCommand implements Callable<Integer> {
    @Option(names = "--broker", paramLabel = "URL", required = true, description = "What the load test listens on.")
    private String broker;

    @Option(
            names = "--token",
            paramLabel = "TOKEN|@FILE",
            description = "What the load test asks for, or the file that has it.")
    private Secret token;

    @Mixin
    private TlsOptions tls;

    @Option(names = "--name", paramLabel = "NAME", description = "What lists show. Default: made of the process id")
    private String name;

    /** How the processes of {@code load} itself end with it, however it ends. */
    @Option(names = "--until-input-ends", fallbackValue = "true", hidden = true)
    private boolean untilInputEnds;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Worker worker = start();
        Role.onSignal(() -> worker.stop(Duration.ZERO));
        if (untilInputEnds) {
            while (System.in.read() >= 0) {
                // Nothing is said to it.
            }
            return 0;
        }
        return Role.untilSignalled();
    }

    /** A worker for the load tests of a broker. */
    static Worker.Builder builder(String broker) {
        return Worker.builder().connect(broker).handle(LoadWarmup.class).handle(LoadShare.class);
    }

    private Worker start() {
        Worker.Builder builder = builder(broker).tls(tls.files().client());
        if (name != null) {
            builder.name(name);
        }
        if (token != null) {
            builder.token(token.value());
        }
        try {
            return builder.start();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--broker: " + e.getMessage(), e);
        }
    }
}
