package org.nngjava.workers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nngjava.Message;
import org.nngjava.NngOptions;
import org.nngjava.NngTimeoutException;
import org.nngjava.ReqContext;
import org.nngjava.ReqSocket;
import org.nngjava.SubSocket;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks to a queue as docs/protocol.md says, with nothing but a REQ socket and a JSON library. */
@Timeout(30)
class ProtocolTest {
    private static final String WORKER =
            "\"worker\":{\"id\":\"w1\",\"name\":\"foreign\",\"slots\":1,\"types\":[\"x\"]}";
    private static final JsonMapper JSON = new JsonMapper();

    private JobQueue queue;
    private ReqSocket socket;
    private ReqContext context;

    @BeforeEach
    void connect() {
        queue = JobQueue.builder()
                .listen("tcp://127.0.0.1:0")
                .events("tcp://127.0.0.1:0")
                .open();
        socket = ReqSocket.open();
        socket.set(NngOptions.REQ_RESEND_TIME, NngOptions.INFINITE);
        socket.dial(queue.workUrls().get(0));
        context = socket.openContext();
    }

    @AfterEach
    void close() {
        socket.close();
        queue.close();
    }

    @Test
    void aForeignWorkerTakesPart() throws Exception {
        Job job = queue.submit("x", "in".getBytes(UTF_8));
        Received run = ask("{\"op\":\"ready\",\"id\":\"q1\",\"wanted\":true," + WORKER + "}", "");
        assertThat(run.header.get("op").asString()).isEqualTo("run");
        assertThat(run.header.get("job").asString()).isEqualTo(job.id());
        assertThat(run.header.get("type").asString()).isEqualTo("x");
        assertThat(run.header.get("attempt").asInt()).isEqualTo(1);
        assertThat(run.header.get("payloadSize").asInt()).isEqualTo(2);
        assertThat(run.body).isEqualTo("in");
        String token = run.header.get("token").asString();

        String claim = "{\"job\":\"" + job.id() + "\",\"token\":\"" + token + "\",\"progress\":0.5}";
        Received orders = ask("{\"op\":\"heartbeat\"," + WORKER + ",\"waits\":false,\"leases\":[" + claim + "]}", "");
        assertThat(orders.header.get("op").asString()).isEqualTo("orders");
        assertThat(orders.header.get("drop")).isEmpty();
        assertThat(orders.header.get("leaseMs").asInt()).isEqualTo(10_000);

        String report = "\"report\":{\"job\":\"" + job.id() + "\",\"token\":\"" + token
                + "\",\"outcome\":\"done\",\"result\":{\"contentType\":\"text/plain\"}}";
        Received settled =
                ask("{\"op\":\"ready\",\"id\":\"q2\",\"wanted\":false," + WORKER + "," + report + "}", "out");
        assertThat(settled.header.get("op").asString()).isEqualTo("nothing");
        assertThat(settled.header.get("verdict").asString()).isEqualTo("confirmed");

        Job done = JobQueueTest.finished(queue, job);
        assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(queue.blobs().open(done.result().id())).hasBinaryContent("out".getBytes(UTF_8));
        assertThat(ask("{\"op\":\"leave\",\"worker\":\"w1\"}", "")
                        .header
                        .get("op")
                        .asString())
                .isEqualTo("nothing");
        assertThat(queue.workers()).isEmpty();
    }

