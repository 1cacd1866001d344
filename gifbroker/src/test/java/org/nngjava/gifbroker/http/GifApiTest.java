package org.nngjava.gifbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.gifbroker.AnimatedGif;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.media.TestMovies;
import org.nngjava.gifbroker.media.WebpFacts;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GifApiTest {
    private static final long LIMIT = 400_000;
    private static final String[] WAIT = {"Prefer", "wait=60"};

    private Path movies;
    private Path data;
    private RunningApp app;
    private Path mp4;

    @BeforeAll
    void start(@TempDir Path moviesDirectory, @TempDir Path dataDirectory) {
        movies = moviesDirectory;
        data = dataDirectory;
        app = RunningApp.start(data, settings -> settings.maxUpload(LIMIT).idleTimeout(Duration.ofSeconds(2)));
        mp4 = TestMovies.movie(movies, "mp4");
    }

    @AfterAll
    void stop() {
        app.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp4", "mov", "avi", "mkv", "webm"})
    void aMovieBecomesAGifOfTheAskedSizeRateAndDuration(String format) throws Exception {
        Path movie = TestMovies.movie(movies, format);

        HttpResponse<byte[]> answer =
                app.post("?width=100&fps=10&start=0.5&duration=1", BodyPublishers.ofFile(movie), WAIT);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).isEqualTo("image/gif");
        assertThat(header(answer, "Preference-Applied")).isEqualTo("wait=60");
        assertThat(AnimatedGif.read(answer.body())).isEqualTo(new AnimatedGif(100, 75, 10, 100));
    }

    @Test
    void withoutAPreferenceTheJobIsNamedAtOnceAndFollowedToItsGif() throws Exception {
        HttpResponse<byte[]> accepted = app.post("?width=64", BodyPublishers.ofFile(mp4));

        assertThat(accepted.statusCode()).isEqualTo(202);
        JobResource job = RunningApp.job(accepted);
        assertThat(header(accepted, "Location")).isEqualTo("/v1/jobs/" + job.id());
        assertThat(job.state()).isIn("queued", "running");
        assertThat(job.options()).containsOnly(java.util.Map.entry("width", "64"));

        JobResource done = app.finished(job.id());
        assertThat(done.state()).isEqualTo("succeeded");
        assertThat(done.progress()).isEqualTo(1);
        assertThat(done.attempt()).isEqualTo(1);
        assertThat(done.worker()).isIn("local-1", "local-2");
        assertThat(done.startedAt()).isBetween(done.createdAt(), done.finishedAt());
        assertThat(done.runTimeMs()).isPositive();
        assertThat(done.error()).isNull();
        assertThat(done.links())
                .isEqualTo(new JobResource.Links(
                        "/v1/jobs/" + job.id(),
                        "/v1/jobs/" + job.id() + "/events",
                        "/v1/gifs/" + job.id(),
                        "/v1/gifs/" + job.id() + "/poster"));

        HttpResponse<byte[]> gif = app.get(done.links().result());
        assertThat(gif.statusCode()).isEqualTo(200);
        assertThat(gif.body()).hasSize(done.resultBytes().intValue());
        assertThat(AnimatedGif.read(gif.body()).width()).isEqualTo(64);
    }

    @Test
    void aGifIsSavedUnderTheNameThatIsAskedFor() throws Exception {
        String gif = header(app.post("", BodyPublishers.ofFile(mp4), "Prefer", "wait=60"), "Content-Location");

        assertThat(header(app.get(gif + "?filename=a%22b%2F%C3%BC.gif"), "Content-Disposition"))
                .isEqualTo("inline; filename=\"a_b__.gif\"; filename*=UTF-8''a_b_%C3%BC.gif");
        assertThat(header(app.get(gif + "?filename="), "Content-Disposition"))
                .matches("inline; filename=\"\\w+\\.gif\"");
    }

    @Test
    void anotherFormatComesByItsNameOrSinceTheClientPrefersIt() throws Exception {
        HttpResponse<byte[]> webp =
                app.post("", BodyPublishers.ofFile(mp4), "Prefer", "wait=60", "Accept", "image/webp,*/*;q=0.5");
        HttpResponse<byte[]> mp4Answer =
                app.post("?format=mp4", BodyPublishers.ofFile(mp4), "Prefer", "wait=60", "Accept", "image/webp");

        assertThat(header(webp, "Content-Type")).isEqualTo("image/webp");
        assertThat(header(webp, "Content-Disposition")).matches("inline; filename=\"[^\"]+\\.webp\"");
        assertThat(WebpFacts.of(webp.body()).width()).isEqualTo(160);
        assertThat(header(mp4Answer, "Content-Type")).isEqualTo("video/mp4");
        assertThat(header(mp4Answer, "Content-Disposition")).matches("inline; filename=\"[^\"]+\\.mp4\"");
        assertThat(header(mp4Answer, "ETag")).isNotEqualTo(header(webp, "ETag"));
        HttpResponse<byte[]> later = app.get(header(mp4Answer, "Content-Location"), "Range", "bytes=4-7");
        assertThat(later.statusCode()).isEqualTo(206);
        assertThat(header(later, "Content-Type")).isEqualTo("video/mp4");
        assertThat(new String(later.body(), StandardCharsets.US_ASCII)).isEqualTo("ftyp");
    }

    @Test
    void aCropThatTheMovieDoesNotHaveIsTheRequestsFault() throws Exception {
        HttpResponse<byte[]> refused = app.post("?crop=1000:10", BodyPublishers.ofFile(mp4), "Prefer", "wait=60");

        assertThat(RunningApp.problem(refused).code()).isEqualTo("crop-beyond-picture");
        assertThat(RunningApp.problem(refused).status()).isEqualTo(422);
        assertThat(RunningApp.problem(app.post("?speed=9", BodyPublishers.ofFile(mp4)))
                        .detail())
                .isEqualTo("speed: \"9\" is not a speed from 0.25 to 4, such as 2.5");
    }

    @Test
    void aJobIsWrittenInJsonAsTheDesignSays() throws Exception {
        JobResource job = app.submit(mp4);
        app.finished(job.id());

        String json = new String(app.get("/v1/jobs/" + job.id()).body(), StandardCharsets.UTF_8);

        assertThat(json)
                .contains("\"state\":\"succeeded\"", "\"type\":\"gif\"", "\"queuePosition\":null", "\"error\":null");
        assertThat(json).containsPattern("\"createdAt\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z\"");
    }

    @Test
    void aBodyOfUnknownLengthIsTakenToo() throws Exception {
        byte[] movie = Files.readAllBytes(mp4);

        HttpResponse<byte[]> answer =
                app.post("", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(movie)), WAIT);

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void aBodyThatCurlCallsAFormIsStillTheMovie() throws Exception {
        HttpResponse<byte[]> answer = app.post(
                "",
                BodyPublishers.ofFile(mp4),
                "Prefer",
                "wait=60",
                "Content-Type",
                "application/x-www-form-urlencoded");

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void aFormWithAFileIsTakenWithItsFields() throws Exception {
        HttpResponse<byte[]> answer = app.post(
                "?fps=10",
                BodyPublishers.ofByteArray(form("width", "50", Files.readAllBytes(mp4))),
                "Prefer",
                "wait=60",
                "Content-Type",
                "multipart/form-data; boundary=frontier");

        assertThat(answer.statusCode()).isEqualTo(200);
        AnimatedGif gif = AnimatedGif.read(answer.body());
        assertThat(gif.width()).isEqualTo(50);
        assertThat(gif.frames()).isEqualTo(20);
    }

    @Test
    void aFormWithoutAFileOrCutOffIsRefused() throws Exception {
        byte[] whole = form("width", "50", new byte[100]);
        byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 20);
        byte[] fieldOnly = "--frontier\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--frontier--\r\n"
                .getBytes(StandardCharsets.UTF_8);

        assertThat(formProblem(cut).code()).isEqualTo("bad-multipart");
        assertThat(formProblem(fieldOnly).code()).isEqualTo("empty-body");
        assertThat(formProblem(form("width", "zero", new byte[100])).detail()).startsWith("width:");
        assertThat(app.filesKept().stream().filter(file -> file.toString().contains("part")))
                .isEmpty();
    }

    @Test
    void aGifIsNotSentAgainToWhoeverHasIt() throws Exception {
        JobResource job = app.submit(mp4);
        app.finished(job.id());
        String tag = header(app.get("/v1/gifs/" + job.id()), "ETag");

        assertThat(tag).startsWith("\"");
        HttpResponse<byte[]> again = app.get("/v1/gifs/" + job.id(), "If-None-Match", "\"other\", W/" + tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void aPartOfAGifCanBeHad() throws Exception {
        JobResource job = app.submit(mp4);
        app.finished(job.id());
        String path = "/v1/gifs/" + job.id();
        byte[] whole = app.get(path).body();

        HttpResponse<byte[]> first = app.get(path, "Range", "bytes=0-9");
        assertThat(first.statusCode()).isEqualTo(206);
        assertThat(first.body())
                .startsWith("GIF89a".getBytes(StandardCharsets.US_ASCII))
                .hasSize(10);
        assertThat(header(first, "Content-Range")).isEqualTo("bytes 0-9/" + whole.length);

        HttpResponse<byte[]> last = app.get(path, "Range", "bytes=-1");
        assertThat(last.statusCode()).isEqualTo(206);
        assertThat(last.body()).containsExactly(0x3B);

        HttpResponse<byte[]> beyond = app.get(path, "Range", "bytes=" + whole.length + "-");
        assertThat(RunningApp.problem(beyond).status()).isEqualTo(416);
        assertThat(header(beyond, "Content-Range")).isEqualTo("bytes */" + whole.length);

        HttpResponse<byte[]> ofAnother = app.get(path, "Range", "bytes=0-9", "If-Range", "\"other\"");
        assertThat(ofAnother.statusCode()).isEqualTo(200);
        assertThat(ofAnother.body()).isEqualTo(whole);
    }

    @Test
    void aGifIsKeptByItsClientUnderItsJobsNameAndAskedForAgainAndAJobIsNotKept() throws Exception {
        JobResource done = app.finished(app.submit(mp4).id());

        HttpResponse<byte[]> gif = app.get(done.links().result());

        assertThat(header(gif, "Content-Disposition")).isEqualTo("inline; filename=\"" + done.id() + ".gif\"");
        assertThat(header(gif, "Cache-Control")).isEqualTo("private, no-cache");
        assertThat(header(gif, "Accept-Ranges")).isEqualTo("bytes");
        for (String path : List.of("/v1/jobs/" + done.id(), "/v1/jobs", "/v1/jobs/none", "/v1/workers", "/healthz")) {
            assertThat(header(app.get(path), "Cache-Control")).as(path).isEqualTo("no-store");
        }
    }

    @Test
    void headSaysWhatGetWould() throws Exception {
        JobResource done = app.finished(app.submit(mp4).id());

        HttpResponse<byte[]> head =
                app.send(app.request(done.links().result()).method("HEAD", BodyPublishers.noBody()));

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "Content-Length")).isEqualTo(done.resultBytes().toString());
        assertThat(app.send(app.request("/v1/gifs/none").method("HEAD", BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void anEmptyBodyIsRefused() throws Exception {
        HttpResponse<byte[]> answer = app.post("", BodyPublishers.noBody());

        assertThat(RunningApp.problem(answer).status()).isEqualTo(400);
        assertThat(RunningApp.problem(answer).code()).isEqualTo("empty-body");
    }

    @ParameterizedTest
    @CsvSource({
        "?width=zero, width",
        "?width=5, width",
        "?fps=0, fps",
        "?start=-1, start",
        "?duration=0, duration",
        "?duration=90000, duration",
        "?heigth=10, heigth",
        "?width=100&width=200, width"
    })
    void aBadOptionIsRefusedByName(String query, String name) throws Exception {
        HttpResponse<byte[]> answer = app.post(query, BodyPublishers.ofFile(mp4));

        assertThat(RunningApp.problem(answer).status()).isEqualTo(400);
        assertThat(RunningApp.problem(answer).code()).isEqualTo("invalid-option");
        assertThat(RunningApp.problem(answer).detail()).startsWith(name + ": ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/v1/jobs/none",
                "/v1/gifs/none",
                "/v1/jobs/none/events",
                "/web/app.js",
                "/v1/gifs/../../x"
            })
    void whatIsNotThereIsNotFound(String path) throws Exception {
        HttpResponse<byte[]> answer = app.get(path);

        assertThat(RunningApp.problem(answer).status()).isEqualTo(404);
    }

    @Test
    void aMethodThatIsNotKnownIsNotAllowed() throws Exception {
        HttpResponse<byte[]> answer = app.send(app.request("/v1/gifs").PUT(BodyPublishers.ofString("x")));

        assertThat(RunningApp.problem(answer).status()).isEqualTo(405);
        assertThat(header(answer, "Allow")).isEqualTo("POST");
    }

    @Test
    void whatIsNoMovieIsUnprocessable() throws Exception {
        Path sound = TestMovies.make(movies.resolve("sound.m4a"), "-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac");
        byte[] noise = new byte[20_000];
        new java.util.Random(1).nextBytes(noise);
        byte[] unreadable = Files.readAllBytes(TestMovies.cut(mp4, 0.5));

        assertThat(unprocessable("Dear diary, this is not a movie.".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("not-a-movie");
        assertThat(unprocessable(noise)).isEqualTo("not-a-movie");
        assertThat(unprocessable(unreadable)).isEqualTo("unreadable");
        assertThat(unprocessable(Files.readAllBytes(sound))).isEqualTo("no-picture");

        await().untilAsserted(
                        () -> assertThat(RunningApp.files(data.resolve("work"))).isEmpty());
        assertThat(app.post("", BodyPublishers.ofFile(mp4), WAIT).statusCode()).isEqualTo(200);
    }

    @Test
    void theJobOfABadMovieTellsWhy() throws Exception {
        JobResource job = app.finished(RunningApp.job(app.post("", BodyPublishers.ofString("not a movie")))
                .id());

        assertThat(job.state()).isEqualTo("failed");
        assertThat(job.error().status()).isEqualTo(422);
        assertThat(job.error().type()).isEqualTo("urn:gifbroker:problem:not-a-movie");
        assertThat(job.attempt()).isEqualTo(1);
        assertThat(RunningApp.problem(app.get("/v1/gifs/" + job.id())).status()).isEqualTo(422);
    }

    @Test
    void aCutMovieWithAPlayablePartGivesTheGifOfThatPart() throws Exception {
        Path cut = TestMovies.cut(TestMovies.movie(movies, "mkv"), 0.6);

        HttpResponse<byte[]> answer = app.post("", BodyPublishers.ofFile(cut), WAIT);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(AnimatedGif.read(answer.body()).frames()).isBetween(5, 24);
    }

    @Test
    void aBodyThatSaysItIsTooLargeIsRefusedAtOnce() throws Exception {
        try (Socket client = connect()) {
            client.getOutputStream().write(post("Content-Length: " + (LIMIT + 1) + "\r\nExpect: 100-continue\r\n"));

            assertThat(statusLine(client)).contains(" 413 ");
        }
    }

    @Test
    void aBodyThatGrowsTooLargeIsRefusedWhileItIsSent() throws Exception {
        try (Socket client = connect()) {
            client.getOutputStream().write(post("Transfer-Encoding: chunked\r\n"));
            byte[] chunk = chunk(16_384);
            Thread sender = new Thread(() -> sendForEver(client, chunk));
            sender.start();

            assertThat(statusLine(client)).contains(" 413 ");
            client.shutdownOutput();
            sender.join();
        }
        await().untilAsserted(() -> assertThat(uploadsUnderWay()).isEmpty());
    }

    @Test
    void aClientThatNeverLooksUpWhileItSendsReadsTheRefusalToo() throws Exception {
        HttpResponse<byte[]> answer = app.post("", BodyPublishers.ofByteArray(new byte[8_000_000]));

        assertThat(RunningApp.problem(answer).status()).isEqualTo(413);
    }

    @Test
    void anUploadThatIsCutLeavesNothing() throws Exception {
        int jobs = app.app().queue().jobs(200, null).size();
        try (Socket client = connect()) {
            client.getOutputStream().write(post("Content-Length: 300000\r\n"));
            client.getOutputStream().write(new byte[100_000]);
            await().untilAsserted(() -> assertThat(uploadsUnderWay()).isNotEmpty());
        }

        await().untilAsserted(() -> assertThat(uploadsUnderWay()).isEmpty());
        assertThat(app.app().queue().jobs(200, null)).hasSize(jobs);
    }

    @Test
    void anUploadThatStopsIsTimedOut() throws Exception {
        try (Socket client = connect()) {
            client.getOutputStream().write(post("Content-Length: 300000\r\n"));
            client.getOutputStream().write(new byte[100_000]);

            assertThat(statusLine(client)).contains(" 408 ");
        }
        await().untilAsserted(() -> assertThat(uploadsUnderWay()).isEmpty());
    }

    @Test
    void aConnectionIsGoodForManyRequests() throws Exception {
        try (Socket client = connect()) {
            for (int i = 0; i < 3; i++) {
                byte[] movie = Files.readAllBytes(mp4);
                client.getOutputStream().write(post("Prefer: wait=60\r\nContent-Length: " + movie.length + "\r\n"));
                client.getOutputStream().write(movie);

                String head = head(client);
                assertThat(head).startsWith("HTTP/1.1 200 ");
                int length = Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
                assertThat(AnimatedGif.read(client.getInputStream().readNBytes(length))
                                .frames())
                        .isEqualTo(25);
            }
        }
    }

    @Test
    void otherWebPagesAreKeptOut() throws Exception {
        assertThat(rawStatus("GET /v1/jobs HTTP/1.1\r\nHost: rebound.example.com\r\n\r\n"))
                .contains(" 403 ");
        assertThat(rawStatus("GET /v1/jobs HTTP/1.1\r\nHost: localhost:1\r\n\r\n"))
                .contains(" 200 ");
        assertThat(rawStatus("DELETE /v1/jobs/x HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://example.com\r\n\r\n"))
                .contains(" 403 ");
        assertThat(rawStatus("DELETE /v1/jobs/x HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: null\r\n\r\n"))
                .contains(" 403 ");
        assertThat(rawStatus("DELETE /v1/jobs/x HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: cross-site\r\n\r\n"))
                .contains(" 403 ");
        assertThat(rawStatus("DELETE /v1/jobs/x HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\n\r\n"))
                .contains(" 404 ");
    }

    @Test
    void whatTheServerItselfRefusesIsAProblemToo() throws Exception {
        try (Socket client = connect()) {
            client.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + "x".repeat(20_000) + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            String head = head(client);

            assertThat(head).contains(" 431 ").contains("Content-Type: application/problem+json");
        }
    }

    @Test
    void jobsAreListedNewestFirstInPages() throws Exception {
        String first = app.submit(mp4).id();
        String second = app.submit(mp4).id();
        String third = app.submit(mp4).id();

        JobHandlers.JobPage page = Json.read(app.get("/v1/jobs?limit=2").body(), JobHandlers.JobPage.class);
        JobHandlers.JobPage next = Json.read(app.get(page.next()).body(), JobHandlers.JobPage.class);

        assertThat(page.jobs()).extracting(JobResource::id).containsExactly(third, second);
        assertThat(next.jobs().get(0).id()).isEqualTo(first);
        assertThat(RunningApp.problem(app.get("/v1/jobs?limit=0")).detail()).contains("limit");
    }

    @Test
    void workersAndHealthCanBeSeen() throws Exception {
        assertThat(new String(app.get("/v1/workers").body(), StandardCharsets.UTF_8))
                .contains("local-1", "local-2");
        assertThat(app.get("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void thePageFetchesNothingFromElsewhere() throws Exception {
        HttpResponse<byte[]> page = app.get("/");

        assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8".replace("; ", ";"));
        assertThat(header(page, "Content-Security-Policy")).startsWith("default-src 'none'");
        for (String path : List.of("/", "/app.css", "/app.js", "/icon.svg")) {
            HttpResponse<byte[]> part = app.get(path);
            assertThat(part.statusCode()).isEqualTo(200);
            assertThat(new String(part.body(), StandardCharsets.UTF_8).replace("http://www.w3.org/2000/svg", ""))
                    .doesNotContain("http://", "https://");
            assertThat(app.get(path, "If-None-Match", header(part, "ETag")).statusCode())
                    .isEqualTo(304);
        }
    }

    private String unprocessable(byte[] body) throws Exception {
        Problem problem = RunningApp.problem(app.post("", BodyPublishers.ofByteArray(body), WAIT));
        assertThat(problem.status()).isEqualTo(422);
        return problem.code();
    }

    private Problem formProblem(byte[] body) throws Exception {
        return RunningApp.problem(app.post(
                "", BodyPublishers.ofByteArray(body), "Content-Type", "multipart/form-data; boundary=\"frontier\""));
    }

    private static byte[] form(String name, String value, byte[] file) throws IOException {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(("--frontier\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value
                        + "\r\n--frontier\r\nContent-Disposition: form-data; name=\"movie\"; filename=\"a b.mp4\"\r\n"
                        + "Content-Type: video/mp4\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        form.write(file);
        form.writeBytes("\r\n--frontier--\r\n".getBytes(StandardCharsets.UTF_8));
        return form.toByteArray();
    }

    private List<Path> uploadsUnderWay() {
        return app.filesKept().stream()
                .filter(file -> !file.startsWith(data.resolve("work")))
                .filter(file -> app.app().queue().jobs(200, null).stream().noneMatch(job -> isBlobOf(file, job)))
                .toList();
    }

    private static boolean isBlobOf(Path file, org.nngjava.workers.Job job) {
        String name = file.getFileName().toString();
        return (job.payload() != null && name.startsWith(job.payload().id()))
                || (job.result() != null && name.startsWith(job.result().id()));
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(app.app().http().getHost(), app.app().http().getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static byte[] post(String headers) {
        return ("POST /v1/gifs HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] chunk(int size) {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes((Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        chunk.writeBytes(new byte[size]);
        chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        return chunk.toByteArray();
    }

    private static void sendForEver(Socket client, byte[] chunk) {
        try {
            while (true) {
                client.getOutputStream().write(chunk);
            }
        } catch (IOException e) {
            // The socket was closed, at this end or the other.
        }
    }

    private String rawStatus(String request) throws IOException {
        try (Socket client = connect()) {
            client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return statusLine(client);
        }
    }

    private static String statusLine(Socket client) throws IOException {
        return head(client).lines().findFirst().orElse("");
    }

    private static String head(Socket client) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = client.getInputStream().read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static String header(HttpResponse<byte[]> answer, String name) {
        return answer.headers().firstValue(name).orElse(null);
    }
}
