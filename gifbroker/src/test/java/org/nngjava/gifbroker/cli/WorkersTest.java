package org.nngjava.gifbroker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.gifbroker.AnimatedGif;
import org.nngjava.gifbroker.ProcessesBelow;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.http.JobResource;
import org.nngjava.gifbroker.media.TestMovies;

/** A broker and two workers, each a process of its own, over TCP. What a test kills, the next starts anew. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkersTest {
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration LONG = Duration.ofSeconds(90);

    /** What takes ffmpeg some seconds. */
    private static final String WORK = "?width=320&fps=25";

    private final Map<String, RoleProcess> workers = new HashMap<>();
    private Path directory;
    private RoleProcess broker;
    private Path shortMovie;
    private Path longMovie;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        directory = temporary;
        shortMovie = TestMovies.movie(directory, "mp4");
        longMovie = TestMovies.movie(directory, "mp4", 12);
        broker = RoleProcess.start(
                directory.resolve("broker"),
                "broker",
                "--http",
                "127.0.0.1:0",
                "--listen",
                "tcp://127.0.0.1:0",
                "--events",
                "tcp://127.0.0.1:0",
                "--lease",
                LEASE.toMillis() + "ms");
    }

    @BeforeEach
    void startWorkers() throws Exception {
        for (String name : List.of("anna", "bert")) {
            RoleProcess known = workers.get(name);
            if (known == null || !known.isAlive()) {
                workers.put(name, worker(name));
            }
        }
        broker.awaitWorkers(2);
    }

    @AfterAll
    void stop() {
        workers.values().forEach(RoleProcess::close);
        broker.close();
    }

    @Test
    void twentyMoviesAreSharedEvenly() throws Exception {
        Set<String> before = broker.jobs().stream().map(JobResource::id).collect(Collectors.toSet());
        List<CompletableFuture<HttpResponse<byte[]>>> gifs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            gifs.add(post("?width=120", shortMovie));
        }
        for (CompletableFuture<HttpResponse<byte[]>> gif : gifs) {
            assertThat(answer(gif).statusCode()).isEqualTo(200);
        }

        Map<String, Long> shares = broker.jobs().stream()
                .filter(job -> !before.contains(job.id()))
                .collect(Collectors.groupingBy(JobResource::worker, Collectors.counting()));
        assertThat(shares).containsOnlyKeys("anna", "bert");
        assertThat(shares.values()).allMatch(share -> share >= 8);
    }

    @Test
    void theJobOfAWorkerThatIsKilledIsStartedOnTheOtherWithinTwoSeconds() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> gif = post(WORK, longMovie);
        JobResource job = broker.awaitRunning();
        await().until(() -> !ffmpegsOf(job.worker()).isEmpty());

        Instant killedAt = Instant.now();
        workers.get(job.worker()).signal("KILL");

        JobResource again = await().until(
                        () -> broker.job(job.id()),
                        now -> now.state().equals("running") && !now.worker().equals(job.worker()));
        assertThat(again.startedAt()).isBefore(killedAt.plusSeconds(2));
        await().atMost(Duration.ofSeconds(2))
                .until(() -> ffmpegsOf(job.worker()).isEmpty());

        assertThat(answer(gif).statusCode()).isEqualTo(200);
        assertThat(AnimatedGif.read(gif.join().body()).frames()).isEqualTo(300);

        assertThat(RunningApp.files(temporary(job.worker()))).isNotEmpty();
        startWorkers();
        assertThat(RunningApp.files(temporary(job.worker()))).isEmpty();
    }

    @Test
    void theJobOfAWorkerThatFallsSilentIsStartedOnTheOtherWhenItsLeaseIsOver() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> gif = post(WORK, longMovie);
        JobResource job = broker.awaitRunning();
        RoleProcess silent = workers.get(job.worker());

        Instant silentSince = Instant.now();
        silent.signal("STOP");
        try {
            JobResource again = await().atMost(LEASE.multipliedBy(3))
                    .until(
                            () -> broker.job(job.id()),
                            now -> now.state().equals("running")
                                    && !now.worker().equals(job.worker()));
            assertThat(again.startedAt())
                    .isBetween(
                            silentSince.plus(LEASE.dividedBy(2)),
                            silentSince.plus(LEASE).plusSeconds(2));
            assertThat(answer(gif).statusCode()).isEqualTo(200);
        } finally {
            silent.signal("CONT");
        }

        // What it then brings is too late, and it is of use again.
        await().until(() -> ffmpegsOf(job.worker()).isEmpty());
        assertThat(answer(get("/v1/gifs/" + job.id())).body())
                .isEqualTo(gif.join().body());
        await().atMost(LONG).untilAsserted(() -> {
            JobResource next = RunningApp.job(answer(post("?width=32", shortMovie, "wait=0")));
            await().until(() -> broker.job(next.id()).finishedAt() != null);
            assertThat(broker.job(next.id()).worker()).isEqualTo(job.worker());
        });
    }

    @Test
    void aWorkerThatIsToldToStopFinishesItsMovie() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> gif = post(WORK, longMovie);
        JobResource job = broker.awaitRunning();
        RoleProcess stopped = workers.get(job.worker());
        // A job that crosses the wish to stop would be given back.
        await().until(() -> !ffmpegsOf(job.worker()).isEmpty());

        stopped.signal("TERM");

        assertThat(stopped.exitCode(LONG)).isEqualTo(143);
        assertThat(answer(gif).statusCode()).isEqualTo(200);
        assertThat(broker.job(job.id()).worker()).isEqualTo(job.worker());
        assertThat(broker.job(job.id()).attempt()).isEqualTo(1);
        assertThat(RunningApp.files(temporary(job.worker()))).isEmpty();
    }

    @Test
    void aWorkerThatFindsNoBrokerSaysSoOnceAndThatItFoundOne() throws Exception {
        String address = "ipc://" + directory.resolve("later");
        try (RoleProcess early =
                RoleProcess.start(directory.resolve("early"), "worker", "--broker", address, "--name", "early")) {
            await().atMost(LONG).until(() -> early.log().contains("early has no answer from a broker at " + address));
            try (RoleProcess later = RoleProcess.start(
                    directory.resolve("later-data"),
                    "broker",
                    "--http",
                    "127.0.0.1:0",
                    "--listen",
                    address,
                    "--events",
                    "tcp://127.0.0.1:0")) {
                later.awaitWorkers(1);
                await().until(() -> early.log().contains("early is connected to its broker at " + address));
            }
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(early.log().lines().filter(line -> line.contains("early ")))
                            .extracting(line -> line.replaceFirst(".*early (\\w+ \\w+).*", "$1"))
                            .endsWith("has no", "is connected", "has no")
                            .hasSize(4)); // and which ffmpeg it uses
        }
    }

    @Test
    void workersFindABrokerThatWasKilledAndStartedAgain() throws Exception {
        String workUrl = broker.workUrl();
        broker.signal("KILL");
        broker.exitCode(LONG);
        broker = RoleProcess.start(
                directory.resolve("broker"),
                "broker",
                "--http",
                "127.0.0.1:0",
                "--listen",
                workUrl,
                "--events",
                "tcp://127.0.0.1:0",
                "--lease",
                LEASE.toMillis() + "ms");

        broker.awaitWorkers(2);
        assertThat(answer(post("", shortMovie)).statusCode()).isEqualTo(200);
    }

    private CompletableFuture<HttpResponse<byte[]>> post(String query, Path movie) throws IOException {
        return post(query, movie, "wait=120");
    }

    private CompletableFuture<HttpResponse<byte[]>> post(String query, Path movie, String preference)
            throws IOException {
        return broker.sendAsync(broker.request("/v1/gifs" + query)
                .header("Prefer", preference)
                .header("Cache-Control", "no-cache")
                .POST(BodyPublishers.ofFile(movie))
                .build());
    }

    private CompletableFuture<HttpResponse<byte[]>> get(String path) {
        return broker.sendAsync(broker.request(path).build());
    }

    private static HttpResponse<byte[]> answer(CompletableFuture<HttpResponse<byte[]>> request) throws Exception {
        return request.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private RoleProcess worker(String name) throws Exception {
        return RoleProcess.start(
                temporary(name), "worker", "--broker", broker.workUrl(), "--name", name, "--drain", "90s");
    }

    private Path temporary(String worker) {
        return directory.resolve(worker);
    }

    /** Those that work below the directory of a worker, whether it lives or not. */
    private List<ProcessHandle> ffmpegsOf(String worker) {
        return ProcessesBelow.directory(temporary(worker));
    }
}
