package org.nngjava.workers.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.workers.JobError;
import org.nngjava.workers.JobState;
import org.nngjava.workers.Latency;
import org.nngjava.workers.Presence;
import org.nngjava.workers.QueueFigures;
import org.nngjava.workers.QueueStatus;
import org.nngjava.workers.Traffic;
import org.nngjava.workers.WorkerFigures;
import org.nngjava.workers.WorkerMode;

class Ngw1Test {
    private static final WorkerInfo WORKER =
            new WorkerInfo("w1", "ann", 2, List.of("gif", "mp3"), Set.of("gpu"), WorkerMode.QUIET, 7);

    static Stream<Object> headers() {
        return Stream.of(
                new Request.Ready(WORKER, "q1", true, null),
                new Request.Ready(
                        WORKER,
                        "q1",
                        false,
                        new Report("j", "t", Report.Outcome.DONE, null, new Report.Result("image/gif", "u"))),
                new Request.Ready(
                        WORKER,
                        "q1",
                        true,
                        new Report("j", "t", Report.Outcome.FAILED, new JobError("c", "m", true), null)),
                new Request.Heartbeat(
                        WORKER,
                        true,
                        List.of(new Request.Claim("j", "t", 0.25)),
                        new WorkerFigures(1, 2, 3, 4, 5, 6, 7, new Latency(9, 8, 7, 6), new Traffic(1, 2, 3, 4))),
                new Request.Get("t", 1L << 40, 1024),
                new Request.Put("t", "u", 0, true, "image/gif"),
                new Request.Leave("w1"),
                new Reply.Run(
                        Reply.Verdict.CONFIRMED,
                        "j",
                        "gif",
                        2,
                        "t",
                        Map.of("width", "480"),
                        1L << 33,
                        "0a",
                        600_000,
                        Set.of("red")),
                new Reply.Nothing(Reply.Verdict.REFUSED),
                new Reply.Nothing(null),
                new Reply.Orders(List.of("t1", "t2"), 10_000, 2_000, null),
                new Reply.Orders(List.of(), 10_000, 2_000, new Reply.Order(7, WorkerMode.QUIET, 0)),
                new Reply.Chunk(7),
                new Reply.Stored(1L << 33),
                new Reply.Refused(Reply.Refused.BUSY, "later"),
                new Bulletin.OfJob(
                        "b", 1, "j", "gif", JobState.RUNNING, 1, 0.5, "ann", Instant.parse("2026-01-02T03:04:05.678Z")),
                new Bulletin.OfWorker(
                        "b",
                        2,
                        "w1",
                        "ann",
                        Presence.SILENT,
                        2,
                        Set.of("gpu"),
                        WorkerMode.ACTIVE,
                        WorkerFigures.NONE,
                        Instant.parse("2026-01-02T03:04:05Z")),
                new Bulletin.OfQueue(
                        "b",
                        3,
                        Presence.ALIVE,
                        2_000,
                        new QueueStatus(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, true),
                        new QueueFigures(
                                1, 2, 3, 4, 5, 6, 7, 8, new Latency(9, 8, 7, 6), Latency.NONE, new Traffic(1, 2, 3, 4)),
                        Instant.parse("2026-01-02T03:04:05Z")));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void whatIsWrittenIsRead(Object header) throws BadMessageException {
        ByteBuffer message = ByteBuffer.wrap(concat(Ngw1.encode(header), "the body".getBytes(UTF_8)));
        Class<?> type =
                header instanceof Request ? Request.class : header instanceof Reply ? Reply.class : Bulletin.class;
        assertThat((Object) Ngw1.decode(message, type)).isEqualTo(header);
        assertThat(UTF_8.decode(message).toString()).isEqualTo("the body");
    }

    @Test
    void theFormIsMagicLengthHeaderBody() {
        byte[] bytes = Ngw1.encode(new Request.Leave("w1"));
        String json = "{\"op\":\"leave\",\"worker\":\"w1\"}";
        assertThat(new String(bytes, 0, 4, UTF_8)).isEqualTo("NGW1");
        assertThat(ByteBuffer.wrap(bytes).getInt(4)).isEqualTo(json.length());
        assertThat(new String(bytes, 8, bytes.length - 8, UTF_8)).isEqualTo(json);
    }

    @Test
    void timesAreTextAndWordsAreInLowerCase() {
        String json = new String(
                Ngw1.encode(new Bulletin.OfJob(
                        "b", 1, "j", "gif", JobState.QUEUED, 0, 0, null, Instant.parse("2026-01-02T03:04:05Z"))),
                UTF_8);
        assertThat(json)
                .contains("\"event\":\"job\"", "\"state\":\"queued\"", "\"at\":\"2026-01-02T03:04:05Z\"")
                .doesNotContain("null");
    }

    @Test
    void unknownFieldsAreIgnored() throws BadMessageException {
        Request request =
                Ngw1.decode(message("{\"op\":\"leave\",\"worker\":\"w1\",\"mood\":{\"good\":[1,2]}}"), Request.class);
        assertThat(request).isEqualTo(new Request.Leave("w1"));
    }

    @Test
    void anotherVersionIsToldFromGarbage() {
        byte[] other = Ngw1.encode(new Request.Leave("w1"));
        other[3] = '2';
        assertThatThrownBy(() -> Ngw1.decode(ByteBuffer.wrap(other), Request.class))
                .isInstanceOfSatisfying(
                        BadMessageException.class, e -> assertThat(e.code()).isEqualTo(Reply.Refused.VERSION));
        assertMalformed(ByteBuffer.wrap("GET / HTTP/1.1\r\n".getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"op\":\"dance\"}",
                "{\"op\":\"leave\"}",
                "{\"op\":\"leave\",\"worker\":\"\"}",
                "{\"op\":\"ready\",\"id\":\"q\",\"wanted\":true}",
                "{\"op\":\"ready\",\"id\":\"q\",\"worker\":{\"id\":\"w\",\"name\":\"n\",\"slots\":0,\"types\":[\"x\"]}}",
                "{\"op\":\"ready\",\"id\":\"q\",\"worker\":{\"id\":\"w\",\"name\":\"n\",\"slots\":1,\"types\":[]}}",
                "{\"op\":\"get\",\"token\":\"t\",\"offset\":-1,\"length\":1}",
                "{\"op\":\"get\",\"token\":\"t\",\"offset\":0,\"length\":2000000}",
                "{\"op\":\"get\",\"token\":\"t\",\"offset\":\"zero\",\"length\":1}",
                "{\"op\":\"put\",\"token\":\"t\",\"upload\":\"u\",\"offset\":-1,\"last\":true}",
                "{\"op\":\"leave\",\"worker\":\"w1\""
            })
    void whatIsNotARequestIsRefused(String json) {
        assertMalformed(message(json));
    }

    @Test
    void lengthsThatLieAreRefused() {
        ByteBuffer tooLong = ByteBuffer.wrap(Ngw1.encode(new Request.Leave("w1")));
        tooLong.putInt(4, 1_000);
        assertMalformed(tooLong);
        ByteBuffer negative = ByteBuffer.wrap(Ngw1.encode(new Request.Leave("w1")));
        negative.putInt(4, -1);
        assertMalformed(negative);
        assertMalformed(ByteBuffer.wrap("NGW1".getBytes(UTF_8)));
        assertMalformed(ByteBuffer.allocate(0));
    }

    @Test
    void aHeaderHasALongestLength() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ngw1.encode(new Reply.Refused("x", "y".repeat(Limits.HEADER))));
    }

