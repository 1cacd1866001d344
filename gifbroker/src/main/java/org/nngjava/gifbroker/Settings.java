package org.nngjava.gifbroker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.nngjava.gifbroker.http.HostPort;
import org.nngjava.gifbroker.http.PublicUrl;
import org.nngjava.gifbroker.http.Secret;
import org.nngjava.gifbroker.http.WebhookSettings;
import org.nngjava.gifbroker.media.MediaLimits;

/** What an {@link App} may be told; all has defaults. Immutable. */
public final class Settings {
    /** Where HTTP is served unless told otherwise. */
    public static final String DEFAULT_HTTP = "127.0.0.1:8080";

    /** Where workers connect to unless told otherwise. */
    public static final String DEFAULT_WORK_URL = "tcp://127.0.0.1:5555";

    /** Where events are published unless told otherwise. */
    public static final String DEFAULT_EVENTS_URL = "tcp://127.0.0.1:5556";

    private final Builder from;

    private Settings(Builder from) {
        this.from = from;
    }

    /** Begins settings in which nothing listens beside an inproc address, and two workers run. */
    public static Builder builder() {
        return new Builder();
    }

    Optional<HostPort> http() {
        return Optional.ofNullable(from.http);
    }

    Set<String> allowedHosts() {
        return from.allowedHosts;
    }

    Optional<PublicUrl> publicUrl() {
        return Optional.ofNullable(from.publicUrl);
    }

    Optional<Secret> token() {
        return Optional.ofNullable(from.token);
    }

    TlsFiles tls() {
        return from.tls;
    }

    List<String> listen() {
        return from.listen;
    }

    List<String> events() {
        return from.events;
    }

    int workers() {
        return from.workers;
    }

    Optional<Path> data() {
        return Optional.ofNullable(from.data);
    }

    Optional<Path> ffmpeg() {
        return Optional.ofNullable(from.ffmpeg);
    }

    MediaLimits limits() {
        return from.limits;
    }

    Duration uploadExpiry() {
        return from.uploadExpiry;
    }

    Duration maxWait() {
        return from.maxWait;
    }

    Duration idleTimeout() {
        return from.idleTimeout;
    }

    int maxConnections() {
        return from.maxConnections;
    }

    Optional<WebhookSettings> webhooks() {
        return Optional.ofNullable(from.webhooks);
    }

    Duration lease() {
        return from.lease;
    }

    int capacity() {
        return from.capacity;
    }

    Duration drain() {
        return from.drain;
    }

    /** Builds {@link Settings}. For one thread. */
    public static final class Builder {
        private HostPort http;
        private Set<String> allowedHosts = new HashSet<>();
        private PublicUrl publicUrl;
        private Secret token;
        private TlsFiles tls = TlsFiles.NONE;
        private List<String> listen = new ArrayList<>();
        private List<String> events = new ArrayList<>();
        private int workers = 2;
        private Path data;
        private Path ffmpeg;
        private Duration uploadExpiry = Duration.ofHours(24);
        private MediaLimits limits = MediaLimits.defaults();
        private Duration maxWait = Duration.ofMinutes(10);
        private Duration idleTimeout = Duration.ofSeconds(30);
        private int maxConnections = 4_000;
        private WebhookSettings webhooks;
        private Duration lease = Duration.ofSeconds(10);
        private int capacity = 10_000;
        private Duration drain = Duration.ofSeconds(20);

        private Builder() {}

        /** Serves HTTP there. */
        public Builder http(HostPort address) {
            http = address;
            return this;
        }

        /** Also answers HTTP requests that name this host. */
        public Builder allowHost(String name) {
            allowedHosts.add(name.toLowerCase(Locale.ROOT));
            return this;
        }

        /** Lets browsers come by a proxy at this address. */
        public Builder publicUrl(PublicUrl address) {
            publicUrl = address;
            return this;
        }

        /** Asks HTTP clients and workers of other processes for this token. */
        public Builder token(Secret secret) {
            token = secret;
            return this;
        }

        /** Serves HTTPS instead of HTTP if there is a certificate, and uses it for addresses of {@code tls+tcp}. */
        public Builder tls(TlsFiles files) {
            tls = files;
            return this;
        }

        /** Lets workers of other processes connect to this URL. */
        public Builder listen(String url) {
            listen.add(url);
            return this;
        }

        /** Publishes events at this URL. */
        public Builder events(String url) {
            events.add(url);
            return this;
        }

        /** Runs so many workers in this process, each with one job at a time. */
        public Builder workers(int count) {
            workers = count;
            return this;
        }

        /** Keeps jobs, movies and GIFs below this directory; otherwise they are gone at the end. */
        public Builder data(Path directory) {
            data = directory;
            return this;
        }

        /** Uses this ffmpeg; otherwise the one that comes along or is found. */
        public Builder ffmpeg(Path program) {
            ffmpeg = program;
            return this;
        }

        /** Limits each conversion, and what is taken. */
        public Builder limits(MediaLimits limits) {
            this.limits = limits;
            return this;
        }

        /** Refuses movies of more bytes. */
        public Builder maxUpload(long bytes) {
            return limits(limits.withMaxInputBytes(bytes));
        }

        /** Removes uploads in pieces for which no piece has come for so long. */
        public Builder uploadExpiry(Duration time) {
            uploadExpiry = time;
            return this;
        }

        /** Lets a client wait so long in one request. */
        public Builder maxWait(Duration longest) {
            maxWait = longest;
            return this;
        }

        /** Closes connections on which nothing moves for so long, unless the client waits for a job. */
        public Builder idleTimeout(Duration time) {
            idleTimeout = time;
            return this;
        }

        /** Holds so many connections of HTTP clients; more are not accepted until some of these end. */
        public Builder maxConnections(int count) {
            maxConnections = count;
            return this;
        }

        /** Ends a conversion that takes longer. */
        public Builder jobTimeout(Duration longest) {
            return limits(limits.withTimeLimit(longest));
        }

        /** Tells the ends of jobs to those whom their submitters name; otherwise nobody is told. */
        public Builder webhooks(WebhookSettings how) {
            webhooks = how;
            return this;
        }

        /** Gives the jobs of a worker that is silent for so long to others. */
        public Builder lease(Duration time) {
            lease = time;
            return this;
        }

        /** Queues so many jobs and no more. */
        public Builder capacity(int jobs) {
            capacity = jobs;
            return this;
        }

        /** Gives running jobs so long to finish when the application stops. */
        public Builder drain(Duration longest) {
            drain = longest;
            return this;
        }

        /**
         * The settings. The builder may be used on.
         *
         * @throws IllegalArgumentException if HTTP would be open to the network and asks for no token
         */
        public Settings build() {
            if (http != null && token == null && !http.isLoopback()) {
                throw new IllegalArgumentException(
                        "HTTP at " + http + " would be open to everybody: beyond loopback it needs a token");
            }
            Builder copy = new Builder();
            copy.http = http;
            copy.allowedHosts = Set.copyOf(allowedHosts);
            copy.publicUrl = publicUrl;
            copy.token = token;
            copy.tls = tls;
            copy.listen = List.copyOf(listen);
            copy.events = List.copyOf(events);
            copy.workers = workers;
            copy.data = data;
            copy.ffmpeg = ffmpeg;
            copy.limits = limits;
            copy.uploadExpiry = uploadExpiry;
            copy.maxWait = maxWait;
            copy.idleTimeout = idleTimeout;
            copy.maxConnections = maxConnections;
            copy.webhooks = webhooks;
            copy.lease = lease;
            copy.capacity = capacity;
            copy.drain = drain;
            return new Settings(copy);
        }
    }
}
