package org.nngjava.gifbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.gifbroker.RunningApp;

class LiveFeedTest {
    private RunningApp app;

    @BeforeEach
    void start(@TempDir Path data) {
        app = RunningApp.start(data, settings -> settings.workers(1));
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void oneSnapshotIsAnsweredToWhoeverAsks() {
        await().untilAsserted(() -> {
            LiveSnapshot snapshot = Json.read(app.get("/v1/live").body(), LiveSnapshot.class);
            assertThat(snapshot.queue().workers()).isEqualTo(1);
            assertThat(snapshot.workers()).singleElement().satisfies(worker -> {
                assertThat(worker.name()).isEqualTo("local-1");
                assertThat(worker.state()).isEqualTo("idle");
            });
        });
    }

    @Test
    void aWatcherIsToldAtOnceAndAgainWhenThingsHaveChanged() throws Exception {
        Watcher watcher = watch();
        await().until(() -> !watcher.heard.isEmpty());

        app.app().queue().quiet(worker -> true);

        await().until(() -> watcher.last().workers().stream()
                .anyMatch(worker -> worker.state().equals("quiet")));
        watcher.socket.abort();
    }

    @Test
    void watchersAreSentAwayWhenTheServerStops() throws Exception {
        Watcher watcher = watch();

        app.close();

        assertThat(watcher.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1001);
    }

    @Test
    void otherWebPagesMayNotWatch() throws Exception {
        String here = app.app().http().getAuthority();

        assertThat(handshake(here, "http://" + here))
                .startsWith("HTTP/1.1 101 ")
                .doesNotContain("Set-Cookie");
        assertThat(handshake(here, "http://evil.example"))
                .startsWith("HTTP/1.1 403 ")
                .contains("foreign-origin");
        assertThat(handshake("evil.example", "http://evil.example"))
                .startsWith("HTTP/1.1 403 ")
                .contains("foreign-host");
    }

    @Test
    void whereATokenIsAskedForWatchersNeedItToo(@TempDir Path data) throws Exception {
        app.close();
        app = RunningApp.start(data, settings -> settings.token(new Secret("correct-horse-battery")));
        String here = app.app().http().getAuthority();

        assertThat(handshake(here, "http://" + here))
                .startsWith("HTTP/1.1 401 ")
                .contains("unauthorized");
    }

    /** The beginning of the answer to a browser that wants to watch. */
    private String handshake(String host, String origin) throws Exception {
        URI http = app.app().http();
        try (Socket socket = new Socket(http.getHost(), http.getPort())) {
            socket.setSoTimeout(10_000);
            String request = String.join(
                    "\r\n",
                    "GET /v1/live HTTP/1.1",
                    "Host: " + host,
                    "Origin: " + origin,
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "",
                    "");
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            StringBuilder answer = new StringBuilder();
            while (answer.indexOf("\r\n\r\n") < 0 || (answer.indexOf("HTTP/1.1 4") == 0 && answer.indexOf("}") < 0)) {
                int read = in.read();
                if (read < 0) {
                    break;
                }
                answer.append((char) read);
            }
            return answer.toString();
        }
    }

    private Watcher watch() throws Exception {
        Watcher watcher = new Watcher();
        URI http = app.uri("/v1/live");
        watcher.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://" + http.getAuthority() + http.getPath()), watcher)
                .get(10, TimeUnit.SECONDS);
        return watcher;
    }

    private static final class Watcher implements WebSocket.Listener {
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();
        private WebSocket socket;

        LiveSnapshot last() {
            return Json.read(heard.get(heard.size() - 1).getBytes(StandardCharsets.UTF_8), LiveSnapshot.class);
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard.add(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(code);
            return null;
        }
    }
}
