package org.nngjava.gifbroker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.http.JobResource;
import org.nngjava.gifbroker.http.Json;
import org.nngjava.gifbroker.http.LiveSnapshot;
import org.nngjava.gifbroker.http.Secret;
import org.nngjava.gifbroker.media.TestMovies;

/** Jobs and workers of a running server, seen and ordered about from the command line. */
class OperateTest {
    @TempDir
    Path directory;

    private RunningApp app;
    private Path mp4;

    @BeforeEach
    void makeMovie() {
        mp4 = TestMovies.movie(directory, "mp4", 0.5);
    }

    @AfterEach
    void stop() {
        if (app != null) {
            app.close();
        }
    }

    @Test
    void jobsAreListedShownAndCancelled() throws Exception {
        start(0, Duration.ofMinutes(1));
        String first = app.submit(mp4).id();
        String second = app.submit(mp4).id();

        CommandRun list = run("jobs", "list");
        assertThat(list.exitCode()).as(list.err()).isZero();
        assertThat(list.out().lines().map(line -> line.substring(0, line.indexOf(' '))))
                .containsExactly("ID", second, first);
        assertThat(run("jobs", "show", first).out()).contains("state     queued", "position  1");

        CommandRun cancel = run("jobs", "cancel", first, "--json");
        assertThat(Json.read(cancel.out().getBytes(StandardCharsets.UTF_8), JobResource.class)
                        .state())
                .isEqualTo("cancelled");
        assertThat(run("jobs", "list", "--state", "cancelled", "--json").out().lines())
                .singleElement()
                .satisfies(line -> assertThat(line).contains(first));
        assertThat(run("jobs", "list", "--limit", "1").out().lines()).hasSize(2);
    }

    @Test
    void aFinishedJobIsNotCancelledAndKeepsItsGif() throws Exception {
        start(1, Duration.ofMinutes(1));
        String id = app.finished(app.submit(mp4).id()).id();

        CommandRun cancel = run("jobs", "cancel", id);

        assertThat(cancel.exitCode()).isEqualTo(1);
        assertThat(cancel.err()).contains("finished already");
        assertThat(app.get("/v1/gifs/" + id).statusCode()).isEqualTo(200);
    }

    @Test
    void aJobThatWasGivenUpIsTriedAgainWithItsMovieAndTakesThatAlong() throws Exception {
        start(1, Duration.ofMillis(1));
        String id = app.finished(app.submit(mp4).id()).id();
        assertThat(app.finished(id).state()).isEqualTo("failed");
        int attempts = app.finished(id).attempt();
        await().untilAsserted(() -> assertThat(app.filesKept()).hasSize(1));

        assertThat(run("jobs", "retry", id).exitCode()).isZero();

        JobResource again = await().until(() -> app.finished(id), job -> job.attempt() > attempts);
        assertThat(again.state()).isEqualTo("failed");
        assertThat(app.send(app.request("/v1/jobs/" + id).DELETE()).statusCode())
                .isEqualTo(204);
        await().untilAsserted(() -> assertThat(app.filesKept()).isEmpty());
    }

    @Test
    void aMovieThatCannotBeReadIsNotTriedAgain() throws Exception {
        start(1, Duration.ofMinutes(1));
        String id = app.finished(RunningApp.job(app.post("", BodyPublishers.ofString("no movie")))
                        .id())
                .id();

        CommandRun retry = run("jobs", "retry", id);

        assertThat(retry.exitCode()).isEqualTo(1);
        assertThat(retry.err()).contains("Its movie was not kept");
        assertThat(run("jobs", "retry", "unknown").err()).contains("There is no job 'unknown'");
    }

    @Test
    void workersAreQuietedResumedAndHalted() throws Exception {
        start(1, Duration.ofMinutes(1));
        await().untilAsserted(() ->
                assertThat(run("workers", "list").out()).containsPattern("local-1 +idle +0/1 +0 +inproc:"));

        assertThat(run("workers", "quiet", "local-1").out()).isEqualTo("local-1: told to quiet\n");
        assertThat(run("workers", "list").out()).containsPattern("local-1 +quiet");
        JobResource job = app.submit(mp4);
        assertThat(RunningApp.job(app.get("/v1/jobs/" + job.id() + "?wait=0.2")).state())
                .isEqualTo("queued");
        assertThat(run("workers", "resume", "local-1", "--json").out())
                .isEqualTo("{\"worker\":\"local-1\",\"order\":\"resume\",\"told\":1}\n");
        assertThat(app.finished(job.id()).state()).isEqualTo("succeeded");

        assertThat(run("workers", "halt", "local-1").exitCode()).isZero();
        await().untilAsserted(
                        () -> assertThat(run("workers", "list", "--json").out()).isEmpty());
        CommandRun gone = run("workers", "halt", "local-1");
        assertThat(gone.exitCode()).isEqualTo(1);
        assertThat(gone.err()).contains("There is no worker 'local-1'");
    }

