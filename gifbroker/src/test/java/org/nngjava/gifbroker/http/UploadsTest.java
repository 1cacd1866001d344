package org.nngjava.gifbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.Settings;
import org.nngjava.gifbroker.media.TestMovies;

/** Movies in pieces, as tus has it. */
class UploadsTest {
    private static final long LIMIT = 400_000;

    @TempDir
    Path directory;

    private RunningApp app;
    private byte[] movie;

    @BeforeEach
    void start() throws Exception {
        movie = Files.readAllBytes(TestMovies.movie(directory, "mp4"));
        app = start(settings -> {});
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void theServerSaysWhatItKnowsOfTus() throws Exception {
        HttpResponse<byte[]> answer = app.send(app.request("/v1/uploads").method("OPTIONS", BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(header(answer, "Tus-Version")).isEqualTo("1.0.0");
        assertThat(header(answer, "Tus-Extension")).isEqualTo("creation,termination,expiration");
        assertThat(header(answer, "Tus-Max-Size")).isEqualTo(Long.toString(LIMIT));
    }

    @Test
    void aMovieInTwoPiecesBecomesTheGifThatItBecomesInOne() throws Exception {
        JobResource whole = app.finished(RunningApp.job(app.post("?width=64", BodyPublishers.ofByteArray(movie)))
                .id());
        HttpResponse<byte[]> created = create("?width=64", movie.length, "filename bW92aWUubXA0");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(header(created, "Upload-Expires")).matches("\\w{3}, \\d\\d \\w{3} \\d{4} [0-9:]{8} GMT");
        String path = header(created, "Location");

        HttpResponse<byte[]> first = append(path, 0, Arrays.copyOf(movie, 1000));

        assertThat(first.statusCode()).isEqualTo(204);
        assertThat(header(first, "Upload-Offset")).isEqualTo("1000");
        assertThat(header(first, "Location")).isNull();
        HttpResponse<byte[]> head = head(path);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "Upload-Offset")).isEqualTo("1000");
        assertThat(header(head, "Upload-Length")).isEqualTo(Integer.toString(movie.length));
        assertThat(header(head, "Upload-Metadata")).isEqualTo("filename bW92aWUubXA0");
        assertThat(header(head, "Cache-Control")).isEqualTo("no-store");

        HttpResponse<byte[]> last = append(path, 1000, Arrays.copyOfRange(movie, 1000, movie.length));

        assertThat(last.statusCode()).isEqualTo(204);
        String job = header(last, "Location");
        JobResource done = app.finished(job.substring(job.lastIndexOf('/') + 1));
        assertThat(done.options()).isEqualTo(whole.options());
        assertThat(done.attempt()).as("known by its movie and options").isZero();
        assertThat(etag(done)).isEqualTo(etag(whole));
        assertThat(header(head(path), "Location")).isEqualTo(job);
        assertThat(header(head(path), "Upload-Offset")).isEqualTo(Integer.toString(movie.length));
        assertThat(parts()).isEqualTo(0);
    }

    @Test
    void anUploadThatIsCutAgainAndAgainGoesOnWhereItWasCut() throws Exception {
        JobResource whole = app.finished(
                RunningApp.job(app.post("", BodyPublishers.ofByteArray(movie))).id());
        String path = header(create("", movie.length, null), "Location");
        Random random = new Random(7);
        int offset = 0;
        for (int cut = 0; cut < 20 && offset < movie.length - 1; cut++) {
            int length = 1 + random.nextInt(Math.max(1, (movie.length - offset) / 4));
            try (Socket client = connect()) {
                client.getOutputStream().write(patchHead(path, offset, movie.length - offset));
                client.getOutputStream().write(movie, offset, length);
                if (cut % 2 == 0) {
                    client.setSoLinger(true, 0); // a reset, not an orderly end
                }
            }
            awaitReleased(path);
            int came = Integer.parseInt(header(head(path), "Upload-Offset"));
            assertThat(came).isBetween(offset, offset + length);
            offset = came;
        }

        HttpResponse<byte[]> last = append(path, offset, Arrays.copyOfRange(movie, offset, movie.length));

        assertThat(last.statusCode()).isEqualTo(204);
        JobResource done = app.finished(header(last, "Location").replaceFirst(".*/", ""));
        assertThat(done.attempt()).as("the same bytes, hence the same GIF").isZero();
        assertThat(etag(done)).isEqualTo(etag(whole));
    }

    @Test
    void aSecondRequestAtTheSameUploadIsRefused() throws Exception {
        String path = header(create("", movie.length, null), "Location");
        try (Socket client = connect()) {
            client.getOutputStream().write(patchHead(path, 0, movie.length));
            client.getOutputStream().write(movie, 0, 500);
            await().until(() -> header(head(path), "Upload-Offset").equals("500"));

            HttpResponse<byte[]> second = append(path, 500, Arrays.copyOfRange(movie, 500, 600));
            HttpResponse<byte[]> delete = app.send(tus(path).DELETE());

            assertThat(RunningApp.problem(second).code()).isEqualTo("upload-locked");
            assertThat(second.statusCode()).isEqualTo(423);
            assertThat(delete.statusCode()).isEqualTo(423);
        }
        awaitReleased(path);
        assertThat(append(path, 500, Arrays.copyOfRange(movie, 500, 600)).statusCode())
                .isEqualTo(204);
    }

    @Test
    void aPieceFromElsewhereOrTooLongIsRefused() throws Exception {
        String path = header(create("", 1000, null), "Location");

        assertThat(RunningApp.problem(append(path, 1, new byte[10])).code()).isEqualTo("offset-mismatch");
        assertThat(RunningApp.problem(append(path, 0, new byte[1001])).code()).isEqualTo("too-large");
        HttpResponse<byte[]> unannounced = app.send(piece(
                path, 0, BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[200_000]))));
        assertThat(RunningApp.problem(unannounced).code()).isEqualTo("too-large");
        assertThat(RunningApp.problem(app.send(
                                tus(path).header("Upload-Offset", "0").method("PATCH", BodyPublishers.ofString("x"))))
                        .status())
                .isEqualTo(415);
        assertThat(Long.parseLong(header(head(path), "Upload-Offset"))).isLessThanOrEqualTo(1000);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0, '', 400, empty-body",
        "'', 400001, '', 413, too-large",
        "'', -1, '', 400, bad-request",
        "'', many, '', 400, bad-request",
        "?width=5, 10, '', 400, invalid-option",
        "'', 10, 'file name bW92aWU=', 400, bad-request",
        "'', 10, 'filename b?', 400, bad-request"
    })
    void whatCannotBecomeAMovieIsRefusedAtOnce(String query, String length, String metadata, int status, String code)
            throws Exception {
        HttpRequest.Builder request = tus("/v1/uploads" + query).header("Upload-Length", length);
        if (!metadata.isEmpty()) {
            request.header("Upload-Metadata", metadata);
        }
        HttpResponse<byte[]> answer = app.send(request.POST(BodyPublishers.noBody()));

        assertThat(RunningApp.problem(answer).code()).isEqualTo(code);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(RunningApp.files(directory.resolve("data/uploads"))).isEmpty();
    }

    @Test
    void anUploadThatCannotBeBegunOnTheDiskIsNotSaidToBe() throws Exception {
        Files.delete(directory.resolve("data/uploads"));

        assertThat(RunningApp.problem(create("", 1000, null)).code()).isEqualTo("disk-full");
    }

    @Test
    void anotherVersionOfTusIsRefused() throws Exception {
        HttpResponse<byte[]> answer = app.send(app.request("/v1/uploads")
                .headers("Tus-Resumable", "0.2.2", "Upload-Length", "10")
                .POST(BodyPublishers.noBody()));

        assertThat(RunningApp.problem(answer).status()).isEqualTo(412);
        assertThat(header(answer, "Tus-Version")).isEqualTo("1.0.0");
    }

    @Test
    void anUploadThatIsGivenUpIsGone() throws Exception {
        String path = header(create("", 1000, null), "Location");
        append(path, 0, new byte[10]);

        HttpResponse<byte[]> deleted =
                app.send(tus(path).header("X-HTTP-Method-Override", "DELETE").POST(BodyPublishers.noBody()));

        assertThat(deleted.statusCode()).isEqualTo(204);
        assertThat(head(path).statusCode()).isEqualTo(404);
        assertThat(RunningApp.problem(append(path, 10, new byte[10])).code()).isEqualTo("unknown-upload");
        assertThat(RunningApp.files(directory.resolve("data/uploads"))).isEmpty();
    }

    @Test
    void anUploadThatNobodyGoesOnWithExpires() throws Exception {
        app.close();
        app = start(settings -> settings.uploadExpiry(Duration.ofMillis(300)));
        String path = header(create("", 1000, null), "Location");

        await().until(() -> head(path).statusCode() == 404);

        assertThat(RunningApp.files(directory.resolve("data/uploads"))).isEmpty();
    }

    @Test
    void thereAreNoMoreUploadsUnderWayThanJobsMayBe() throws Exception {
        app.close();
        app = start(settings -> settings.capacity(2).workers(0));
        create("", 1000, null);
        create("", 1000, null);

        HttpResponse<byte[]> third = create("", 1000, null);

        assertThat(RunningApp.problem(third).status()).isEqualTo(429);
        assertThat(header(third, "Retry-After")).isEqualTo("5");
    }

    @Test
    void afterARestartAnUploadGoesOnAndAWholeOneBecomesItsJob() throws Exception {
        String half = header(create("", movie.length, null), "Location");
        append(half, 0, Arrays.copyOf(movie, 1000));
        String whole = header(create("?width=64", movie.length, null), "Location");
        append(whole, 0, Arrays.copyOf(movie, movie.length - 1));
        app.close();
        // As if the server had died between the last byte and the job.
        Path part = directory.resolve("data/uploads/" + whole.replaceFirst(".*/", "") + ".part");
        Files.write(part, movie);
        Files.createFile(directory.resolve("data/uploads/0123.part"));

        app = start(settings -> {});

        String job = await().until(() -> header(head(whole), "Location"), location -> location != null);
        assertThat(app.finished(job.replaceFirst(".*/", "")).options()).containsEntry("width", "64");
        assertThat(append(half, 1000, Arrays.copyOfRange(movie, 1000, movie.length))
                        .statusCode())
                .isEqualTo(204);
        assertThat(parts()).isEqualTo(0);
    }

    private RunningApp start(Consumer<Settings.Builder> changes) {
        return RunningApp.start(directory.resolve("data"), settings -> {
            settings.maxUpload(LIMIT).workers(1).drain(Duration.ofMillis(100));
            changes.accept(settings);
        });
    }

    private HttpResponse<byte[]> create(String query, long length, String metadata) throws Exception {
        HttpRequest.Builder request = tus("/v1/uploads" + query).header("Upload-Length", Long.toString(length));
        if (metadata != null) {
            request.header("Upload-Metadata", metadata);
        }
        return app.send(request.POST(BodyPublishers.noBody()));
    }

    private HttpResponse<byte[]> append(String path, long offset, byte[] bytes) throws Exception {
        return app.send(piece(path, offset, BodyPublishers.ofByteArray(bytes)));
    }

    private HttpRequest.Builder piece(String path, long offset, HttpRequest.BodyPublisher body) {
        return tus(path)
                .headers("Upload-Offset", Long.toString(offset), "Content-Type", "application/offset+octet-stream")
                .method("PATCH", body);
    }

    private HttpResponse<byte[]> head(String path) throws IOException, InterruptedException {
        return app.send(tus(path).method("HEAD", BodyPublishers.noBody()));
    }

    private HttpRequest.Builder tus(String path) {
        return app.request(path).header("Tus-Resumable", "1.0.0");
    }

    /** Waits until the server has noticed that a client is gone. */
    private void awaitReleased(String path) {
        await().until(() -> append(path, 999_999_999, new byte[0]).statusCode() == 409);
    }

    private long parts() {
        return RunningApp.files(directory.resolve("data/uploads")).stream()
                .filter(file -> file.toString().endsWith(".part"))
                .count();
    }

    private String etag(JobResource job) throws Exception {
        return header(app.get("/v1/gifs/" + job.id()), "ETag");
    }

    private Socket connect() throws IOException {
        return new Socket(app.app().http().getHost(), app.app().http().getPort());
    }

    private static byte[] patchHead(String path, long offset, long length) {
        return ("PATCH " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: " + offset
                        + "\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String header(HttpResponse<byte[]> answer, String name) {
        return answer.headers().firstValue(name).orElse(null);
    }
}
