package org.nngjava.gifbroker.load;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The request that is sent again and again.
 *
 * @param uri where to, {@code http} or {@code https}
 * @param method in capitals
 * @param headers each as {@code Name: value}
 * @param body in base64; empty for none
 * @param keepAlive whether a connection is used for more than one request
 * @param timeout how long an answer may take
 */
public record LoadRequest(
        URI uri, String method, List<String> headers, String body, boolean keepAlive, Duration timeout) {
    /** Copies the list. */
    public LoadRequest {
        headers = List.copyOf(headers);
    }

    /** The port that it goes to. */
    int port() {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equals(uri.getScheme()) ? 443 : 80;
    }
}
