package org.nngjava.workers.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nngjava.Dialer;
import org.nngjava.Listener;
import org.nngjava.NngOptions;
import org.nngjava.TlsAuthMode;
import org.nngjava.TlsConfig;

/**
 * Who may connect, and how one proves it. What stays on the machine is open to all who are on it; beyond loopback there is TLS only, and
 * whoever connects needs a certificate or, where it can be asked for, the token.
 *
 * @param tls for the addresses of {@code tls+tcp} and {@code wss}, or null
 * @param token what workers have to show, or null for nothing
 */
public record Access(TlsConfig tls, String token) {
    /** For those who stay on the machine. */
    public static final Access LOCAL = new Access(null, null);

    private static final int SHORTEST_TOKEN = 16;
    private static final Pattern ADDRESS = Pattern.compile("([a-z0-9+]+)://(\\[[^\\]]*\\]|[^:/]*).*");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1\\]");
    private static final Set<String> PLAIN = Set.of("tcp", "tcp4", "tcp6", "ws", "ws4", "ws6");
    private static final Set<String> SECURE = Set.of("tls+tcp", "tls+tcp4", "tls+tcp6", "wss", "wss4", "wss6");

    /** Checks the token. */
    public Access {
        if (token != null) {
            Limits.name("a token", token);
            if (token.length() < SHORTEST_TOKEN) {
                throw new IllegalArgumentException("a token has " + SHORTEST_TOKEN + " characters at least");
            }
        }
    }

    /** Says nothing of the token. */
    @Override
    public String toString() {
        return "Access[tls=" + tls + ", token=" + (token == null ? "none" : "given") + "]";
    }

    /** True if this is the token, or none is asked for. Takes as long for a wrong one as for another. */
    boolean admits(String shown) {
        return token == null
                || (shown != null
                        && MessageDigest.isEqual(
                                token.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Refuses what {@link #startWork} and {@link #startEvents} would refuse, before the first of them is bound.
     *
     * @param work addresses for workers
     * @param events addresses for listeners to events
     * @throws IllegalArgumentException if one would be open to everybody, or needs a TLS configuration
     */
    public void check(List<String> work, List<String> events) {
        work.forEach(url -> check(url, token != null));
        events.forEach(url -> check(url, false));
    }

    /** Lets workers come in. */
    void startWork(Listener listener) {
        start(listener, token != null);
    }

    /** Lets listeners to events come in, who cannot be asked for a token. */
    void startEvents(Listener listener) {
        start(listener, false);
    }

    /**
     * Connects in the background.
     *
     * @param dialer not started yet
     * @throws IllegalArgumentException if its address is not secure and not on this machine, or needs a TLS configuration
     */
    public void start(Dialer dialer) {
        if (isSecure(dialer.url())) {
            dialer.set(NngOptions.TLS_CONFIG, tls);
        }
        if (isTcp(dialer.url())) {
            dialer.set(NngOptions.TCP_KEEPALIVE, true);
        }
        dialer.startAsync();
    }

    private void start(Listener listener, boolean asksForToken) {
        String url = listener.url();
        check(url, asksForToken);
        if (isSecure(url)) {
            listener.set(NngOptions.TLS_CONFIG, tls);
        }
        if (isTcp(url)) {
            listener.set(NngOptions.TCP_KEEPALIVE, true);
        }
        listener.start();
    }

    private void check(String url, boolean asksForToken) {
        if (isSecure(url) && !isLoopback(url) && tls.authMode().orElse(null) != TlsAuthMode.REQUIRED && !asksForToken) {
            throw new IllegalArgumentException(url + " would be open to everybody: beyond loopback ask for client"
                    + " certificates (TlsAuthMode.REQUIRED) or, for work, a token");
        }
    }

    /** True for TLS, false for what stays on the machine; there is nothing else. */
    private boolean isSecure(String url) {
        String scheme = scheme(url);
        if (PLAIN.contains(scheme) && !isLoopback(url)) {
            throw new IllegalArgumentException(
                    url + " is not secure: beyond loopback use tls+tcp with client certificates or a token");
        }
        boolean secure = SECURE.contains(scheme);
        if (secure && tls == null) {
            throw new IllegalArgumentException(url + " needs a TLS configuration");
        }
        return secure;
    }

    private static boolean isTcp(String url) {
        return scheme(url).startsWith("tcp") || scheme(url).startsWith("tls");
    }

    private static String scheme(String url) {
        Matcher address = ADDRESS.matcher(url);
        return address.matches() ? address.group(1) : "";
    }

    /** By its form alone: a name that is not known to be local is not, whatever it resolves to. */
    private static boolean isLoopback(String url) {
        Matcher address = ADDRESS.matcher(url);
        return address.matches() && LOOPBACK.matcher(address.group(2)).matches();
    }
}
