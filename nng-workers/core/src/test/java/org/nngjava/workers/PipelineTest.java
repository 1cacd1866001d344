package org.nngjava.workers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.NngError;
import org.nngjava.NngException;
import org.nngjava.PullSocket;

@Timeout(60)
class PipelineTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final byte[] ANYTHING = {42};

    @TempDir
    Path directory;

    @AutoClose
    private final Opened opened = new Opened();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachSinkGetsItsShare(boolean acknowledged) throws Exception {
        List<PipelineSink> sinks = List.of(
                sink("tcp://127.0.0.1:0", acknowledged, message -> {}),
                sink("ipc://" + directory.resolve("b"), acknowledged, message -> {}),
                sink("inproc://" + directory.getFileName(), acknowledged, message -> {}));
        Pipeline pipeline = pipeline(acknowledged, sinks);

        for (int i = 0; i < 999; i++) {
            pipeline.send(ANYTHING, LONG);
        }

        assertThat(pipeline.drain(LONG)).isTrue();
        await().until(() -> sinks.stream().allMatch(sink -> sink.handled() == 333));
        assertThat(pipeline.sinks()).allSatisfy(sink -> {
            assertThat(sink.delivered()).isEqualTo(333);
            assertThat(sink.waiting()).isZero();
        });
    }

    @Test
    void aPlainSinkMayBeAnyProgramThatPulls() throws Exception {
        PullSocket foreign = opened.add(PullSocket.open());
        Pipeline pipeline =
                open(Pipeline.builder().sink(foreign.listen("tcp://127.0.0.1:0").url()));
        assertThat(pipeline.awaitSinks(1, LONG)).isTrue();

        pipeline.send("as it is".getBytes(UTF_8)).get();

        assertThat(new String(foreign.receiveBytes(), UTF_8)).isEqualTo("as it is");
    }

    @Test
    void aPipelineWaitsForItsSinks() throws Exception {
        String first = url("first");
        String second = url("second");
        List<String> heard = new CopyOnWriteArrayList<>();
        Pipeline pipeline = open(
                Pipeline.builder().sink(first).sink(second).onSink(sink -> heard.add(sink.url() + " " + sink.link())));
        assertThat(pipeline.awaitSinks(1, Duration.ofMillis(50))).isFalse();
        assertThat(pipeline.sinks()).allMatch(sink -> sink.link() == SinkStatus.Link.AWAY);
        assertThatThrownBy(() -> pipeline.send(ANYTHING))
                .isInstanceOf(PipelineFullException.class)
                .hasMessage("no sink is connected");

        PipelineSink came = sink(second, false, message -> {});

        assertThat(pipeline.awaitSinks(1, LONG)).isTrue();
        assertThat(pipeline.awaitSinks(2, Duration.ofMillis(50))).isFalse();
        assertThat(pipeline.sinks())
                .extracting(SinkStatus::link)
                .containsExactly(SinkStatus.Link.AWAY, SinkStatus.Link.CONNECTED);
        came.close();
        await().untilAsserted(() -> assertThat(heard).containsExactly(second + " CONNECTED", second + " AWAY"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSinkOfTheOtherKindIsNoSink(boolean acknowledged) throws Exception {
        PipelineSink other = sink("tcp://127.0.0.1:0", !acknowledged, message -> {});
        Pipeline.Builder builder = Pipeline.builder().sink(other.url());
        Pipeline pipeline = open(acknowledged ? builder.acknowledged() : builder);

        await().until(() -> pipeline.sinks().get(0).link() == SinkStatus.Link.UNFIT);

        assertThat(pipeline.awaitSinks(1, Duration.ofMillis(50))).isFalse();
    }

    @Test
    void aSinkThatIsBusyHasWhatItsBufferTakesAndTheOthersGoOn() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        PipelineSink busy = sink(url("busy"), true, message -> go.await());
        PipelineSink idle = sink(url("idle"), true, message -> {});
        Pipeline pipeline = open(Pipeline.builder()
                .sink(busy.url())
                .sink(idle.url())
                .acknowledged()
                .buffer(5));
        assertThat(pipeline.awaitSinks(2, LONG)).isTrue();

        for (int i = 0; i < 100; i++) {
            pipeline.send(ANYTHING, LONG);
        }
        await().until(() -> idle.handled() == 95);
        assertThat(pipeline.sinks().get(0).waiting()).isEqualTo(5);

        go.countDown();
        await().until(() -> pipeline.sinks().get(0).waiting() == 0);
        for (int i = 0; i < 100; i++) {
            pipeline.send(ANYTHING, LONG).get();
        }
        assertThat(busy.handled()).isEqualTo(55);
        assertThat(idle.handled()).isEqualTo(145);
    }

    @Test
    void whenAllSinksAreBusyMessagesAreRefusedOrWait() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        PipelineSink first = sink(url("first"), true, message -> go.await());
        PipelineSink second = sink(url("second"), true, message -> go.await());
        Pipeline pipeline = open(Pipeline.builder()
                .sink(first.url())
                .sink(second.url())
                .acknowledged()
                .buffer(2));
        assertThat(pipeline.awaitSinks(2, LONG)).isTrue();
        for (int i = 0; i < 4; i++) {
            pipeline.send(ANYTHING);
        }

        assertThatThrownBy(() -> pipeline.send(ANYTHING))
                .isInstanceOf(PipelineFullException.class)
                .hasMessage("the buffers of all connected sinks are full (2 of 2)");
        assertThatThrownBy(() -> pipeline.send(ANYTHING, Duration.ofMillis(20)))
                .isInstanceOf(PipelineFullException.class);
        CompletableFuture<Void> waits = NewThread.run(() -> sendAndWait(pipeline));
        go.countDown();

        waits.get();
        await().until(() -> first.handled() + second.handled() == 5);
    }

    @Test
    void aPlainPipelineDoesNotFillUpEither() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        PipelineSink sink = sink("tcp://127.0.0.1:0", false, message -> go.await());
        Pipeline pipeline = open(Pipeline.builder().sink(sink.url()).buffer(10));
        assertThat(pipeline.awaitSinks(1, LONG)).isTrue();
        byte[] large = new byte[Pipeline.MAX_MESSAGE];

        AtomicInteger taken = new AtomicInteger();
        assertThatThrownBy(() -> {
                    while (true) {
                        pipeline.send(large, Duration.ofMillis(500));
                        taken.incrementAndGet();
                    }
                })
                .isInstanceOf(PipelineFullException.class);

        // The system's buffers hold some more of them.
        assertThat(taken).hasValueBetween(10, 60);
        go.countDown();
        await().until(() -> sink.handled() == taken.get());
    }

    @Test
    void whatASinkDidNotAcknowledgeGoesToAnotherWhenItDies() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        PipelineSink dies = sink(url("dies"), true, message -> never.await());
        Set<String> got = ConcurrentHashMap.newKeySet();
        PipelineSink lives = sink(url("lives"), true, message -> got.add(new String(message, UTF_8)));
        Pipeline pipeline = pipeline(true, List.of(dies, lives));
        List<CompletableFuture<Void>> deliveries = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            deliveries.add(pipeline.send(text(i)));
        }
        await().until(() -> got.size() == 100);

        dies.close();

        CompletableFuture.allOf(deliveries.toArray(CompletableFuture[]::new)).get();
        assertThat(got).hasSize(200);
        assertThat(pipeline.sinks().get(0).returned()).isEqualTo(100);
        assertThat(pipeline.sinks().get(1).delivered()).isEqualTo(200);
    }

    @Test
    void nothingIsLostThoughSinksDieAndComeBackAllTheTime() throws Exception {
        int messages = 3000;
        Random random = new Random(7);
        Set<String> got = ConcurrentHashMap.newKeySet();
        PipelineHandler handler = message -> got.add(new String(message, UTF_8));
        List<String> urls = List.of(url("a"), url("b"), url("c"));
        List<PipelineSink> sinks = new ArrayList<>();
        urls.forEach(url -> sinks.add(sink(url, true, handler)));
        Pipeline pipeline = pipeline(true, sinks);
        AtomicInteger delivered = new AtomicInteger();

        for (int i = 0; i < messages; i++) {
            pipeline.send(text(i), LONG).thenRun(delivered::incrementAndGet);
            if (i % 100 == 50) {
                int victim = random.nextInt(urls.size());
                sinks.get(victim).close();
                sinks.set(victim, sink(urls.get(victim), true, handler));
            }
        }

        assertThat(pipeline.drain(LONG)).isTrue();
        await().until(() -> delivered.get() == messages);
        assertThat(got).hasSize(messages);
        assertThat(pipeline.sinks()).anyMatch(sink -> sink.returned() > 0);
    }

    @Test
    void whatWaitsForAPlainSinkGoesToAnotherWhenItDies() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger got = new AtomicInteger();
        PipelineSink dies = sink("tcp://127.0.0.1:0", false, message -> never.await());
        PipelineSink lives = sink("tcp://127.0.0.1:0", false, message -> got.incrementAndGet());
        Pipeline pipeline =
                open(Pipeline.builder().sink(dies.url()).sink(lives.url()).buffer(20));
        assertThat(pipeline.awaitSinks(2, LONG)).isTrue();
        byte[] large = new byte[Pipeline.MAX_MESSAGE];
        int sent = 0;
        while (pipeline.sinks().get(0).waiting() < 20) {
            pipeline.send(large, LONG);
            sent++;
        }

        dies.close();

        int all = sent;
        await().until(() -> got.get() == all - pipeline.sinks().get(0).delivered());
        assertThat(pipeline.sinks().get(0).returned()).isPositive();
    }

    @Test
    void aSinkThatDoesNotAcknowledgeInTimeIsGivenUp() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        PipelineSink hangs = sink(url("hangs"), true, message -> never.await());
        Set<String> got = ConcurrentHashMap.newKeySet();
        PipelineSink works = sink(url("works"), true, message -> got.add(new String(message, UTF_8)));
        Pipeline pipeline = open(Pipeline.builder()
                .sink(hangs.url())
                .sink(works.url())
                .acknowledged(Duration.ofMillis(500))
                .buffer(5));
        assertThat(pipeline.awaitSinks(2, LONG)).isTrue();

        List<CompletableFuture<Void>> deliveries = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            deliveries.add(pipeline.send(text(i)));
        }

        CompletableFuture.allOf(deliveries.toArray(CompletableFuture[]::new)).get();
        assertThat(got).hasSize(10);
        assertThat(hangs.handled()).isZero();
    }

    @Test
    void aSinkThatIsSlowButAcknowledgesKeepsWhatItHas() throws Exception {
        PipelineSink slow = sink(url("slow"), true, message -> Thread.sleep(100));
        Pipeline pipeline = open(Pipeline.builder().sink(slow.url()).acknowledged(Duration.ofSeconds(2)));
        assertThat(pipeline.awaitSinks(1, LONG)).isTrue();

        for (int i = 0; i < 30; i++) {
            pipeline.send(text(i));
        }

        assertThat(pipeline.drain(LONG)).isTrue();
        assertThat(slow.handled()).isEqualTo(30);
        assertThat(pipeline.sinks().get(0).returned()).isZero();
    }

    @Test
    void aMessageWhoseHandlerFailsIsCountedAndDoesNotComeAgain() throws Exception {
        List<String> got = new ArrayList<>();
        PipelineSink sink = sink(url("sink"), true, message -> {
            got.add(new String(message, UTF_8));
            if (got.size() == 2) {
                throw new IllegalStateException("as the test wants it");
            }
        });
        Pipeline pipeline = pipeline(true, List.of(sink));

        for (int i = 0; i < 3; i++) {
            pipeline.send(text(i)).get();
        }

        assertThat(got).containsExactly("0", "1", "2");
        assertThat(sink.handled()).isEqualTo(3);
        assertThat(sink.failed()).isEqualTo(1);
    }

    @Test
    void stagesFollowEachOtherAndLoseNothing() throws Exception {
        Set<String> got = ConcurrentHashMap.newKeySet();
        PipelineSink end = sink(url("end"), true, message -> got.add(new String(message, UTF_8)));
        Pipeline second = pipeline(true, List.of(end));
        PipelineHandler stage = message ->
                second.send(text("stage " + new String(message, UTF_8)), LONG).get();
        List<PipelineSink> stages =
                new ArrayList<>(List.of(sink(url("stage-1"), true, stage), sink(url("stage-2"), true, stage)));
        Pipeline first = pipeline(true, stages);

        for (int i = 0; i < 500; i++) {
            first.send(text(i), LONG);
            if (i == 250) {
                stages.get(0).close();
            }
        }

        assertThat(first.drain(LONG)).isTrue();
        assertThat(got)
                .isEqualTo(IntStream.range(0, 500).mapToObj(i -> "stage " + i).collect(Collectors.toSet()));
    }

    @Test
    void whatIsDrainedArrivesThoughThePipelineIsClosed() throws Exception {
        AtomicInteger got = new AtomicInteger();
        PipelineSink sink = sink("tcp://127.0.0.1:0", false, message -> got.incrementAndGet());
        Pipeline pipeline = pipeline(false, List.of(sink));
        for (int i = 0; i < 1000; i++) {
            pipeline.send(text(i), LONG);
        }

        assertThat(pipeline.drain(LONG)).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> pipeline.send(ANYTHING));
        pipeline.close();
        assertThat(sink.stop(LONG)).isTrue();

        assertThat(got).hasValue(1000);
    }

    @Test
    void aDrainWaitsForSinksNoLongerThanItMay() throws Exception {
        PipelineSink busy = sink(url("busy"), true, message -> Thread.sleep(60_000));
        Pipeline pipeline = pipeline(true, List.of(busy));
        CompletableFuture<Void> delivery = pipeline.send(ANYTHING);

        assertThat(pipeline.drain(Duration.ofMillis(100))).isFalse();
        pipeline.close();

        assertThat(delivery).isCancelled();
    }

    @Test
    void aSinkThatStopsFinishesTheMessageAtHandAndLeavesTheOthersToOthers() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Set<String> got = ConcurrentHashMap.newKeySet();
        PipelineSink stops = sink(url("stops"), true, message -> {
            begun.countDown();
            go.await();
            got.add(new String(message, UTF_8));
        });
        PipelineSink stays = sink(url("stays"), true, message -> got.add(new String(message, UTF_8)));
        Pipeline pipeline = pipeline(true, List.of(stops, stays));
        for (int i = 0; i < 20; i++) {
            pipeline.send(text(i));
        }
        begun.await();
        CompletableFuture<Boolean> stopped = NewThread.supply(() -> stop(stops));
        go.countDown();

        assertThat(stopped.get()).isTrue();
        assertThat(pipeline.drain(LONG)).isTrue();
        assertThat(got).hasSize(20);
        assertThat(stops.handled()).isBetween(1L, 10L);
        assertThat(stops.failed()).isZero();
    }

    @Test
    void badInputIsRefused() {
        assertThatIllegalStateException().isThrownBy(() -> Pipeline.builder().open());
        assertThatIllegalStateException()
                .isThrownBy(() -> PipelineSink.builder("inproc://x").start());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pipeline.builder()
                        .sink("tcp://127.0.0.1:1")
                        .sink("tcp://127.0.0.1:1")
                        .open())
                .withMessageContaining("named twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pipeline.builder().sink("tcp://192.0.2.1:1").open())
                .withMessageContaining("not secure");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PipelineSink.builder("tcp://0.0.0.0:0")
                        .handle(message -> {})
                        .start());
        assertThatIllegalArgumentException().isThrownBy(() -> Pipeline.builder().buffer(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Pipeline.builder().acknowledged(Duration.ZERO));
        assertThatThrownBy(() -> Pipeline.builder().sink("nowhere").open()).isInstanceOf(NngException.class);
        PipelineSink sink = sink("tcp://127.0.0.1:0", false, message -> {});
        assertThatThrownBy(() -> sink(sink.url(), false, message -> {}))
                .isInstanceOfSatisfying(
                        NngException.class, e -> assertThat(e.error()).isEqualTo(NngError.EADDRINUSE));
        Pipeline pipeline = open(Pipeline.builder().sink(sink.url()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pipeline.send(new byte[Pipeline.MAX_MESSAGE + 1]))
                .withMessageContaining("1048576 bytes");
    }

    private String url(String name) {
        return "ipc://" + directory.resolve(name);
    }

    private PipelineSink sink(String url, boolean acknowledges, PipelineHandler handler) {
        PipelineSink.Builder builder = PipelineSink.builder(url).handle(handler);
        return opened.add((acknowledges ? builder.acknowledge() : builder).start());
    }

    /** One whose sinks are all connected. */
    private Pipeline pipeline(boolean acknowledged, List<PipelineSink> sinks) throws InterruptedException {
        Pipeline.Builder builder = Pipeline.builder();
        sinks.forEach(sink -> builder.sink(sink.url()));
        Pipeline pipeline = open(acknowledged ? builder.acknowledged() : builder);
        assertThat(pipeline.awaitSinks(sinks.size(), LONG)).isTrue();
        return pipeline;
    }

    private Pipeline open(Pipeline.Builder builder) {
        return opened.add(builder.open());
    }

    private static byte[] text(Object value) {
        return value.toString().getBytes(UTF_8);
    }

    private static void sendAndWait(Pipeline pipeline) {
        try {
            pipeline.send(ANYTHING, LONG).join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean stop(PipelineSink sink) {
        try {
            return sink.stop(LONG);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