    @Test
    void bigPayloadsAndResultsTravelInChunks() throws Exception {
        byte[] payload = new byte[2_500_000];
        payload[2_400_000] = 'x';
        Job job = queue.submit("x", payload);
        Received run = ask("{\"op\":\"ready\",\"id\":\"q1\",\"wanted\":true," + WORKER + "}", "");
        assertThat(run.body).isEmpty();
        String token = run.header.get("token").asString();
        Received chunk = ask("{\"op\":\"get\",\"token\":\"" + token + "\",\"offset\":2400000,\"length\":1048576}", "");
        assertThat(chunk.header.get("op").asString()).isEqualTo("chunk");
        assertThat(chunk.body).hasSize(100_000).startsWith("x");

        String put = "{\"op\":\"put\",\"token\":\"" + token + "\",\"upload\":\"u1\",\"offset\":";
        assertThat(ask(put + "0,\"last\":false}", "hello ").header.get("offset").asInt())
                .isEqualTo(6);
        // A part that is sent again is stored once; one that leaves a gap is refused.
        assertThat(ask(put + "0,\"last\":false}", "hello ").header.get("offset").asInt())
                .isEqualTo(6);
        assertThat(ask(put + "99,\"last\":false}", "gap").header.get("code").asString())
                .isEqualTo("offset");
        assertThat(ask(put + "6,\"last\":true,\"contentType\":\"text/plain\"}", "world")
                        .header
                        .get("offset")
                        .asInt())
                .isEqualTo(11);
        String report = "\"report\":{\"job\":\"" + job.id() + "\",\"token\":\"" + token
                + "\",\"outcome\":\"done\",\"result\":{\"contentType\":\"text/plain\",\"upload\":\"u1\"}}";
        ask("{\"op\":\"ready\",\"id\":\"q2\",\"wanted\":false," + WORKER + "," + report + "}", "");
        Job done = JobQueueTest.finished(queue, job);
        assertThat(queue.blobs().open(done.result().id())).hasBinaryContent("hello world".getBytes(UTF_8));
        assertThat(done.result().contentType()).isEqualTo("text/plain");

        Received late = ask("{\"op\":\"get\",\"token\":\"" + token + "\",\"offset\":0,\"length\":1}", "");
        assertThat(late.header.get("code").asString()).isEqualTo("stale");
    }

    @Test
    void aResultThatIsReportedAgainWhileItIsSavedStays() throws Exception {
        SlowStore store = new SlowStore();
        store.release();
        MemoryBlobStore blobs = new MemoryBlobStore();
        queue.close();
        queue = JobQueue.builder()
                .listen("tcp://127.0.0.1:0")
                .store(store)
                .blobs(blobs)
                .open();
        socket.dial(queue.workUrls().get(0));
        Job job = queue.submit("x", new byte[0]);
        Received run = ask("{\"op\":\"ready\",\"id\":\"q1\",\"wanted\":true," + WORKER + "}", "");
        String token = run.header.get("token").asString();
        ask("{\"op\":\"put\",\"token\":\"" + token + "\",\"upload\":\"u1\",\"offset\":0,\"last\":true}", "the result");
        store.hold();
        String report = "{\"op\":\"ready\",\"id\":\"q2\",\"wanted\":false," + WORKER + ",\"report\":{\"job\":\""
                + job.id() + "\",\"token\":\"" + token + "\",\"outcome\":\"done\",\"result\":{\"upload\":\"u1\"}}}";
        try (ReqContext once = socket.openContext();
                ReqContext again = socket.openContext()) {
            var answers = List.of(
                    once.requestAsync(message("NGW1", report, "")), again.requestAsync(message("NGW1", report, "")));
            ask("NGW0", "{}", ""); // answered when those before it are read
            assertThat(answers).noneMatch(CompletableFuture::isDone);
            store.release();
            for (CompletableFuture<Message> answer : answers) {
                answer.get(10, TimeUnit.SECONDS).close();
            }
        }
        Job done = JobQueueTest.finished(queue, job);
        queue.close(); // and what is to be deleted is deleted
        assertThat(blobs.open(done.result().id())).hasBinaryContent("the result".getBytes(UTF_8));
    }

    @Test
    void anotherVersionAndGarbageAreRefusedWithAnAnswer() throws Exception {
        Received version = ask("NGW2", "{\"op\":\"leave\",\"worker\":\"w1\"}", "");
        assertThat(version.header.get("op").asString()).isEqualTo("refused");
        assertThat(version.header.get("code").asString()).isEqualTo("version");
        assertThat(ask("HTTP", "{}", "").header.get("code").asString()).isEqualTo("malformed");
        assertThat(ask("NGW1", "{\"op\":\"dance\"}", "").header.get("code").asString())
                .isEqualTo("malformed");
    }

