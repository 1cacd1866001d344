package org.nngjava.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nngjava.Message;
import org.nngjava.NngOptions;
import org.nngjava.ReqContext;
import org.nngjava.ReqSocket;
import org.nngjava.workers.internal.Ngw1;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A queue with a thousand workers that wait. They speak the protocol by themselves, since each would cost two threads otherwise. */
@Timeout(120)
class ManyWorkersTest {
    private static final int WORKERS = 1_000;
    private static final int PER_CONNECTION = 25;
    private static final JsonMapper JSON = new JsonMapper();

    /** A worker of one slot that says nothing but what it is asked to. */
    private record Waiting(String worker, ReqContext context) {
        private CompletableFuture<Message> ask(String more) {
            return context.requestAsync(message("{\"op\":\"ready\",\"worker\":{\"id\":\"" + worker + "\",\"name\":\""
                    + worker + "\",\"slots\":1,\"types\":[\"x\"]}," + more + "}"));
        }
    }

    @Test
    void aThousandParkedWorkersGetOneJobEach() throws Exception {
        List<ReqSocket> sockets = new ArrayList<>();
        try (JobQueue queue = JobQueue.builder()
                .listen("tcp://127.0.0.1:0")
                .heartbeat(Duration.ofMinutes(1))
                .lease(Duration.ofMinutes(5))
                .parkTime(Duration.ofMinutes(5))
                .open()) {
            List<Waiting> workers = new ArrayList<>();
            List<CompletableFuture<Message>> answers = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                if (i % PER_CONNECTION == 0) {
                    sockets.add(connect(queue));
                }
                Waiting worker =
                        new Waiting("w" + i, sockets.get(sockets.size() - 1).openContext());
                workers.add(worker);
                answers.add(worker.ask("\"id\":\"q1\",\"wanted\":true"));
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> queue.status().idle() == WORKERS);
            assertThat(queue.status().workers()).isEqualTo(WORKERS);

            List<Job> jobs = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                jobs.add(queue.submit("x", new byte[0]));
            }
            Set<String> given = new HashSet<>();
            List<CompletableFuture<Message>> verdicts = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                JsonNode run = header(answers.get(i));
                assertThat(run.get("op").asString()).isEqualTo("run");
                assertThat(given.add(run.get("job").asString())).isTrue();
                verdicts.add(workers.get(i)
                        .ask("\"id\":\"q2\",\"wanted\":false,\"report\":{\"job\":\""
                                + run.get("job").asString() + "\",\"token\":\""
                                + run.get("token").asString() + "\",\"outcome\":\"done\"}"));
            }
            for (CompletableFuture<Message> verdict : verdicts) {
                assertThat(header(verdict).get("verdict").asString()).isEqualTo("confirmed");
            }
            assertThat(JobQueueTest.finished(queue, jobs)).allMatch(job -> job.attempt() == 1);
            assertThat(queue.status().succeeded()).isEqualTo(WORKERS);
        } finally {
            sockets.forEach(ReqSocket::close);
        }
    }

    private static ReqSocket connect(JobQueue queue) {
        ReqSocket socket = ReqSocket.open();
        socket.set(NngOptions.REQ_RESEND_TIME, NngOptions.INFINITE);
        socket.dial(queue.workUrls().get(0));
        return socket;
    }

    private static JsonNode header(CompletableFuture<Message> answer) throws Exception {
        try (Message message = answer.get(60, TimeUnit.SECONDS)) {
            return Ngw1.decode(message.body(), JsonNode.class);
        }
    }

    private static Message message(String json) {
        return Message.of(Ngw1.encode(JSON.readTree(json)));
    }
}
