package org.nngjava.gifbroker.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a browser shows instead of the token. A session says itself until when it is good, signed with the token, so that it outlives a
 * restart of the server, and ends with the token. Safe for any thread.
 */
final class Sessions {
    /** How long one is good, in seconds. */
    static final long LIFE = Duration.ofDays(7).toSeconds();

    private static final Pattern SESSION = Pattern.compile("(([0-9]{1,12})\\.[0-9a-f]{32})\\.([0-9a-f]{64})");
    private static final int NONCE_BYTES = 16;

    private final Secret token;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** Those that were ended before their time, and that time. */
    private final Map<String, Long> ended = new ConcurrentHashMap<>();

    Sessions(Secret token, Clock clock) {
        this.token = token;
        this.clock = clock;
    }

    /** A new session. */
    String begin() {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        String claim = (now() + LIFE) + "." + HexFormat.of().formatHex(nonce);
        return claim + "." + HexFormat.of().formatHex(sign(claim));
    }

    /** Whether this is a session, and its time is not over. */
    boolean isOpen(String session) {
        return session != null && goodUntil(session) > now() && !ended.containsKey(session);
    }

    /** Ends a session before its time. A server that is restarted knows nothing of that. */
    void end(String session) {
        if (isOpen(session)) {
            ended.values().removeIf(time -> time <= now());
            ended.put(session, goodUntil(session));
        }
    }

    /** In seconds of the epoch; 0 for what is no session. */
    private long goodUntil(String session) {
        Matcher parts = SESSION.matcher(session);
        boolean genuine = parts.matches()
                && MessageDigest.isEqual(sign(parts.group(1)), HexFormat.of().parseHex(parts.group(3)));
        return genuine ? Long.parseLong(parts.group(2)) : 0;
    }

    private byte[] sign(String claim) {
        return token.sign(("session " + claim).getBytes(StandardCharsets.UTF_8));
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