    @Test
    void aConnectionMayHave32QuestionsOpenAndNoMore() throws Exception {
        List<CompletableFuture<Message>> open = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            open.add(socket.openContext()
                    .requestAsync(message(
                            "NGW1", "{\"op\":\"ready\",\"id\":\"q" + i + "\",\"wanted\":true," + WORKER + "}", "")));
        }
        await().until(() -> queue.status().idle() == 32);
        Received one = ask("{\"op\":\"ready\",\"id\":\"more\",\"wanted\":true," + WORKER + "}", "");
        assertThat(one.header.get("code").asString()).isEqualTo("busy");
        assertThat(open).noneMatch(CompletableFuture::isDone);
        queue.submit("x", new byte[0]);
        await().until(() -> open.stream().filter(CompletableFuture::isDone).count() == 1);
        Received again = ask("{\"op\":\"heartbeat\"," + WORKER + ",\"waits\":false}", "");
        assertThat(again.header.get("op").asString()).isEqualTo("orders");
        for (CompletableFuture<Message> future : open) {
            future.cancel(true);
            future.thenAccept(Message::close);
        }
    }

    @Test
    void aMessageThatIsTooLongEndsTheConnectionAndNotTheQueue() throws Exception {
        assertThatThrownBy(() -> context.requestAsync(Message.allocate(3 << 20)).get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
        assertThat(ask("{\"op\":\"leave\",\"worker\":\"w1\"}", "")
                        .header
                        .get("op")
                        .asString())
                .isEqualTo("nothing");
    }

    @Test
    void whatIsPublishedBeginsWithItsTopic() throws Exception {
        try (SubSocket all = SubSocket.open();
                SubSocket other = SubSocket.open()) {
            all.subscribe("job/");
            all.dial(queue.eventUrls().get(0));
            other.subscribe("job/none");
            other.dial(queue.eventUrls().get(0));
            // A subscriber that connects hears what is published from then on: wait until it hears anything.
            Job job = queue.submit("x", new byte[0]);
            Message first = await().until(
                            () -> {
                                queue.cancel(queue.submit("x", new byte[0]).id());
                                return all.tryReceive().orElse(null);
                            },
                            message -> message != null);
            first.close();
            queue.cancel(job.id());
            String topic = "job/" + job.id() + "\0";
            String text;
            do {
                text = new String(all.receiveBytes(), UTF_8);
            } while (!text.startsWith(topic));
            JsonNode header = JSON.readTree(text.substring(topic.length() + 8));
            assertThat(header.get("event").asString()).isEqualTo("job");
            assertThat(header.get("state").asString()).isEqualTo("cancelled");
            assertThat(header.get("number").asLong()).isPositive();
            assertThatThrownBy(() -> other.receive(Duration.ofMillis(50))).isInstanceOf(NngTimeoutException.class);
        }
    }

    private record Received(JsonNode header, String body) {}

    private Received ask(String json, String body) throws Exception {
        return ask("NGW1", json, body);
    }

    private Received ask(String magic, String json, String body) throws Exception {
        try (Message answer = context.requestAsync(message(magic, json, body)).get(10, TimeUnit.SECONDS)) {
            ByteBuffer bytes = ByteBuffer.wrap(answer.toByteArray());
            assertThat(bytes.getInt())
                    .isEqualTo(ByteBuffer.wrap("NGW1".getBytes(UTF_8)).getInt());
            byte[] header = new byte[bytes.getInt()];
            bytes.get(header);
            return new Received(JSON.readTree(header), UTF_8.decode(bytes).toString());
        }
    }

    private static Message message(String magic, String json, String body) {
        byte[] header = json.getBytes(UTF_8);
        byte[] tail = body.getBytes(UTF_8);
        return Message.of(ByteBuffer.allocate(8 + header.length + tail.length)
                .put(magic.getBytes(UTF_8))
                .putInt(header.length)
                .put(header)
                .put(tail)
                .flip());
    }
}
