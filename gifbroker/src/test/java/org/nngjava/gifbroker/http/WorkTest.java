package org.nngjava.gifbroker.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.media.TestMovies;
import org.nngjava.workers.WorkerStatus;

/** Jobs of any type over HTTP, as those see it who submit them and those who do them. */
class WorkTest {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path directory;

    private final List<Stream> streams = new ArrayList<>();
    private RunningApp app;

    @BeforeEach
    void start() {
        app = RunningApp.start(
                directory.resolve("data"), settings -> settings.workers(0).drain(Duration.ofMillis(100)));
    }

    @AfterEach
    void stop() {
        streams.forEach(Stream::close);
        app.close();
    }

    /** A worker's end of a stream. */
    private static final class Stream {
        private final InputStream in;
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private volatile boolean ended;

        Stream(InputStream in) {
            this.in = in;
            Thread reader = new Thread(this::read, "stream");
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8))) {
                reader.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                lines.add("broken");
            }
            ended = true;
        }

        /** The next line that says something. */
        private String line() throws InterruptedException {
            for (String line = poll(); true; line = poll()) {
                if (!line.isEmpty()) {
                    return line;
                }
            }
        }

        private String poll() throws InterruptedException {
            String line = lines.poll(20, TimeUnit.SECONDS);
            assertThat(line).as("a line within 20 s").isNotNull();
            return line;
        }

        WorkLine job() throws InterruptedException {
            WorkLine job = Json.read(line().getBytes(UTF_8), WorkLine.class);
            assertThat(job.event()).isEqualTo("job");
            return job;
        }

        WorkLine.Notice notice() throws InterruptedException {
            return Json.read(line().getBytes(UTF_8), WorkLine.Notice.class);
        }

        /** True if nothing came but blank lines, of which there were some. */
        boolean isSilent() {
            return lines.size() > 1 && lines.stream().allMatch(String::isEmpty);
        }

        void close() {
            try {
                in.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void aJobComesAsALineAndItsResultIsCommittedWhenThePostIsAnswered() throws Exception {
        Stream worker = stream("worker=1&type=counter");
        JobResource accepted = submit("?type=counter&option.step=2&timeout=60", "7");
        WorkLine job = worker.job();

        assertThat(job.job()).isEqualTo(accepted.id());
        assertThat(job.payload()).isEqualTo("7");
        assertThat(job.payloadBytes()).isEqualTo(1);
        assertThat(job.payloadBase64()).isNull();
        assertThat(job.options()).containsEntry("step", "2");
        assertThat(job.attempt()).isEqualTo(1);
        assertThat(job.leaseMs()).isEqualTo(30_000);
        assertThat(job.timeoutMs()).isEqualTo(60_000);
        assertThat(post(job.links().result(), "9", "Content-Type", "text/plain").statusCode())
                .isEqualTo(204);

        JobResource done = look(accepted.id());
        assertThat(done.state()).isEqualTo("succeeded");
        assertThat(done.worker()).isEqualTo("1");
        assertThat(done.links().result()).isEqualTo("/v1/work/" + done.id() + "/result");
        HttpResponse<byte[]> result = app.get(done.links().result());
        assertThat(result.body()).asString().isEqualTo("9");
        assertThat(result.headers().firstValue("Content-Type")).hasValue("text/plain");
        assertThat(result.headers().firstValue("Content-Security-Policy")).hasValue("sandbox");
    }

    @Test
    void aWorkerHasNoMoreJobsThanItHasCreditFor() throws Exception {
        for (int i = 1; i <= 3; i++) {
            submit("", Integer.toString(i));
        }
        Stream worker = stream("worker=1&credit=2");
        WorkLine first = worker.job();
        worker.job();
        await().until(worker::isSilent);

        assertThat(post(first.links().result(), "").statusCode()).isEqualTo(204);

        assertThat(worker.job().payload()).isEqualTo("3");
    }

    @Test
    void aConfirmedResultIsConfirmedAgain() throws Exception {
        Stream worker = stream("worker=1");
        submit("", "7");
        WorkLine job = worker.job();
        for (int i = 0; i < 3; i++) {
            assertThat(post(job.links().result(), "7").statusCode()).isEqualTo(204);
        }
        assertThat(app.app().queue().figures().succeeded()).isEqualTo(1);
    }

    @Test
    void aWorkerThatFallsSilentLosesItsJobsAndItsLateResultIsRefused() throws Exception {
        Stream silent = stream("worker=silent&lease=1&credit=3");
        for (int i = 1; i <= 3; i++) {
            submit("", Integer.toString(i));
        }
        List<WorkLine> first = List.of(silent.job(), silent.job(), silent.job());
        Stream other = stream("worker=other&credit=3");
        List<WorkLine> second = List.of(other.job(), other.job(), other.job());

        assertThat(second).extracting(WorkLine::job).containsExactlyInAnyOrderElementsOf(jobs(first));
        assertThat(silent.notice().reason()).isEqualTo("silent");
        for (WorkLine late : first) {
            HttpResponse<byte[]> refused = post(late.links().result(), "late");
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(RunningApp.problem(refused).code()).isEqualTo("stale-lease");
        }
        for (WorkLine again : second) {
            assertThat(post(again.links().result(), "in time").statusCode()).isEqualTo(204);
            assertThat(app.get("/v1/work/" + again.job() + "/result").body())
                    .asString()
                    .isEqualTo("in time");
        }
    }

    @Test
    void whoClosesItsStreamLosesItsJobsAtOnce() throws Exception {
        Stream leaving = stream("worker=leaving&credit=2&lease=3600");
        submit("", "1");
        submit("", "2");
        WorkLine first = leaving.job();
        leaving.job();
        leaving.close();
        Stream other = stream("worker=other&credit=2");

        // Of two jobs the dead worker was at one, and that is one death. The other one never began.
        assertThat(List.of(other.job(), other.job()))
                .extracting(WorkLine::payload, WorkLine::attempt)
                .containsExactlyInAnyOrder(tuple("1", 2), tuple("2", 1));
        assertThat(post(first.links().result(), "late").statusCode()).isEqualTo(409);
        await().until(() -> app.app().queue().workers().stream()
                .map(WorkerStatus::name)
                .toList()
                .equals(List.of("other")));
    }

    @Test
    void aHeartbeatKeepsALeaseAndTellsProgress() throws Exception {
        Stream worker = stream("worker=1&credit=2&lease=1");
        String kept = submit("", "kept").id();
        String forgotten = submit("?retries=0", "forgotten").id();
        WorkLine job = worker.job();
        worker.job();

        await().pollInterval(Duration.ofMillis(200)).until(() -> {
            assertThat(post(job.links().heartbeat() + "&progress=0.25", "").statusCode())
                    .isEqualTo(204);
            return look(forgotten).state().equals("failed");
        });

        assertThat(look(forgotten).error().code()).isEqualTo("lost");
        assertThat(worker.notice().event()).isEqualTo("cancel");
        assertThat(look(kept).state()).isEqualTo("running");
        await().until(() -> look(kept).progress() == 0.25);
        assertThat(post(job.links().result(), "").statusCode()).isEqualTo(204);
    }

    @Test
    void aCancelledJobIsTakenBack() throws Exception {
        Stream worker = stream("worker=1");
        String id = submit("", "7").id();
        WorkLine job = worker.job();

        app.send(app.request("/v1/jobs/" + id).DELETE());

        WorkLine.Notice notice = worker.notice();
        assertThat(notice.event()).isEqualTo("cancel");
        assertThat(notice.job()).isEqualTo(id);
        assertThat(notice.token()).isEqualTo(job.token());
        assertThat(post(job.links().result(), "7").statusCode()).isEqualTo(409);
        assertThat(app.get("/v1/work/" + id + "/result").statusCode()).isEqualTo(410);
    }

    @Test
    void aFailureIsTriedAgainUnlessItIsPermanent() throws Exception {
        Stream worker = stream("worker=1");
        String id = submit("", "7").id();
        assertThat(post(worker.job().links().error(), "{\"message\": \"not now\"}")
                        .statusCode())
                .isEqualTo(204);
        WorkLine again = worker.job();
        assertThat(again.attempt()).isEqualTo(2);
        for (String bad : List.of("no JSON", "", "[]", "{}", "{\"message\": 7, \"code\": \"A B\"}")) {
            HttpResponse<byte[]> refused = post(again.links().error(), bad);
            assertThat(refused.statusCode()).as(bad).isEqualTo(400);
            assertThat(RunningApp.problem(refused).code()).isEqualTo("bad-request");
        }

        String permanent = "{\"message\": \"no such number\", \"code\": \"no-number\", \"permanent\": true}";
        assertThat(post(again.links().error(), permanent).statusCode()).isEqualTo(204);

        JobResource failed = look(id);
        assertThat(failed.state()).isEqualTo("failed");
        assertThat(failed.error()).isEqualTo(new Problem("The job failed", 422, "no-number", "no such number"));
        assertThat(RunningApp.problem(app.get("/v1/work/" + id + "/result"))).isEqualTo(failed.error());
        post("/v1/jobs/" + id + "/retry", "");
        assertThat(worker.job().payload()).as("as it was submitted").isEqualTo("7");
    }

    @Test
    void aJobThatIsGivenBackIsAsGoodAsNew() throws Exception {
        Stream worker = stream("worker=1");
        submit("", "7");
        WorkLine job = worker.job();
        assertThat(post(job.links().giveBack(), "").statusCode()).isEqualTo(204);
        WorkLine again = worker.job();
        assertThat(again.job()).isEqualTo(job.job());
        assertThat(again.attempt()).isEqualTo(1);
        assertThat(post(job.links().result(), "").statusCode()).isEqualTo(409);
    }

    @Test
    void whatIsNoTextIsInBase64AndWhatIsBigIsFetched() throws Exception {
        Stream worker = stream("worker=1");
        submit("", new byte[] {(byte) 0xff, 0});
        WorkLine binary = worker.job();
        assertThat(binary.payload()).isNull();
        assertThat(binary.payloadBase64()).isEqualTo("/wA=");
        post(binary.links().result(), "");
        byte[] big = new byte[3_000_001];
        new Random(1).nextBytes(big);
        String id = submit("", big).id();

        WorkLine job = worker.job();

        assertThat(job.payload()).isNull();
        assertThat(job.payloadBase64()).isNull();
        assertThat(job.payloadBytes()).isEqualTo(big.length);
        byte[] fetched = app.get(job.links().fetch()).body();
        assertThat(fetched).isEqualTo(big);
        HttpResponse<byte[]> posted =
                app.send(app.request(job.links().result()).POST(BodyPublishers.ofByteArray(fetched)));
        assertThat(posted.statusCode()).isEqualTo(204);
        assertThat(app.get("/v1/work/" + id + "/result").body()).isEqualTo(big);
        assertThat(app.filesKept()).as("the result, and no longer the payload").hasSize(1);
    }

    @Test
    void aJobThatIsSubmittedAgainUnderItsKeyIsTheSame() throws Exception {
        HttpResponse<byte[]> first = post("/v1/work", "7", "Idempotency-Key", "seven");
        HttpResponse<byte[]> again = post("/v1/work", "7", "Idempotency-Key", "seven");
        assertThat(RunningApp.job(again).id()).isEqualTo(RunningApp.job(first).id());
        assertThat(first.headers().firstValue("Location"))
                .hasValue("/v1/jobs/" + RunningApp.job(first).id());
        HttpResponse<byte[]> page = app.get("/v1/jobs?type=work");
        assertThat(Json.read(page.body(), JobHandlers.JobPage.class).jobs()).hasSize(1);
    }

    @Test
    void aWorkerGetsNoMoviesUnlessItAsksForThem() throws Exception {
        JobResource movie = app.submit(TestMovies.movie(directory, "mp4", 0.5));
        Stream worker = stream("worker=1");
        submit("", "7");
        post(worker.job().links().result(), "");
        await().until(worker::isSilent);
        assertThat(look(movie.id()).state()).isEqualTo("queued");

        Stream converter = stream("worker=2&type=gif");

        WorkLine job = converter.job();
        assertThat(job.job()).isEqualTo(movie.id());
        assertThat(app.get(job.links().fetch()).body()).hasSize((int) job.payloadBytes());
    }

    @Test
    void anOrderToHaltEndsTheStreamWhenTheJobsAreDone() throws Exception {
        Stream worker = stream("worker=1");
        submit("", "7");
        WorkLine job = worker.job();
        assertThat(post("/v1/workers/1/halt", "").statusCode()).isEqualTo(202);
        submit("", "8");
        assertThat(post(job.links().result(), "7").statusCode()).isEqualTo(204);
        assertThat(worker.notice()).isEqualTo(new WorkLine.Notice("end", null, null, "halted"));
        await().until(() -> worker.ended);
        await().until(() -> app.app().queue().workers().isEmpty());
    }

    @Test
    void whenTheServerStopsTheJobStaysForTheNextStart() throws Exception {
        Stream worker = stream("worker=1");
        String id = submit("", "7").id();
        WorkLine job = worker.job();
        app.close();
        assertThat(worker.notice().reason()).isEqualTo("closing");
        await().until(() -> worker.ended);
        start();

        assertThat(post(job.links().result(), "7").statusCode()).isEqualTo(409);
        WorkLine again = stream("worker=1").job();
        assertThat(again.job()).isEqualTo(id);
        assertThat(again.attempt()).isEqualTo(1);
        assertThat(post(again.links().result(), "7").statusCode()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "GET  | /v1/work/stream                            | 'worker' has 1 to 128 characters",
                "GET  | /v1/work/stream?worker=%1bname             | 'worker' has a control character",
                "GET  | /v1/work/stream?worker=1&credit=0          | 'credit' is a whole number from 1 to 256",
                "GET  | /v1/work/stream?worker=1&lease=none        | 'lease' is a whole number from 1 to 3600",
                "GET  | /v1/work/stream?worker=1&types=a           | 'types' is not known",
                "GET  | /v1/work/stream?worker=1&type=             | 'type' has 1 to 128 characters",
                "GET  | /v1/work/stream?worker=1&type=webhook      | done by this server alone",
                "POST | /v1/work?type=gif                          | made by this server alone",
                "POST | /v1/work?type=webhook                      | made by this server alone",
                "POST | /v1/work?retry=1                           | 'retry' is not known",
                "POST | /v1/work?timeout=0                         | 'timeout' is a whole number from 1 to 86400",
                "POST | /v1/work?label=                            | a label has 1 to 128 characters",
                "POST | /v1/work/none/result                       | 'token' is missing",
                "POST | /v1/work/none/heartbeat                    | 'token' is missing",
            })
    void whatCannotBeAskedForIsSaid(String method, String path, String why) throws Exception {
        HttpResponse<byte[]> refused = app.send(app.request(path).method(method, BodyPublishers.noBody()));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(RunningApp.problem(refused).code()).isEqualTo("invalid-option");
        assertThat(RunningApp.problem(refused).detail()).contains(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"result", "error", "heartbeat", "return"})
    void aTokenOfAnotherJobIsRefused(String what) throws Exception {
        Stream worker = stream("worker=1&credit=2");
        submit("", "1");
        submit("", "2");
        WorkLine one = worker.job();
        WorkLine two = worker.job();
        for (String token : List.of(two.token(), "none", "")) {
            HttpResponse<byte[]> refused = post("/v1/work/" + one.job() + "/" + what + "?token=" + token, "{}");
            assertThat(refused.statusCode()).isEqualTo(409);
        }
        assertThat(app.get("/v1/work/" + one.job() + "/payload?token=none").statusCode())
                .isEqualTo(409);
        assertThat(post(one.links().heartbeat() + "&progress=2", "").statusCode())
                .isEqualTo(400);
        assertThat(look(one.job()).state()).isEqualTo("running");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/work/stream", "/v1/work/stream/"})
    void aPageOfOthersIsNotGivenJobs(String path) throws Exception {
        HttpResponse<byte[]> refused = app.get(path + "?worker=1", "Sec-Fetch-Site", "cross-site");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(app.app().queue().workers()).isEmpty();
    }

    @Test
    void thereIsNoResultBeforeItIsThere() throws Exception {
        String id = submit("", "7").id();
        assertThat(app.get("/v1/work/" + id + "/result").statusCode()).isEqualTo(409);
        assertThat(app.get("/v1/work/none/result").statusCode()).isEqualTo(404);
    }

    private Stream stream(String query) throws Exception {
        HttpResponse<InputStream> response =
                CLIENT.send(app.request("/v1/work/stream?" + query).build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
        Stream stream = new Stream(response.body());
        streams.add(stream);
        return stream;
    }

    private JobResource submit(String query, String payload) throws Exception {
        return submit(query, payload.getBytes(UTF_8));
    }

    private JobResource submit(String query, byte[] payload) throws Exception {
        HttpResponse<byte[]> answer =
                app.send(app.request("/v1/work" + query).POST(BodyPublishers.ofByteArray(payload)));
        assertThat(answer.statusCode()).isEqualTo(202);
        return RunningApp.job(answer);
    }

    private HttpResponse<byte[]> post(String path, String body, String... headers) throws Exception {
        var request = app.request(path).POST(BodyPublishers.ofString(body));
        return app.send(headers.length == 0 ? request : request.headers(headers));
    }

    private JobResource look(String id) throws Exception {
        return RunningApp.job(app.get("/v1/jobs/" + id));
    }

    private static List<String> jobs(List<WorkLine> lines) {
        return lines.stream().map(WorkLine::job).toList();
    }
}
