package org.nngjava.gifbroker.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps other web pages out. Any page that a person opens may post to loopback, and may give its own name the address 127.0.0.1 (DNS
 * rebinding) to read the answer too. So a request must name this host: by address, as {@code localhost}, by the name that it listens
 * on, or one that was allowed; and where a browser says which page sent it, that page must be our own: from here, or from the address
 * at which a proxy shows this server. Headers in which a proxy says what it was asked for are not looked at, since anybody can send them.
 */
final class SameSite implements Handler {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private final Set<String> names;
    private final Optional<PublicUrl> publicUrl;

    /**
     * @param names host names in lower case that this server answers to beside addresses and {@code localhost}
     * @param publicUrl where browsers reach it, if that is elsewhere
     */
    SameSite(Set<String> names, Optional<PublicUrl> publicUrl) {
        this.names = Set.copyOf(names);
        this.publicUrl = publicUrl;
    }

    @Override
    public void handle(Context ctx) {
        String host = ctx.header("Host");
        if (host == null || !answersTo(host)) {
            throw new ProblemException(
                    ProblemType.FOREIGN_HOST,
                    "This server is not '" + host + "'; names beside its address are allowed with --allow-host");
        }
        String origin = ctx.header("Origin");
        boolean foreignOrigin = origin != null && !isOurs(origin, ctx.scheme(), host);
        String site = ctx.header("Sec-Fetch-Site");
        boolean changes = switch (ctx.req().getMethod()) {
            case "GET", "HEAD" -> ctx.path().startsWith(WorkHandlers.STREAM); // whoever reads that is given jobs
            default -> true;
        };
        boolean foreignSite = changes && ("cross-site".equals(site) || "same-site".equals(site));
        if (foreignOrigin || foreignSite) {
            throw new ProblemException(
                    ProblemType.FOREIGN_ORIGIN,
                    "Another web page (" + (origin == null ? site : origin)
                            + ") may not use this server; if it is this server's own,"
                            + " by way of a proxy, --public-url says so");
        }
    }

    /** Where the proxy hands on the name that it is known by, only what it shows under that name is ours. */
    private boolean isOurs(String origin, String scheme, String host) {
        boolean behindProxy =
                publicUrl.filter(url -> origin.equalsIgnoreCase(url.origin())).isPresent();
        boolean named =
                publicUrl.filter(url -> host.equalsIgnoreCase(url.authority())).isPresent();
        return behindProxy || (!named && origin.equalsIgnoreCase(scheme + "://" + host));
    }

    private boolean answersTo(String hostHeader) {
        String host = hostHeader.toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "");
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || IPV4.matcher(host).matches()
                || (host.startsWith("[") && host.endsWith("]"))
                || names.contains(host);
    }
}
