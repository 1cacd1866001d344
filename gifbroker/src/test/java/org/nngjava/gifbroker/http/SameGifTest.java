package org.nngjava.gifbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.media.TestMovies;

/** What is asked for again: under the same key, or as the same GIF. */
class SameGifTest {
    @TempDir
    Path directory;

    private RunningApp app;
    private Path mp4;

    @BeforeEach
    void start() {
        app = start(1);
        mp4 = TestMovies.movie(directory, "mp4", 0.5);
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void theSameGifIsNotMadeTwice() throws Exception {
        JobResource first = app.finished(post("?fps=12.5", mp4).id());

        JobResource second = post("?start=0", mp4);

        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.state()).isEqualTo("succeeded");
        assertThat(second.attempt()).isZero();
        assertThat(second.progress()).isEqualTo(1);
        assertThat(second.resultBytes()).isEqualTo(first.resultBytes());
        assertThat(tag(second)).isEqualTo(tag(first));
        HttpResponse<byte[]> waited = app.post("", BodyPublishers.ofFile(mp4), "Prefer", "wait=60");
        assertThat(waited.statusCode()).isEqualTo(200);
        assertThat(waited.headers().firstValue("ETag")).hasValue(tag(first));
        await().untilAsserted(() -> assertThat(app.filesKept()).hasSize(1));
    }

    @Test
    void aGifThatAnotherJobSharesOutlivesTheJobThatMadeIt() throws Exception {
        JobResource first = app.finished(post("", mp4).id());
        JobResource second = post("", mp4);
        String tag = tag(first);

        assertThat(delete(first)).isEqualTo(204);

        assertThat(app.get("/v1/gifs/" + first.id()).statusCode()).isEqualTo(404);
        assertThat(tag(second)).isEqualTo(tag);
        JobResource third = post("", mp4);
        assertThat(third.attempt()).isZero();
        assertThat(delete(second)).isEqualTo(204);
        assertThat(tag(third)).isEqualTo(tag);
        assertThat(delete(third)).isEqualTo(204);
        await().untilAsserted(() -> assertThat(app.filesKept()).isEmpty());
        assertThat(app.finished(post("", mp4).id()).attempt()).isEqualTo(1);
    }

    @Test
    void anotherMovieOrOtherOptionsAreConverted() throws Exception {
        app.finished(post("", mp4).id());

        assertThat(app.finished(post("?width=64", mp4).id()).attempt()).isEqualTo(1);
        assertThat(app.finished(post("", TestMovies.movie(directory, "avi", 0.5))
                                .id())
                        .attempt())
                .isEqualTo(1);
    }

    @Test
    void eachOptionMakesAnotherGif() throws Exception {
        Set<String> tags = new HashSet<>(Set.of(tag(app.finished(post("", mp4).id()))));
        for (String option : List.of(
                "height=60",
                "crop=80:60",
                "speed=2",
                "reverse=true",
                "loop=1",
                "quality=small",
                "caption=Hi",
                "format=webp",
                "format=mp4")) {
            JobResource other = app.finished(post("?" + option, mp4).id());

            assertThat(other.attempt()).as(option).isEqualTo(1);
            assertThat(tags.add(tag(other))).as(option).isTrue();
            assertThat(app.finished(post("?" + option, mp4).id()).attempt())
                    .as(option)
                    .isZero();
        }
    }

    @Test
    void whoWantsItMadeAnewGetsThat() throws Exception {
        app.finished(post("", mp4).id());

        assertThat(app.finished(post("", mp4, "Cache-Control", "no-cache").id()).attempt())
                .isEqualTo(1);
    }

    @Test
    void afterARestartItIsStillKnown() throws Exception {
        JobResource first = app.finished(post("", mp4).id());
        app.close();
        app = start(1);

        JobResource again = await().until(() -> app.finished(post("", mp4).id()), job -> job.attempt() == 0);

        assertThat(tag(again)).isEqualTo(tag(first));
    }

    @Test
    void aMovieThatFailedIsTriedAgain() throws Exception {
        for (int i = 0; i < 2; i++) {
            JobResource failed = app.finished(RunningApp.job(app.post("", BodyPublishers.ofString("no movie")))
                    .id());
            assertThat(failed.state()).isEqualTo("failed");
            assertThat(failed.attempt()).isEqualTo(1);
        }
        await().untilAsserted(() -> assertThat(app.filesKept()).isEmpty());
    }

    @Test
    void aRequestThatIsRepeatedUnderItsKeyIsCarriedOutOnce() throws Exception {
        app.close();
        app = start(0);
        JobResource first = post("?width=64", mp4, "Idempotency-Key", "\"a b\"");

        assertThat(post("?width=64", mp4, "Idempotency-Key", "\"a b\"").id()).isEqualTo(first.id());
        assertThat(post("?width=64", mp4, "Idempotency-Key", "other").id()).isNotEqualTo(first.id());
        assertThat(post("?width=64", mp4).id()).isNotEqualTo(first.id());
        await().untilAsserted(() -> assertThat(app.filesKept()).hasSize(3));
    }

    @Test
    void aKeyThatBelongsToAnotherRequestIsRefused() throws Exception {
        JobResource first = post("", mp4, "Idempotency-Key", "k");

        for (HttpResponse<byte[]> refused : List.of(
                app.post("?width=64", BodyPublishers.ofFile(mp4), "Idempotency-Key", "k"),
                app.post("", BodyPublishers.ofString("another"), "Idempotency-Key", "k"))) {
            assertThat(RunningApp.problem(refused).status()).isEqualTo(422);
            assertThat(RunningApp.problem(refused).code()).isEqualTo("key-reused");
            assertThat(refused.headers().firstValue("Location")).isEmpty();
        }
        assertThat(app.app().queue().jobs(10, null)).hasSize(1);
        app.finished(first.id());
        await().untilAsserted(() -> assertThat(app.filesKept()).hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "a b", "\"unfinished", "a\\b"})
    void whatIsNoKeyIsRefused(String key) throws Exception {
        HttpResponse<byte[]> refused = app.post("", BodyPublishers.ofFile(mp4), "Idempotency-Key", key);

        assertThat(RunningApp.problem(refused).code()).isEqualTo("bad-request");
        assertThat(app.app().queue().jobs(10, null)).isEmpty();
    }

    private RunningApp start(int workers) {
        return RunningApp.start(
                directory.resolve("data"), settings -> settings.workers(workers).drain(Duration.ofMillis(100)));
    }

    private JobResource post(String query, Path movie, String... headers) throws Exception {
        HttpResponse<byte[]> accepted = app.post(query, BodyPublishers.ofFile(movie), headers);
        assertThat(accepted.statusCode()).isEqualTo(202);
        return RunningApp.job(accepted);
    }

    private String tag(JobResource job) throws Exception {
        return app.get("/v1/gifs/" + job.id()).headers().firstValue("ETag").orElseThrow();
    }

    private int delete(JobResource job) throws Exception {
        return app.send(app.request("/v1/jobs/" + job.id()).DELETE()).statusCode();
    }
}
