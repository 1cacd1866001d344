package org.nngjava.gifbroker.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.nngjava.gifbroker.Settings;
import org.nngjava.gifbroker.http.HostPort;
import org.nngjava.gifbroker.http.PublicUrl;
import org.nngjava.gifbroker.http.Secret;
import org.nngjava.gifbroker.http.WebhookSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code serve} and {@code broker} have in common. */
final class BrokerOptions {
    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            defaultValue = Settings.DEFAULT_HTTP,
            description =
                    "Where to serve HTTP; port 0 takes a free one, which the log and --json name. Default: ${DEFAULT-VALUE}")
    private HostPort http;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Where jobs, movies and GIFs are kept: the next server there goes on with them. Default: a temporary directory, removed at the end")
    private Path data;

    @Option(
            names = "--listen",
            paramLabel = "URL",
            split = ",",
            description = "Where workers connect to. Default: " + Settings.DEFAULT_WORK_URL)
    private List<String> listen = new ArrayList<>();

    @Option(
            names = "--events",
            paramLabel = "URL",
            split = ",",
            description = "Where events are published. Default: " + Settings.DEFAULT_EVENTS_URL)
    private List<String> events = new ArrayList<>();

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            split = ",",
            description = "A host name under which browsers may reach the server, beside its address and localhost.")
    private List<String> allowedHosts = new ArrayList<>();

    @Option(
            names = "--public-url",
            paramLabel = "URL",
            description =
                    "Where browsers reach the server if a proxy is in between, such as https://gifs.example.com. The name is allowed then, too.")
    private PublicUrl publicUrl;

    @Option(
            names = "--token",
            paramLabel = "TOKEN|@FILE",
            description =
                    "What HTTP clients and workers have to show, 16 characters at least, or the file that has it. Beyond loopback there must be one.")
    private Secret token;

    @Mixin
    private TlsOptions tls;

    @Option(
            names = "--upload-expiry",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "Removes resumable uploads for which nothing has come for so long. Default: ${DEFAULT-VALUE}")
    private Duration uploadExpiry;

    @Option(
            names = "--max-wait",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "The longest that a client may wait in one request. Default: ${DEFAULT-VALUE}")
    private Duration maxWait;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description =
                    "Closes connections on which nothing moves, or so slowly that it can only be meant: waiting for a job is not idling. Default: ${DEFAULT-VALUE}")
    private Duration idleTimeout;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "4000",
            description =
                    "How many HTTP clients may be connected; more have to wait until others leave. Default: ${DEFAULT-VALUE}")
    private int maxConnections;

    @Option(
            names = "--webhooks",
            fallbackValue = "true",
            description = "Tells the end of a job to the address that its submitter names by the option 'callback'.")
    private boolean webhooks;

    @Option(
            names = "--webhook-secret",
            paramLabel = "SECRET|@FILE",
            description = "What webhooks are signed with, 16 characters at least, or the file that has it.")
    private Secret webhookSecret;

    @Option(
            names = "--webhooks-allow-private",
            fallbackValue = "true",
            description = "Lets webhooks go to this machine and to private networks as well.")
    private boolean webhooksAllowPrivate;

    @Option(
            names = "--lease",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "Gives the jobs of a worker that is silent for so long to others. Default: ${DEFAULT-VALUE}")
    private Duration lease;

    @Option(
            names = "--capacity",
            paramLabel = "JOBS",
            defaultValue = "10000",
            description = "How many jobs may be queued; more are refused with 429. Default: ${DEFAULT-VALUE}")
    private int capacity;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            defaultValue = "20s",
            description = "How long jobs may take to finish when the server is told to stop. Default: ${DEFAULT-VALUE}")
    private Duration drain;

    @Mixin
    private LimitFlags limits;

    @Option(
            names = "--json",
            fallbackValue = "true",
            description = "Print one line of JSON on standard output when ready: the addresses in use.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** The settings but for the workers. A default port of the work side that is taken gives way to a free one. */
    Settings.Builder settings() {
        Settings.Builder settings = Settings.builder()
                .http(http)
                .data(data)
                .publicUrl(publicUrl)
                .token(token)
                .tls(tls.files())
                .limits(limits.limits())
                .uploadExpiry(uploadExpiry)
                .maxWait(maxWait)
                .idleTimeout(idleTimeout)
                .maxConnections(maxConnections)
                .lease(lease)
                .capacity(capacity)
                .drain(drain);
        allowedHosts.forEach(settings::allowHost);
        listen.forEach(settings::listen);
        events.forEach(settings::events);
        if (webhooks) {
            Usage.require(spec, webhookSecret != null, "--webhooks needs --webhook-secret, to sign them");
            settings.webhooks(new WebhookSettings(webhookSecret, webhooksAllowPrivate));
        }
        try {
            settings.build();
            return settings;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    boolean namesWorkUrls() {
        return !listen.isEmpty();
    }

    boolean namesEventUrls() {
        return !events.isEmpty();
    }

    boolean json() {
        return json;
    }
}
