package org.nngjava.gifbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.Settings;
import org.nngjava.gifbroker.media.TestMovies;
import tools.jackson.databind.JsonNode;

class FollowUpsTest {
    @TempDir
    Path directory;

    private Path data;
    private Path movie;
    private RunningApp app;

    @BeforeEach
    void start() throws Exception {
        data = directory.resolve("data");
        movie = TestMovies.movie(directory, "mp4", 0.5);
        start(settings -> settings.workers(1));
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gif", "webp", "mp4"})
    void aFinishedGifHasItsFirstFrameAsAPosterAndALineInTheAudit(String format) throws Exception {
        JobResource job = made("?width=64&format=" + format);

        await().until(() -> lines().size() == 1);
        assertThat(RunningApp.files(data.resolve("posters"))).hasSize(1);
        HttpResponse<byte[]> poster = app.get(job.links().poster());
        assertThat(poster.statusCode()).isEqualTo(200);
        assertThat(poster.headers().firstValue("Content-Type")).hasValue("image/jpeg");
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(poster.body()));
        assertThat(picture.getWidth()).isEqualTo(64);

        JsonNode line = lines().get(0);
        assertThat(line.get("job").asString()).isEqualTo(job.id());
        assertThat(line.get("state").asString()).isEqualTo("succeeded");
        assertThat(line.get("bytes").asLong()).isEqualTo(job.resultBytes());
        assertThat(line.get("worker").asString()).isEqualTo("local-1");
        assertThat(line.get("poster").asBoolean()).isTrue();
    }

    @Test
    void aClientThatHasThePosterIsNotSentItAgain() throws Exception {
        String poster = made("?width=64").links().poster();
        String tag = app.get(poster).headers().firstValue("ETag").orElseThrow();

        assertThat(app.get(poster, "If-None-Match", tag).statusCode()).isEqualTo(304);
        assertThat(app.get(poster, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    @Test
    void aPosterThatIsMissingIsMadeWhenItIsAskedFor() throws Exception {
        String poster = made("?width=64").links().poster();
        byte[] before = app.get(poster).body();
        for (Path file : RunningApp.files(data.resolve("posters"))) {
            Files.delete(file);
        }

        assertThat(app.get(poster).body()).isEqualTo(before);
    }

    @Test
    void aPosterGoesWithTheLastGifThatHasIt() throws Exception {
        JobResource first = made("?width=64");
        JobResource same = made("?width=64");
        await().until(() -> lines().size() == 2);
        assertThat(RunningApp.files(data.resolve("posters"))).hasSize(1);

        app.send(app.request(first.links().self()).DELETE());
        assertThat(app.get(first.links().poster()).statusCode()).isEqualTo(404);
        assertThat(app.get(same.links().poster()).statusCode()).isEqualTo(200);
        app.send(app.request(same.links().self()).DELETE());

        await().untilAsserted(() ->
                assertThat(RunningApp.files(data.resolve("posters"))).isEmpty());
    }

    @Test
    void aJobThatFailedHasALineAndNoPoster() throws Exception {
        JobResource job = RunningApp.job(app.post("", BodyPublishers.ofString("no movie")));
        app.finished(job.id());

        await().until(() -> lines().size() == 1);
        assertThat(lines().get(0).get("error").asString()).isEqualTo("not-a-movie");
        assertThat(lines().get(0).get("poster").asBoolean()).isFalse();
        HttpResponse<byte[]> poster = app.get("/v1/gifs/" + job.id() + "/poster");
        assertThat(RunningApp.problem(poster).code()).isEqualTo("no-poster");
        assertThat(RunningApp.problem(app.get("/v1/gifs/none/poster")).code()).isEqualTo("unknown-job");
    }

    @Test
    void aJobThatRunsHasNoPosterYet() throws Exception {
        app.app().queue().quiet(worker -> worker.name().equals("local-1"));
        String id = app.submit(movie).id();

        HttpResponse<byte[]> poster = app.get("/v1/gifs/" + id + "/poster");
        assertThat(RunningApp.problem(poster).code()).isEqualTo("not-ready");
        assertThat(poster.headers().firstValue("Retry-After")).isPresent();
        app.send(app.request("/v1/jobs/" + id).DELETE()); // the end of the server would wait for it
    }

    @Test
    void theNextStartSeesToWhatACrashLeft() throws Exception {
        String first = made("?width=64").id();
        String second = made("?width=80").id();
        await().until(() -> lines().size() == 2);
        app.close();
        // As if it had been killed while it wrote the second line, and after the first GIF was deleted.
        String whole = Files.readString(audit());
        Files.writeString(audit(), whole.substring(0, whole.indexOf('\n') + 20), StandardOpenOption.TRUNCATE_EXISTING);
        Path orphan = Files.createFile(data.resolve("posters").resolve("0".repeat(64) + ".jpg"));

        start(settings -> settings.workers(1));

        await().until(() -> Files.readString(audit()).lines().count() == 3);
        assertThat(lines()).extracting(line -> line.get("job").asString()).containsExactly(first, second);
        await().until(() -> Files.notExists(orphan));
        assertThat(RunningApp.files(data.resolve("posters"))).hasSize(2);
    }

    @Test
    void withoutAnFfmpegThereAreNoPosters() throws Exception {
        String poster = made("?width=64").links().poster();
        app.close();
        for (Path file : RunningApp.files(data.resolve("posters"))) {
            Files.delete(file);
        }
        start(settings -> settings.workers(0).ffmpeg(directory.resolve("none")));

        assertThat(RunningApp.problem(app.get(poster)).code()).isEqualTo("no-poster");
    }

    private void start(Consumer<Settings.Builder> changes) {
        app = RunningApp.start(data, changes);
    }

    private JobResource made(String query) throws Exception {
        JobResource job = RunningApp.job(app.post(query, BodyPublishers.ofFile(movie)));
        return app.finished(job.id());
    }

    private Path audit() {
        return data.resolve("audit.log");
    }

    /** The lines of the audit that are whole. */
    private List<JsonNode> lines() {
        try {
            return Files.readString(audit())
                    .lines()
                    .filter(line -> line.endsWith("}"))
                    .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
