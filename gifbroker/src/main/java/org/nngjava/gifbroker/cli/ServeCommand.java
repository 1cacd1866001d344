package org.nngjava.gifbroker.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.nngjava.gifbroker.App;
import org.nngjava.gifbroker.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** All in one process: broker, HTTP, workers. */
@Command(
        name = "serve",
        description = {
            "Serve all in one: broker, HTTP, workers.",
            "The page for people is at the root of the HTTP address. More workers may connect from elsewhere. Stops cleanly on SIGTERM "
                    + "and Ctrl-C: running conversions may finish, then it ends with 143 or 130.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        abbreviateSynopsis = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gifbroker serve                                   then open http://127.0.0.1:8080",
            "  gifbroker serve --data /var/lib/gifbroker         outlives restarts",
            "  gifbroker serve --http 127.0.0.1:0 --workers 4 --max-upload 500M",
            "  gifbroker serve --http 0.0.0.0:8443 --token @token --tls-cert server.pem \\",
            "      --tls-key server.key --allow-host gifs.example.com"
        })
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private BrokerOptions broker;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "2",
            description =
                    "How many workers run in this process, each with one movie at a time. Default: ${DEFAULT-VALUE}")
    private int workers;

    @Option(
            names = "--ffmpeg",
            paramLabel = "PATH",
            description = "The ffmpeg to use. Default: the bundled one, or else the one on the PATH")
    private Path ffmpeg;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Settings.Builder settings = broker.settings().workers(workers).ffmpeg(ffmpeg);
        if (!broker.namesWorkUrls()) {
            settings.listen(Ports.freeOr(Settings.DEFAULT_WORK_URL));
        }
        if (!broker.namesEventUrls()) {
            settings.events(Ports.freeOr(Settings.DEFAULT_EVENTS_URL));
        }
        return Role.run(App.create(settings.build()), broker.json(), spec.commandLine());
    }
}
