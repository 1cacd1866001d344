package org.nngjava.gifbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.media.TestMovies;

/** What those see who run a server: health, readiness, metrics. */
class OperationsTest {
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{(?:[a-zA-Z_]\\w*=\"(?:[^\"\\\\\n]|\\\\[\\\\n\"])*\",?)*})?) (\\S+)");
    private static final Pattern COMMENT =
            Pattern.compile("# (HELP \\w+ .+|TYPE \\w+ (counter|gauge|histogram|summary|untyped))");

    @TempDir
    Path directory;

    private RunningApp app;

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void aServerWithAWorkerIsReady() throws Exception {
        start(1);

        await().until(() -> app.get("/readyz").statusCode() == 200);
        assertThat(app.get("/healthz").statusCode()).isEqualTo(200);
        assertThat(app.filesKept()).isEmpty();
    }

    @Test
    void aServerWithoutWorkersLivesButIsNotReady() throws Exception {
        start(0);

        assertThat(app.get("/healthz").statusCode()).isEqualTo(200);
        HttpResponse<byte[]> ready = app.get("/readyz");
        assertThat(RunningApp.problem(ready).status()).isEqualTo(503);
        assertThat(RunningApp.problem(ready).detail()).isEqualTo("no worker is there");
        assertThat(ready.headers().firstValue("Retry-After")).hasValue("5");
    }

    @Test
    void aServerThatDrainsOrCannotStoreIsNotReady() throws Exception {
        start(0);
        Files.delete(directory.resolve("data/blobs/unfinished"));
        app.app().queue().drain(Duration.ZERO);

        assertThat(RunningApp.problem(app.get("/readyz")).detail())
                .contains("the server is closing", "jobs and movies cannot be stored");
        Files.createDirectory(directory.resolve("data/blobs/unfinished"));
    }

    @Test
    void metricsCountJobsAndRequests() throws Exception {
        start(1);
        Path movie = TestMovies.movie(directory, "mp4", 0.5);
        assertThat(app.post("", BodyPublishers.ofFile(movie), "Prefer", "wait=60")
                        .statusCode())
                .isEqualTo(200);
        assertThat(app.post("", BodyPublishers.ofString("no movie"), "Prefer", "wait=60")
                        .statusCode())
                .isEqualTo(422);
        app.get("/nowhere");

        await().untilAsserted(() -> assertThat(metrics())
                .containsEntry("gifbroker_jobs_finished_total{outcome=\"succeeded\"}", 1.0)
                .containsEntry("gifbroker_jobs_finished_total{outcome=\"failed\"}", 1.0)
                .containsEntry("gifbroker_jobs_finished_total{outcome=\"cancelled\"}", 0.0)
                .containsEntry("gifbroker_job_run_seconds_count", 2.0)
                .containsEntry("gifbroker_job_run_seconds_bucket{le=\"+Inf\"}", 2.0)
                .containsEntry("gifbroker_jobs_accepted_total", 2.0)
                .containsEntry("gifbroker_jobs_queued", 0.0)
                .containsEntry("gifbroker_workers", 1.0)
                .containsEntry("gifbroker_http_requests_total{method=\"POST\",status=\"200\"}", 1.0)
                .containsEntry("gifbroker_http_requests_total{method=\"POST\",status=\"422\"}", 1.0)
                .containsEntry("gifbroker_http_requests_total{method=\"GET\",status=\"404\"}", 1.0));
    }

    @Test
    void theDashboardAsksForMetricsThatThereAre() throws Exception {
        start(0);
        app.get("/nowhere");
        String dashboard = Files.readString(Path.of("../docs/operations/grafana.json"));

        Set<String> asked = Pattern.compile("gifbroker_\\w+")
                .matcher(dashboard)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());

        assertThat(asked).hasSizeGreaterThan(8);
        assertThat(metrics().keySet().stream().map(name -> name.replaceFirst("\\{.*", "")))
                .containsAll(asked);
    }

    /** Reads the text format, and fails at a line that it does not have. */
    private Map<String, Double> metrics() throws Exception {
        HttpResponse<byte[]> answer = app.get("/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
        Map<String, Double> samples = new LinkedHashMap<>();
        for (String line :
                new String(answer.body(), StandardCharsets.UTF_8).lines().toList()) {
            if (line.startsWith("#")) {
                assertThat(line).matches(COMMENT);
                continue;
            }
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            assertThat(samples.put(sample.group(1), Double.valueOf(sample.group(2))))
                    .as(line)
                    .isNull();
        }
        return samples;
    }

    private void start(int workers) {
        app = RunningApp.start(
                directory.resolve("data"), settings -> settings.workers(workers).drain(Duration.ofMillis(100)));
    }
}
