package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.nngjava.gifbroker.GifWorker;
import org.nngjava.gifbroker.Settings;
import org.nngjava.gifbroker.http.Secret;
import org.nngjava.gifbroker.media.Ffmpeg;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A worker that works for a broker in another process. */
@Command(
        name = "worker",
        description = {
            "Convert movies for a broker.",
            "May be started before the broker, and outlives restarts of it. On SIGTERM it takes no more movies, finishes the one at hand, and ends.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        abbreviateSynopsis = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gifbroker worker                                  for a broker on this machine",
            "  gifbroker worker --slots 4 --name left --work /var/tmp/gifbroker",
            "  gifbroker worker --broker tls+tcp://broker.example.com:5555 --token @token \\",
            "      --tls-ca ca.pem --tls-cert worker.pem --tls-key worker.key"
        })
final class WorkerCommand implements Callable<Integer> {
    @Option(
            names = "--broker",
            paramLabel = "URL",
            defaultValue = Settings.DEFAULT_WORK_URL,
            description = "What the broker listens on. Default: ${DEFAULT-VALUE}")
    private String broker;

    @Option(
            names = "--token",
            paramLabel = "TOKEN|@FILE",
            description = "What the broker asks for, or the file that has it.")
    private Secret token;

    @Mixin
    private TlsOptions tls;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many movies at a time, 1 to 256. Default: ${DEFAULT-VALUE}")
    private int slots;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What jobs and lists show. Default: the host's name and the process id")
    private String name;

    @Option(
            names = "--ffmpeg",
            paramLabel = "PATH",
            description = "The ffmpeg to use. Default: the bundled one, or else the one on the PATH")
    private Path ffmpeg;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description =
                    "Where movies lie while they are converted; what dead workers left there is removed. Default: a directory of "
                            + "the user's among the temporary files")
    private Path work;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            defaultValue = "20s",
            description =
                    "How long the movie at hand may take to finish when the worker is told to stop. Default: ${DEFAULT-VALUE}")
    private Duration drain;

    @Mixin
    private LimitFlags limits;

    @Option(
            names = "--json",
            fallbackValue = "true",
            description = "Print one line of JSON on standard output when started.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Usage.require(spec, slots >= 1 && slots <= 256, "--slots is 1 to 256");
        GifWorker.Builder builder = GifWorker.builder()
                .connect(broker)
                .tls(tls.files())
                .slots(slots)
                .limits(limits.limits());
        if (name != null) {
            builder.name(name);
        }
        if (token != null) {
            builder.token(token);
        }
        GifWorker worker = start(builder.ffmpeg(Ffmpeg.locate(ffmpeg)).work(work));
        Role.onSignal(() -> worker.stop(drain));
        if (json) {
            Map<String, Object> ready = new LinkedHashMap<>();
            ready.put("event", "ready");
            ready.put("name", worker.name());
            ready.put("broker", broker);
            ready.put("slots", slots);
            ready.put("pid", ProcessHandle.current().pid());
            Role.say(spec.commandLine().getOut(), ready);
        }
        return Role.untilSignalled();
    }

    private GifWorker start(GifWorker.Builder builder) throws IOException {
        try {
            return builder.start();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