    @Test
    void aServerIsWatchedOnce() throws Exception {
        start(1, Duration.ofMinutes(1));
        app.finished(app.submit(mp4).id());
        await().untilAsserted(() -> assertThat(run("monitor", "--once").out())
                .containsPattern("queued 0  running 0/1  workers 1  succeeded 1  failed 0")
                .containsPattern("local-1 +idle +0/1 +1 finished"));

        CommandRun json = run("monitor", "--once", "--json");

        assertThat(Json.read(json.out().getBytes(StandardCharsets.UTF_8), LiveSnapshot.class)
                        .figures()
                        .succeeded())
                .isEqualTo(1);
        CommandRun nobody = CommandRun.of("monitor", "--once", "--server", "http://127.0.0.1:1");
        assertThat(nobody.exitCode()).isEqualTo(1);
        assertThat(nobody.err()).contains("no server answers at http://127.0.0.1:1");
        assertThat(CommandRun.of("monitor", "--every", "1ms").exitCode()).isEqualTo(2);
    }

    @Test
    @Timeout(60)
    void onATerminalThePictureIsDrawnAnewEachTime() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "NOT RUN: no script (util-linux) found");
        start(1, Duration.ofMinutes(1));
        String server = app.app().http().toString();
        try (RoleProcess monitor = RoleProcess.launchOnTerminal(
                directory.resolve("tmp"), "monitor", "--every", "100ms", "--server", server)) {
            String first = monitor.outputUntil("workers 1  succeeded 0");
            assertThat(first).contains("\u001b[H\u001b[2J" + server + "/  ");
            assertThat(monitor.outputUntil("finished")).containsPattern("local-1 +idle +0/1");

            app.submit(mp4);
            String after = monitor.outputUntil("succeeded 1  failed 0") + monitor.outputUntil("succeeded 1  failed 0");
            assertThat(after.split("\u001b\\[H\u001b\\[2J", -1))
                    .hasSizeGreaterThan(2)
                    .allSatisfy(picture -> assertThat(picture.lines()).hasSizeLessThan(5));

            app.close();
            monitor.outputUntil("no server answers at " + server);
            assertThat(monitor.isAlive()).isTrue();
        }
    }

    @Test
    void jobsOfOneStateAreListedInPages() throws Exception {
        start(0, Duration.ofMinutes(1));
        List<String> cancelled = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String id = app.submit(mp4).id();
            if (i % 2 == 0) {
                app.app().queue().cancel(id);
                cancelled.add(0, id);
            }
        }

        List<String> listed = new ArrayList<>();
        String next = "/v1/jobs?state=cancelled&limit=2";
        while (next != null) {
            Page page = Json.read(app.get(next).body(), Page.class);
            assertThat(page.jobs()).hasSizeBetween(1, 2);
            page.jobs().forEach(job -> listed.add(job.id()));
            next = page.next();
        }

        assertThat(listed).isEqualTo(cancelled);
        assertThat(RunningApp.problem(app.get("/v1/jobs?state=lost")).detail())
                .contains("queued, running, succeeded, failed, cancelled");
    }

    @Test
    void wrongUsageAndAServerThatIsNotThereAreToldApart() {
        assertThat(CommandRun.of("jobs").exitCode()).isEqualTo(2);
        assertThat(CommandRun.of("workers").exitCode()).isEqualTo(2);
        assertThat(CommandRun.of("jobs", "show").exitCode()).isEqualTo(2);
        assertThat(CommandRun.of("jobs", "list", "--state", "lost").exitCode()).isEqualTo(2);
        assertThat(CommandRun.of("jobs", "list", "--server", "nowhere").exitCode())
                .isEqualTo(2);
        CommandRun nobody = CommandRun.of("workers", "list", "--server", "http://127.0.0.1:1");
        assertThat(nobody.exitCode()).isEqualTo(1);
        assertThat(nobody.err()).contains("no server answers at http://127.0.0.1:1");
    }

    @Test
    void aServerThatAsksForATokenIsShownIt() throws Exception {
        app = RunningApp.start(
                directory.resolve("data"), settings -> settings.workers(1).token(new Secret("correct-horse-battery")));
        Path token = Files.writeString(directory.resolve("token"), "correct-horse-battery\n");
        Path gif = directory.resolve("out.gif");
        String[] convert = {"convert", mp4.toString(), "-o", gif.toString(), "--token", "@" + token};

        assertThat(run(convert).exitCode()).isZero();
        assertThat(gif).isNotEmptyFile();
        assertThat(run("jobs", "list", "--token", "@" + token).out().lines()).hasSize(2);
        assertThat(run("workers", "list", "--token", "correct-horse-battery").exitCode())
                .isZero();
        assertThat(run("jobs", "list").err()).contains("This server asks for a token");
        CommandRun wrong = run("jobs", "list", "--token", "another-horse-battery");
        assertThat(wrong.exitCode()).isEqualTo(1);
        assertThat(wrong.err()).contains("The token is another one");
    }

    private record Page(List<JobResource> jobs, String next) {}

    private CommandRun run(String... arguments) {
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--server", app.app().http().toString()));
        return CommandRun.of(line.toArray(String[]::new));
    }

    private void start(int workers, Duration jobTimeout) {
        app = RunningApp.start(
                directory.resolve("data"),
                settings -> settings.workers(workers).jobTimeout(jobTimeout).drain(Duration.ofMillis(100)));
    }
}