    @Test
    void theHeartbeatOfTheBiggestWorkerFits() {
        List<Request.Claim> claims = Stream.generate(
                        () -> new Request.Claim("j".repeat(26), "t".repeat(32), 0.123456789012345))
                .limit(Limits.SLOTS)
                .toList();
        List<String> types = Stream.generate(() -> "x".repeat(Limits.NAME))
                .limit(Limits.TYPES)
                .toList();
        Set<String> labels = IntStream.range(0, Limits.LABELS)
                .mapToObj(number -> number + "l".repeat(Limits.NAME - 2))
                .collect(Collectors.toSet());
        WorkerInfo biggest = new WorkerInfo(
                "i".repeat(36),
                "n".repeat(Limits.NAME),
                Limits.SLOTS,
                types,
                labels,
                WorkerMode.HALTING,
                Long.MAX_VALUE);
        WorkerFigures figures = new WorkerFigures(
                256,
                256,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                new Latency(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE),
                new Traffic(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));
        assertThat(Ngw1.encode(new Request.Heartbeat(biggest, true, claims, figures)))
                .hasSizeLessThan(Limits.HEADER);
    }

    private static void assertMalformed(ByteBuffer message) {
        assertThatThrownBy(() -> Ngw1.decode(message, Request.class))
                .isInstanceOfSatisfying(
                        BadMessageException.class, e -> assertThat(e.code()).isEqualTo(Reply.Refused.MALFORMED));
    }

    private static ByteBuffer message(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        return ByteBuffer.allocate(8 + bytes.length)
                .put("NGW1".getBytes(UTF_8))
                .putInt(bytes.length)
                .put(bytes)
                .flip();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
