package org.nngjava.gifbroker.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.nngjava.gifbroker.media.MediaLimits;

/**
 * What the HTTP server may be told.
 *
 * @param address where to listen
 * @param allowedHosts names in lower case, beside addresses and {@code localhost}, under which clients may reach it
 * @param publicUrl where browsers reach it, if a proxy is in between
 * @param token what clients have to show, if anything
 * @param tls with the certificate to show, where HTTPS is to be spoken
 * @param uploads directory for movies that come in pieces
 * @param uploadExpiry how long such a one may lie without a piece
 * @param limits what a movie and the options for it may be
 * @param maxWait the longest that a client may wait for a result in one request
 * @param idleTimeout how long a client may be silent while it sends a request or takes an answer; waiting for a job is not idling. Within
 *     this time the headers of a request have to come
 * @param maxConnections how many clients may be connected; more wait
 * @param webhooks how others are told of jobs that have ended, if they are
 */
public record HttpSettings(
        HostPort address,
        Set<String> allowedHosts,
        Optional<PublicUrl> publicUrl,
        Optional<Secret> token,
        Optional<SSLContext> tls,
        Path uploads,
        Duration uploadExpiry,
        MediaLimits limits,
        Duration maxWait,
        Duration idleTimeout,
        int maxConnections,
        Optional<WebhookSettings> webhooks) {
    /** Copies the set. */
    public HttpSettings {
        allowedHosts = Set.copyOf(allowedHosts);
    }

    /** Bytes that a movie may have. */
    long maxUpload() {
        return limits.maxInputBytes();
    }

    /** How long one attempt at a conversion may run. */
    Duration jobTimeout() {
        return limits.timeLimit();
    }
}
