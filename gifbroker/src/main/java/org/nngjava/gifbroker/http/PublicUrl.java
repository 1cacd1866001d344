package org.nngjava.gifbroker.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where browsers reach this server, when that is not where it listens: a proxy is in between, which may speak TLS for it.
 *
 * @param scheme {@code http} or {@code https}
 * @param host in lower case, an IPv6 address in brackets
 * @param port -1 for the usual one
 */
public record PublicUrl(String scheme, String host, int port) {
    /**
     * Reads an address such as {@code https://gifs.example.com}.
     *
     * @throws IllegalArgumentException if it is none, or has a path: all addresses of this server begin at the root
     */
    public static PublicUrl parse(String text) {
        URI url;
        try {
            url = new URI(text.toLowerCase(Locale.ROOT));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(refusal(text), e);
        }
        boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        boolean bare = "".equals(url.getRawPath()) || "/".equals(url.getRawPath());
        if (!web || url.getHost() == null || url.getRawUserInfo() != null || !bare || text.matches(".*[?#].*")) {
            throw new IllegalArgumentException(refusal(text));
        }
        int usual = url.getScheme().equals("https") ? 443 : 80;
        return new PublicUrl(url.getScheme(), url.getHost(), url.getPort() == usual ? -1 : url.getPort());
    }

    private static String refusal(String text) {
        return "'" + text + "' is not an address such as https://gifs.example.com, without a path";
    }

    /** Whether the connection between browser and proxy is encrypted. */
    boolean isSecure() {
        return scheme.equals("https");
    }

    /** What a browser calls the source of a page from there (RFC 6454). */
    String origin() {
        return scheme + "://" + authority();
    }

    /** What a browser puts into {@code Host}, unless the proxy changes that. */
    String authority() {
        return host + (port < 0 ? "" : ":" + port);
    }
}
