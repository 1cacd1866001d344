package org.nngjava.gifbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.gifbroker.GifWorker;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.media.Ffmpeg;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthenticationTest {
    private static final Secret TOKEN = new Secret("correct-horse-battery");
    private static final String[] SHOWN = {"Authorization", "Bearer correct-horse-battery"};

    private Path directory;
    private RunningApp app;

    @BeforeAll
    void start(@TempDir Path temporary) {
        directory = temporary;
        app = RunningApp.start(
                directory.resolve("data"),
                settings -> settings.workers(0).listen("tcp://127.0.0.1:0").token(TOKEN));
    }

    @AfterAll
    void stop() {
        app.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/jobs",
        "GET, /v1/jobs/none",
        "GET, /v1/events",
        "GET, /v1/workers",
        "POST, /v1/workers/local-1/halt",
        "GET, /v1/work/stream",
        "POST, /v1/work",
        "POST, /v1/work/none/result",
        "POST, /v1/gifs",
        "DELETE, /v1/jobs/none",
        "POST, /v1/session",
        "DELETE, /v1/session",
        "GET, /metrics",
        "GET, /nowhere",
        "GET, /healthz/",
        "OPTIONS, /v1/jobs"
    })
    void whoShowsNoTokenIsToldThatItIsAskedFor(String method, String path) throws Exception {
        HttpResponse<byte[]> answer =
                app.send(app.request(path).method(method, BodyPublishers.ofString("a movie, perhaps")));

        assertThat(RunningApp.problem(answer).status()).isEqualTo(401);
        assertThat(RunningApp.problem(answer).code()).isEqualTo("unauthorized");
        assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"gifbroker\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer correct-horse-batterz",
                "Bearer correct-horse-batter",
                "Bearer",
                "Basic correct-horse-battery",
                "correct-horse-battery"
            })
    void whoShowsAnotherTokenIsToldSo(String authorization) throws Exception {
        HttpResponse<byte[]> answer = app.get("/v1/jobs", "Authorization", authorization);

        assertThat(RunningApp.problem(answer).status()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .hasValue("Bearer realm=\"gifbroker\", error=\"invalid_token\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/jobs", "/v1/workers", "/metrics"})
    void whoShowsTheTokenIsServed(String path) throws Exception {
        assertThat(app.get(path, SHOWN).statusCode()).isEqualTo(200);
        assertThat(app.get(path, "Authorization", "bearer  correct-horse-battery")
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/app.js", "/app.css", "/icon.svg", "/healthz", "/v1/session"})
    void whatIsTheSameForEverybodyNeedsNoToken(String path) throws Exception {
        assertThat(app.get(path).statusCode()).isEqualTo(200);
    }

    @Test
    void readinessNeedsNoToken() throws Exception {
        assertThat(RunningApp.problem(app.get("/readyz")).detail()).contains("no worker is there");
    }

    @Test
    void aBrowserLogsInOnceAndOutAgain() throws Exception {
        HttpResponse<byte[]> login =
                app.send(app.request("/v1/session").headers(SHOWN).POST(BodyPublishers.noBody()));

        assertThat(login.statusCode()).isEqualTo(204);
        String set = login.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(set)
                .contains("; HttpOnly", "; SameSite=Strict", "; Path=/", "; Max-Age=604800")
                .doesNotContain(TOKEN.value());
        String cookie = set.substring(0, set.indexOf(';'));
        assertThat(app.get("/v1/jobs", "Cookie", cookie).statusCode()).isEqualTo(200);
        assertThat(session("Cookie", cookie)).isEqualTo(new Authentication.Session(true, true));
        assertThat(app.get("/v1/jobs", "Cookie", cookie.replaceFirst(".$", "g")).statusCode())
                .isEqualTo(401);

        HttpResponse<byte[]> logout =
                app.send(app.request("/v1/session").header("Cookie", cookie).DELETE());

        assertThat(logout.headers().firstValue("Set-Cookie")).get().asString().startsWith("gifbroker=; ");
        assertThat(app.get("/v1/jobs", "Cookie", cookie).statusCode()).isEqualTo(401);
        assertThat(session("Cookie", cookie)).isEqualTo(new Authentication.Session(true, false));
    }

    @Test
    void aCookieDoesNotLetOtherWebPagesIn() throws Exception {
        String[] cookie = {"Cookie", cookie()};

        for (String[] foreign :
                new String[][] {{"Origin", "http://example.com"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "null"}
                }) {
            HttpResponse<byte[]> answer = app.send(app.request("/v1/jobs/none")
                    .headers(cookie)
                    .headers(foreign)
                    .DELETE());
            assertThat(RunningApp.problem(answer).code()).isEqualTo("foreign-origin");
        }
        assertThat(app.send(app.request("/v1/jobs/none").headers(cookie).DELETE())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aSessionEndsWithItsTimeAndWithItsToken() {
        Instant begun = Instant.parse("2026-01-01T00:00:00Z");
        String session = new Sessions(TOKEN, Clock.fixed(begun, ZoneOffset.UTC)).begin();

        assertThat(at(begun.plus(Duration.ofDays(7)).minusSeconds(1), TOKEN).isOpen(session))
                .isTrue();
        assertThat(at(begun.plus(Duration.ofDays(7)), TOKEN).isOpen(session)).isFalse();
        assertThat(at(begun, new Secret("another-horse-battery")).isOpen(session))
                .isFalse();
        String prolonged = session.replaceFirst("^\\d", "9");
        assertThat(at(begun, TOKEN).isOpen(prolonged)).isFalse();
    }

    @Test
    void aServerWithoutATokenAsksForNone() throws Exception {
        try (RunningApp open = RunningApp.start(directory.resolve("open"), settings -> settings.workers(0))) {
            assertThat(Json.read(open.get("/v1/session").body(), Authentication.Session.class))
                    .isEqualTo(new Authentication.Session(false, true));
            assertThat(open.get("/v1/jobs", "Authorization", "Bearer whatever").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void onlyWorkersWithTheTokenAreGivenWork() throws Exception {
        try (GifWorker stranger = worker("stranger", Optional.empty());
                GifWorker impostor = worker("impostor", Optional.of(new Secret("another-horse-battery")));
                GifWorker member = worker("member", Optional.of(TOKEN))) {
            await().untilAsserted(() -> assertThat(app.app().queue().workers()).hasSize(1));

            assertThat(app.app().queue().workers().get(0).name()).isEqualTo(member.name());
            assertThat(stranger.name()).isNotEqualTo(impostor.name());
        }
    }

    private GifWorker worker(String name, Optional<Secret> token) throws Exception {
        GifWorker.Builder worker = GifWorker.builder()
                .connect(app.app().workUrls().get(0))
                .name(name)
                .ffmpeg(Ffmpeg.locate(null))
                .work(directory.resolve("work"));
        token.ifPresent(worker::token);
        return worker.start();
    }

    private static Sessions at(Instant time, Secret token) {
        return new Sessions(token, Clock.fixed(time, ZoneOffset.UTC));
    }

    private Authentication.Session session(String... headers) throws Exception {
        return Json.read(app.get("/v1/session", headers).body(), Authentication.Session.class);
    }

    private String cookie() throws Exception {
        String set = app.send(app.request("/v1/session").headers(SHOWN).POST(BodyPublishers.noBody()))
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow();
        return set.substring(0, set.indexOf(';'));
    }
}
