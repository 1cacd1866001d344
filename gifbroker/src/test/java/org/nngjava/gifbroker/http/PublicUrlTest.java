package org.nngjava.gifbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.Settings;

/** A server behind a proxy that speaks TLS for it. */
class PublicUrlTest {
    private static final String TOKEN = "correct-horse-battery";

    private TlsProxy proxy;

    @BeforeEach
    void open() throws Exception {
        proxy = TlsProxy.open();
    }

    @AfterEach
    void close() throws Exception {
        proxy.close();
    }

    @Test
    void itsPagesAreThisServersOwnWhereItIsNamed(@TempDir Path data) throws Exception {
        try (RunningApp app = start(data, settings -> settings.publicUrl(PublicUrl.parse(proxy.url())))) {
            HttpResponse<byte[]> login = logIn(proxy.url());

            assertThat(login.statusCode()).isEqualTo(204);
            assertThat(login.headers().firstValue("Set-Cookie"))
                    .get()
                    .asString()
                    .endsWith("; Secure");
            assertThat(logIn("https://elsewhere.example").statusCode()).isEqualTo(403);
            assertThat(logIn(proxy.url().replace("https", "http")).statusCode()).isEqualTo(403);
            String here = app.app().http().toString();
            assertThat(app.get("/v1/session", "Origin", here).statusCode()).isEqualTo(200);
            assertThat(app.get("/v1/session", "Origin", proxy.url()).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void elseTheyAreForeignAndItIsSaidHowToNameIt(@TempDir Path data) throws Exception {
        try (RunningApp app = start(data, settings -> {})) {
            HttpResponse<byte[]> login = logIn(proxy.url());

            assertThat(RunningApp.problem(login).code()).isEqualTo("foreign-origin");
            assertThat(RunningApp.problem(login).detail()).contains(proxy.url(), "--public-url");
            assertThat(app.app().http().getScheme()).isEqualTo("http");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://gifs.example.com, https://gifs.example.com",
        "HTTPS://Gifs.Example.com/, https://gifs.example.com",
        "https://gifs.example.com:443, https://gifs.example.com",
        "http://gifs.example.com:8080, http://gifs.example.com:8080",
        "http://[::1]:80/, http://[::1]"
    })
    void itIsComparedAsBrowsersWriteIt(String text, String origin) {
        assertThat(PublicUrl.parse(text).origin()).isEqualTo(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gifs.example.com",
                "ftp://gifs.example.com",
                "https://",
                "https://gifs.example.com/gifs",
                "https://gifs.example.com?a",
                "https://gifs.example.com/#live",
                "https://me@gifs.example.com",
                "https://gifs example.com",
                "mailto:gifs@example.com"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> PublicUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is not an address");
    }

    private RunningApp start(Path data, Consumer<Settings.Builder> changes) {
        RunningApp app = RunningApp.start(data, settings -> {
            settings.workers(0).token(new Secret(TOKEN));
            changes.accept(settings);
        });
        proxy.leadTo(app.app().http().getPort());
        return app;
    }

    private HttpResponse<byte[]> logIn(String origin) throws Exception {
        HttpClient client =
                HttpClient.newBuilder().sslContext(TlsProxy.trust().context()).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(proxy.url() + "/v1/session"))
                .headers("Origin", origin, "Authorization", "Bearer " + TOKEN)
                .POST(BodyPublishers.noBody())
                .build();
        return client.send(request, BodyHandlers.ofByteArray());
    }
}
