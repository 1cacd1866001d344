package org.nngjava.gifbroker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.gifbroker.http.JobResource;
import org.nngjava.gifbroker.http.Json;
import org.nngjava.gifbroker.http.LiveSnapshot;

/** A worker on another host, and the cable between. */
class CutNetworkTest {
    private static final String TOKEN = "correct-horse-battery";
    private static final int JOBS = 4;

    @TempDir
    Path directory;

    @Test
    void whenTheNetworkIsCutTheJobsGoToAnotherWorkerAndItLosesThem() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), TOKEN);
        try (NetworkNamespace other = namespace();
                RoleProcess server = RoleProcess.start(
                        directory.resolve("server"),
                        "broker",
                        "--http",
                        other.host() + ":0",
                        "--token",
                        "@" + token,
                        "--listen",
                        "tcp://127.0.0.1:0",
                        "--events",
                        "tcp://127.0.0.1:0");
                RoleProcess remote = RoleProcess.start(
                        other.exec(), directory.resolve("remote"), worker(server, token, "remote", "3s"))) {
            List<String> ids = new ArrayList<>();
            for (int i = 1; i <= JOBS; i++) {
                ids.add(ask(
                                server,
                                request(server, "/v1/work?type=counter")
                                        .POST(BodyPublishers.ofString(Integer.toString(i))))
                        .id());
            }
            for (String id : ids) {
                await().until(() ->
                        ask(server, request(server, "/v1/jobs/" + id)).state().equals("running"));
            }
            other.cut();
            long cut = System.nanoTime();
            try (RoleProcess local =
                    RoleProcess.start(directory.resolve("local"), worker(server, token, "local", "0"))) {
                for (String id : ids) {
                    JobResource done = ask(server, request(server, "/v1/jobs/" + id + "?wait=60"));
                    assertThat(done.state()).isEqualTo("succeeded");
                    assertThat(done.worker()).isEqualTo("local1");
                }
                assertThat(local.isAlive()).isTrue();
            }
            System.out.println("measured: from the cut of the network to the last of " + JOBS + " jobs, lease 2 s: "
                    + (System.nanoTime() - cut) / 1_000_000 + " ms");
            other.mend();

            await().atMost(Duration.ofSeconds(90))
                    .until(() -> ids.stream().allMatch(id -> remote.log().contains("has lost job " + id)));
            String back = ask(server, request(server, "/v1/work?type=counter").POST(BodyPublishers.ofString("5")))
                    .id();
            assertThat(ask(server, request(server, "/v1/jobs/" + back + "?wait=60"))
                            .worker())
                    .isEqualTo("remote1");
            LiveSnapshot live = Json.read(
                    server.sendAsync(request(server, "/v1/live").build()).join().body(), LiveSnapshot.class);
            assertThat(live.figures().succeeded()).isEqualTo(JOBS + 1);
        }
    }

    private static NetworkNamespace namespace() {
        try {
            return NetworkNamespace.create();
        } catch (IOException e) {
            return abort("NOT RUN: no network namespace: " + e.getMessage());
        }
    }

    private static String[] worker(RoleProcess server, Path token, String name, String workTime) {
        return new String[] {
            "stream-worker",
            "--server",
            server.http().toString(),
            "--token",
            "@" + token,
            "--name",
            name,
            "--lease",
            "2s",
            "--work-time",
            workTime
        };
    }

    private static HttpRequest.Builder request(RoleProcess server, String path) {
        return server.request(path).header("Authorization", "Bearer " + TOKEN);
    }

    private static JobResource ask(RoleProcess server, HttpRequest.Builder request) {
        return Json.read(server.sendAsync(request.build()).join().body(), JobResource.class);
    }
}
