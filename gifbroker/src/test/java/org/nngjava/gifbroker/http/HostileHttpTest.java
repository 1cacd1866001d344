package org.nngjava.gifbroker.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.gifbroker.EventClients;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.media.TestMovies;

/** Clients that mean no good: each is refused in clear words or cut off, nothing is left of it, and others are served meanwhile. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileHttpTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Secret TOKEN = new Secret("correct-horse-battery");
    private static final int LIMIT = 400_000;
    private static final String HOST = "Host: 127.0.0.1\r\n";

    private Path directory;
    private Path elsewhere;
    private RunningApp app;
    private byte[] movie;

    @BeforeAll
    void start(@TempDir Path temporary, @TempDir Path others) throws Exception {
        directory = temporary;
        elsewhere = others;
        movie = Files.readAllBytes(TestMovies.movie(others, "mp4", 0.4));
        app = RunningApp.start(
                directory.resolve("data"),
                settings -> settings.maxUpload(LIMIT).workers(0).idleTimeout(PATIENCE));
    }

    @AfterAll
    void stop() {
        app.close();
    }

    @Test
    void whoSendsHeadersAByteAtATimeIsCutOffAndHoldsNobodyUp() throws Exception {
        try (SlowClients slow = slow(50, "GET / HTTP/1.1\r\n" + HOST + "X-Slow: ")) {
            assertThat(app.get("/healthz").statusCode()).isEqualTo(200);

            assertThat(slow.answers()).hasSize(50).containsOnly("");
        }
    }

    @Test
    void aConnectionThatWasUsedIsCutOffAsWell() throws Exception {
        try (SlowClients slow = slow(2, "HEAD / HTTP/1.1\r\n" + HOST + "\r\nGET / HTTP/1.1\r\nX-Slow: ")) {
            assertThat(slow.answers())
                    .allMatch(answer -> answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("\r\n\r\n"));
        }
    }

    @Test
    void whoComesToAServerThatIsFullIsServedWhenOthersLeave() throws Exception {
        try (RunningApp small = RunningApp.start(
                        elsewhere.resolve("small"),
                        settings -> settings.workers(0).maxConnections(10).idleTimeout(PATIENCE));
                SlowClients slow = new SlowClients(small.app().http(), 10, "GET / HTTP/1.1\r\nX-Slow: ")) {
            assertThat(small.get("/healthz").statusCode()).isEqualTo(200);

            assertThat(slow.answers()).containsOnly("");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /v1/gifs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n",
                "POST /v1/gifs HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n10000\r\n",
                "POST /v1/gifs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\n"
            })
    void whoSendsABodyAByteAtATimeIsToldSoAndNothingIsLeft(String beginning) throws Exception {
        List<Path> before = app.filesKept();
        try (SlowClients slow = slow(20, beginning)) {
            await().until(() -> app.filesKept().size() > before.size());
            assertThat(app.get("/healthz").statusCode()).isEqualTo(200);

            assertThat(slow.statusLines()).hasSize(20).containsOnly("HTTP/1.1 408 Request Timeout");
        }
        await().untilAsserted(() -> assertThat(app.filesKept()).isEqualTo(before));
    }

    @Test
    void whoWaitsForEventsIsNotTakenForSlow() throws Exception {
        try (EventClients waiting = EventClients.connect(app.app().http(), 5, client -> "/v1/events");
                SlowClients slow = slow(1, "GET / HTTP/1.1\r\n" + HOST + "X-Slow: ")) {
            waiting.awaitAll("resync", Duration.ofSeconds(10));
            slow.answers(); // takes as long as the server's patience lasts

            JobResource job = RunningApp.job(app.post("", BodyPublishers.ofByteArray(movie)));

            waiting.awaitAll(job.id(), Duration.ofSeconds(10));
        }
    }

    @Test
    void whatIsLeftOfAnUploadThatIsCutAnywhereIsNothing() throws Exception {
        List<Path> before = app.filesKept();
        int jobs = jobs();
        Random random = new Random(11);
        for (int cut = 0; cut < 60; cut++) {
            byte[] whole = HttpSoak.upload(cut % 3, movie);
            try (Socket client = connect()) {
                client.getOutputStream().write(whole, 0, random.nextInt(whole.length));
                if (random.nextBoolean()) {
                    client.setSoLinger(true, 0); // a reset, not an orderly end
                }
            }
        }

        await().untilAsserted(() -> assertThat(app.filesKept()).isEqualTo(before));
        assertThat(jobs()).isEqualTo(jobs);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../etc/passwd",
                "..\\..\\windows\\system.ini",
                "/etc/passwd",
                "%2e%2e%2fjobs.db",
                "\u0000.mp4",
                "a\u0001b.mp4",
                "C:\\a.mp4",
                "CON",
                "-rf *",
                "$(touch owned)",
                ".",
                "юникод.mp4"
            })
    void theNameOfAFileMeansNothing(String name) throws Exception {
        byte[] form = joined(
                ("--x\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + name
                                + "\"; filename*=UTF-8''" + URLEncoder.encode(name, UTF_8) + "\r\n\r\n")
                        .getBytes(UTF_8),
                movie,
                "\r\n--x--\r\n".getBytes(ISO_8859_1));
        HttpResponse<byte[]> answer =
                app.post("", BodyPublishers.ofByteArray(form), "Content-Type", "multipart/form-data; boundary=x");
        HttpResponse<byte[]> upload = app.send(app.request("/v1/uploads")
                .headers("Tus-Resumable", "1.0.0", "Upload-Length", "9")
                .header("Upload-Metadata", "filename " + Base64.getEncoder().encodeToString(name.getBytes(UTF_8)))
                .POST(BodyPublishers.noBody()));

        // A control character is no part of a header.
        assertThat(answer.statusCode()).isEqualTo(name.matches(".*\\p{Cntrl}.*") ? 400 : 202);
        assertThat(upload.statusCode()).isEqualTo(201);
        assertThat(RunningApp.files(directory))
                .allMatch(file -> directory
                        .relativize(file)
                        .toString()
                        .matches(
                                "data/(audit\\.log|jobs\\.db.*|posters/[0-9a-f]{64}\\.jpg|blobs/(blobs/..|unfinished)/[0-9a-f]{32}"
                                        + "|uploads/[0-9a-f]{32}\\.(json|part)|native/.*)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../../../../etc/passwd",
                "/..%2f..%2f..%2fetc%2fpasswd",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/..;/..;/etc/passwd",
                "/..%5c..%5cetc%5cpasswd",
                "/..%c0%af..%c0%afetc/passwd",
                "/%252e%252e%252fetc%252fpasswd",
                "//etc/passwd",
                "/app.js%00.png",
                "/web/index.html",
                "/META-INF/MANIFEST.MF",
                "/docs/..%2f..%2fapplication.properties",
                "/v1/gifs/..%2f..%2fjobs.db",
                "/v1/gifs/%2e%2e%2f%2e%2e%2fjobs.db",
                "/v1/gifs/..",
                "/v1/jobs/..%2f..%2fjobs.db/events",
                "/v1/uploads/..%2fjobs.db",
                "http://127.0.0.1/../etc/passwd",
                "etc/passwd",
                "*"
            })
    void aPathLeadsNowhereElse(String path) throws Exception {
        String answer = exchange("GET " + path + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");

        assertThat(answer).matches("(?s)HTTP/1\\.1 (400|404|405) .*").contains(Problem.MEDIA_TYPE);
        assertThat(answer).doesNotContain("root:", "SQLite");
    }

    @ParameterizedTest
    @CsvSource({
        "GET /, X-Long: #, 431",
        "GET /, Cookie: gifbroker=#, 431",
        "POST /v1/gifs, Idempotency-Key: #, 431",
        "POST /v1/uploads, Upload-Metadata: #, 431",
        "GET /#, X-Short: x, 414",
        "GET /?width=#, X-Short: x, 414"
    })
    void giantHeadersAreRefused(String request, String header, int status) throws Exception {
        String giant = "x".repeat(100_000);

        String answer = exchange(request.replace("#", giant) + " HTTP/1.1\r\n" + HOST + header.replace("#", giant)
                + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains(Problem.MEDIA_TYPE);
    }

    @Test
    void aThousandSmallHeadersAreOneGiant() throws Exception {
        StringBuilder headers = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            headers.append("X-").append(i).append(": some value\r\n");
        }

        assertThat(exchange("GET / HTTP/1.1\r\n" + HOST + headers + "\r\n")).startsWith("HTTP/1.1 431 ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Length: 5, 6|hello|400",
                "Content-Length: 5\\r\\nContent-Length: 6|hello|400",
                "Content-Length: -1|hello|400",
                "Content-Length: 99999999999999999999|hello|400",
                "Content-Length: 999999999999999|hello|413",
                "Content-Length: 5\\r\\nTransfer-Encoding: chunked|5\\r\\nhello\\r\\n0\\r\\n\\r\\n|400",
                "Transfer-Encoding: chunked|xyz\\r\\nhello|400",
                "Transfer-Encoding: chunked|ffffffffffffffffff\\r\\nhello|400",
                "Transfer-Encoding: chunked|-5\\r\\nhello|400",
                "Transfer-Encoding: gzip, chunked|5\\r\\nhello\\r\\n0\\r\\n\\r\\n|501",
                "Expect: something|hello|417",
                "Content-Length: 5\\r\\nContent-Encoding: gzip|hello|415",
                "Content-Length: 5\\r\\nContent-Type: multipart/form-data|hello|400",
                "Content-Length: 5\\r\\nContent-Type: multipart/form-data; boundary=|hello|400",
                "Content-Length: 5\\r\\nContent-Type: multipart/form-data; boundary=x|hello|400",
                "Content-Length: 5\\r\\nContent-Type: multipart/form-data; boundary=x\"y|hello|400",
                "Content-Length: 5\\r\\nHost: example.com|hello|400",
                "Content-Length: 5\\r\\nIdempotency-Key: \"|hello|400",
                "Content-Length: 5\\r\\nBad Name: x|hello|400",
                "Content-Length: 5\\r\\nX-Nul: a\\0b|hello|400"
            })
    void aRequestThatContradictsItselfIsRefused(String headers, String body, int status) throws Exception {
        int jobs = jobs();

        String answer =
                exchange("POST /v1/gifs HTTP/1.1\r\n" + HOST + unescaped(headers) + "\r\n\r\n" + unescaped(body));

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains(Problem.MEDIA_TYPE);
        assertThat(jobs()).isEqualTo(jobs);
    }

    @Test
    void aWebSocketWhoseHandshakeHasNoKeyIsRefused() throws Exception {
        String answer = exchange("GET /v1/live HTTP/1.1\r\n" + HOST
                + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("Sec-WebSocket-Key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET /\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "G\u0000T / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                "\r\n\r\n\r\n\r\nx"
            })
    void whatIsNoRequestIsRefused(String bytes) throws Exception {
        assertThat(exchange(bytes)).doesNotContain(" 200 ").doesNotContain(" 500 ");
        assertThat(app.get("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void aTypeThatIsNoMoviesIsToldApart() throws Exception {
        HttpResponse<byte[]> encoded = app.post("", BodyPublishers.ofByteArray(movie), "Content-Encoding", "gzip");
        HttpResponse<byte[]> asItIs = app.post(
                "", BodyPublishers.ofByteArray(movie), "Content-Encoding", "identity", "Content-Type", "text/html");

        assertThat(RunningApp.problem(encoded).code()).isEqualTo("unsupported-type");
        assertThat(encoded.headers().firstValue("Accept-Encoding")).hasValue("identity");
        assertThat(asItIs.statusCode()).as("a body of any type is the movie").isEqualTo(202);
    }

    @Test
    void aBodyIsNotTakenFromWhoShowsNoTokenOrAnother() throws Exception {
        Path data = elsewhere.resolve("closed");
        try (RunningApp closed =
                RunningApp.start(data, settings -> settings.workers(0).token(TOKEN))) {
            for (String header :
                    List.of("", "Authorization: Bearer wrong-horse-battery\r\n", "Cookie: gifbroker=1-x\r\n")) {
                try (Socket client = connect(closed)) {
                    send(
                            client,
                            "POST /v1/gifs HTTP/1.1\r\n" + HOST + header
                                    + "Expect: 100-continue\r\nContent-Length: 1000000000\r\n\r\n");

                    assertThat(head(client)).startsWith("HTTP/1.1 401 ").contains("WWW-Authenticate: Bearer");
                }
                try (Socket client = connect(closed)) {
                    send(client, "POST /v1/gifs HTTP/1.1\r\n" + HOST + header + "Content-Length: 100000\r\n\r\n");
                    client.getOutputStream().write(new byte[50_000]);

                    assertThat(head(client)).startsWith("HTTP/1.1 401 ");
                }
            }
            assertThat(closed.filesKept()).isEmpty();
            assertThat(closed.app().queue().jobs(10, null)).isEmpty();
        }
    }

    /** In a process of its own, with little memory: what {@code ci/soak http} does for longer. */
    @Test
    void allOfThemTogetherAreServedByAServerWithLittleMemory() throws Exception {
        HttpSoak.Seen seen = HttpSoak.run(1, 7);

        assertThat(seen.failures()).isEmpty();
        assertThat(seen.answers())
                .containsEntry("slow headers: closed", 50)
                .containsEntry("slow body: HTTP/1.1 408 Request Timeout", 50)
                .containsKeys("parallel upload: 202", "parallel upload: 429", "damaged request: 400");
    }

    private SlowClients slow(int count, String beginning) throws IOException {
        return new SlowClients(app.app().http(), count, beginning);
    }

    private int jobs() {
        return app.app().queue().jobs(1_000, null).size();
    }

    private Socket connect() throws IOException {
        return connect(app);
    }

    private static Socket connect(RunningApp server) throws IOException {
        Socket client =
                new Socket(server.app().http().getHost(), server.app().http().getPort());
        client.setSoTimeout(20_000);
        return client;
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /** All that the server answers until it ends the connection, which the client has ended on its side. */
    private String exchange(String request) throws IOException {
        try (Socket client = connect()) {
            send(client, request);
            client.shutdownOutput();
            return SlowClients.rest(client);
        }
    }

    private static String head(Socket client) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int next = client.getInputStream().read();
                next >= 0;
                next = client.getInputStream().read()) {
            head.append((char) next);
            if (head.indexOf("\r\n\r\n") >= 0) {
                break;
            }
        }
        return head.toString();
    }

    private static String unescaped(String text) {
        return text.translateEscapes();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
