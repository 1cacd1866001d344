package org.nngjava.gifbroker.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks for the token, if there is one: in the header {@code Authorization} (RFC 6750) or, by a browser that has shown it once, for the
 * cookie that it got. All needs it that is not named as open. {@code /v1/session} logs in and out.
 */
final class Authentication implements Handler {
    static final String COOKIE = "gifbroker";

    private static final String PATH = "/v1/session";
    private static final String SCHEME = "Bearer ";

    private final Secret token;
    private final Set<String> open;
    private final boolean secure;
    private final Sessions sessions;

    /**
     * @param open paths that need no token
     * @param secure whether browsers come by HTTPS though this server does not speak it
     */
    Authentication(Optional<Secret> token, Set<String> open, boolean secure) {
        this.token = token.orElse(null);
        this.open = Set.copyOf(open);
        this.secure = secure;
        sessions = token.map(secret -> new Sessions(secret, Clock.systemUTC())).orElse(null);
    }

    /**
     * What a page has to know before it begins.
     *
     * @param required whether this server asks for a token
     * @param authenticated whether this request would do
     */
    record Session(boolean required, boolean authenticated) {}

    /** Guards all routes, and adds those of sessions. */
    void register(RoutesConfig routes) {
        routes.before(this);
        routes.get(PATH, this::show);
        routes.post(PATH, this::logIn);
        routes.delete(PATH, this::logOut);
    }

    @Override
    public void handle(Context ctx) {
        boolean free = open.contains(ctx.path())
                || (ctx.path().equals(PATH) && ctx.req().getMethod().equals("GET"));
        if (!free && !isAuthenticated(ctx)) {
            boolean tried = ctx.header("Authorization") != null;
            throw new ProblemException(
                    Problem.of(
                            ProblemType.UNAUTHORIZED,
                            tried ? "The token is another one" : "This server asks for a token"),
                    Map.of(
                            "WWW-Authenticate",
                            "Bearer realm=\"gifbroker\"" + (tried ? ", error=\"invalid_token\"" : "")));
        }
    }

    private boolean isAuthenticated(Context ctx) {
        if (token == null) {
            return true;
        }
        String header = ctx.header("Authorization");
        if (header != null) {
            return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                    && token.matches(header.substring(SCHEME.length()).strip());
        }
        return sessions.isOpen(ctx.cookie(COOKIE));
    }

    private void show(Context ctx) {
        ctx.header("Cache-Control", "no-store");
        ctx.contentType(Json.MEDIA_TYPE).result(Json.bytes(new Session(token != null, isAuthenticated(ctx))));
    }

    private void logIn(Context ctx) {
        if (token != null) {
            setCookie(ctx, sessions.begin(), Sessions.LIFE);
        }
        ctx.status(204);
    }

    private void logOut(Context ctx) {
        if (token != null) {
            sessions.end(ctx.cookie(COOKIE));
            setCookie(ctx, "", 0);
        }
        ctx.status(204);
    }

    private void setCookie(Context ctx, String value, long seconds) {
        ctx.header("Cache-Control", "no-store");
        ctx.header(
                "Set-Cookie",
                COOKIE + "=" + value + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict"
                        + (secure || ctx.req().isSecure() ? "; Secure" : ""));
    }
}
