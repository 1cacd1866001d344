package org.nngjava.gifbroker.cli;

import java.util.concurrent.Callable;
import org.nngjava.gifbroker.App;
import org.nngjava.gifbroker.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The queue and HTTP, without workers. */
@Command(
        name = "broker",
        description = {
            "Serve the queue and HTTP for workers elsewhere.",
            "The work is done by workers that connect: see 'gifbroker worker'. Stops cleanly on SIGTERM and Ctrl-C.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        abbreviateSynopsis = true,
        sortOptions = false)
final class BrokerCommand implements Callable<Integer> {
    @Mixin
    private BrokerOptions broker;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Settings.Builder settings = broker.settings().workers(0);
        if (!broker.namesWorkUrls()) {
            settings.listen(Settings.DEFAULT_WORK_URL);
        }
        if (!broker.namesEventUrls()) {
            settings.events(Settings.DEFAULT_EVENTS_URL);
        }
        return Role.run(App.create(settings.build()), broker.json(), spec.commandLine());
    }
}
