package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("counts the open files of this process")
class DeviceTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private final String front = "inproc://" + UUID.randomUUID();
    private final String back = "inproc://" + UUID.randomUUID();

    /** A device that listens at the front and at the back. */
    private Device between(Protocol atFront, Protocol atBack) {
        RawSocket first = RawSocket.open(atFront);
        RawSocket second = RawSocket.open(atBack);
        first.listen(front);
        second.listen(back);
        return Device.start(first, second);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void requestsGoThroughAndRepliesComeBack(boolean frontFirst) throws Exception {
        RawSocket rep = RawSocket.open(Protocol.REP);
        RawSocket req = RawSocket.open(Protocol.REQ);
        rep.listen(front);
        req.listen(back);
        try (Device device = frontFirst ? Device.start(rep, req) : Device.start(req, rep);
                ReqSocket ann = ReqSocket.open();
                ReqSocket bob = ReqSocket.open();
                RepSocket worker = RepSocket.open()) {
            ann.dial(front);
            bob.dial(front);
            worker.dial(back);
            CompletableFuture<Message> toAnn = ann.requestAsync(Message.of("ann".getBytes(UTF_8)));
            CompletableFuture<Message> toBob = bob.requestAsync(Message.of("bob".getBytes(UTF_8)));
            for (int i = 0; i < 2; i++) {
                try (Request request = worker.receiveRequest(SOON)) {
                    request.reply(("hello " + UTF_8.decode(request.message().body())).getBytes(UTF_8));
                }
            }
            assertThat(text(toAnn.get(5, TimeUnit.SECONDS))).isEqualTo("hello ann");
            assertThat(text(toBob.get(5, TimeUnit.SECONDS))).isEqualTo("hello bob");
            assertThat(device.ended()).isNotDone();
        }
    }

    @Test
    void eachDeviceIsAHop() throws Exception {
        try (Device device = between(Protocol.REP, Protocol.REQ);
                ReqSocket req = ReqSocket.open();
                RepSocket near = RepSocket.open()) {
            near.set(NngOptions.MAX_TTL, 1);
            req.set(NngOptions.REQ_RESEND_TIME, Duration.ofMillis(20));
            near.dial(back);
            req.dial(front);
            CompletableFuture<Message> reply = req.requestAsync(Message.of(new byte[] {1}));
            assertThatThrownBy(() -> near.receiveRequest(Duration.ofMillis(100)))
                    .isInstanceOf(NngTimeoutException.class);
            near.set(NngOptions.MAX_TTL, 2);
            near.receiveRequest(SOON).reply(new byte[] {2});
            assertThat(reply.get(5, TimeUnit.SECONDS).toByteArray()).containsExactly(2);
            assertThat(device.ended()).isNotDone();
        }
    }

    @Test
    void whatIsPublishedGoesThrough() {
        try (Device device = between(Protocol.SUB, Protocol.PUB);
                PubSocket pub = PubSocket.open();
                SubSocket sub = SubSocket.open()) {
            sub.subscribe("news");
            sub.dial(back);
            pub.dial(front);
            await().untilAsserted(() -> {
                pub.send("other".getBytes(UTF_8));
                pub.send("news: it works".getBytes(UTF_8));
                assertThat(text(sub.receive(Duration.ofMillis(100)))).isEqualTo("news: it works");
            });
            assertThat(device.ended()).isNotDone();
        }
    }

    @Test
    void whatIsPushedGoesThroughInOrder() {
        try (Device device = between(Protocol.PUSH, Protocol.PULL);
                PushSocket push = PushSocket.open();
                PullSocket pull = PullSocket.open()) {
            pull.dial(front);
            push.dial(back);
            CompletableFuture<Void> sending = NewThread.run(() -> {
                for (int i = 0; i < 1000; i++) {
                    push.send(Integer.toString(i).getBytes(UTF_8));
                }
            });
            for (int i = 0; i < 1000; i++) {
                assertThat(text(pull.receive(SOON))).isEqualTo(Integer.toString(i));
            }
            sending.join();
            assertThat(device.ended()).isNotDone();
        }
    }

    @Test
    void surveysGoThroughAndAnswersComeBack() {
        try (Device device = between(Protocol.RESPONDENT, Protocol.SURVEYOR);
                SurveyorSocket surveyor = SurveyorSocket.open();
                RespondentSocket respondent = RespondentSocket.open()) {
            surveyor.dial(front);
            respondent.dial(back);
            surveyor.set(NngOptions.SURVEY_TIME, SOON);
            await().untilAsserted(() -> {
                surveyor.send("who?".getBytes(UTF_8));
                assertThat(text(respondent.receive(Duration.ofMillis(100)))).isEqualTo("who?");
            });
            respondent.send("me".getBytes(UTF_8));
            assertThat(text(surveyor.receive(SOON))).isEqualTo("me");
            assertThat(device.ended()).isNotDone();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PAIR0", "PAIR1"})
    void aPairTalksThroughADevice(String version) {
        Protocol protocol = Protocol.valueOf(version);
        try (Device device = between(protocol, protocol);
                PairSocket left = protocol == Protocol.PAIR0 ? PairSocket.openVersion0() : PairSocket.open();
                PairSocket right = protocol == Protocol.PAIR0 ? PairSocket.openVersion0() : PairSocket.open()) {
            left.dial(front);
            right.dial(back);
            left.send("there".getBytes(UTF_8));
            assertThat(text(right.receive(SOON))).isEqualTo("there");
            right.send("and back".getBytes(UTF_8));
            assertThat(text(left.receive(SOON))).isEqualTo("and back");
            assertThat(device.ended()).isNotDone();
        }
    }

    @Test
    void twoBusesBecomeOne() {
        try (Device device = between(Protocol.BUS, Protocol.BUS);
                BusSocket left = BusSocket.open();
                BusSocket right = BusSocket.open()) {
            left.dial(front);
            right.dial(back);
            await().untilAsserted(() -> {
                left.send("hello".getBytes(UTF_8));
                assertThat(text(right.receive(Duration.ofMillis(100)))).isEqualTo("hello");
            });
            assertThat(device.ended()).isNotDone();
        }
    }

    @Test
    void aReflectorSendsToAllButTheOneItCameFrom() {
        RawSocket bus = RawSocket.open(Protocol.BUS);
        bus.listen(front);
        try (Device device = Device.start(bus);
                BusSocket left = BusSocket.open();
                BusSocket right = BusSocket.open()) {
            left.dial(front);
            right.dial(front);
            bus.awaitPeers(2, SOON);
            left.send("from left".getBytes(UTF_8));
            assertThat(text(right.receive(SOON))).isEqualTo("from left");
            right.send("from right".getBytes(UTF_8));
            assertThat(text(left.receive(SOON))).isEqualTo("from right");
            assertThat(device.ended()).isNotDone();
        }
    }

    @Test
    void socketsThatDoNotFitAreRefusedAndStayOpen() {
        try (RawSocket rep = RawSocket.open(Protocol.REP);
                RawSocket sub = RawSocket.open(Protocol.SUB)) {
            assertThatThrownBy(() -> Device.start(rep, sub))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("raw rep socket")
                    .hasMessageContaining("raw sub socket");
            assertThatThrownBy(() -> Device.start(rep)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Device.start(rep, null)).isInstanceOf(NullPointerException.class);
            assertThat(rep.tryReceive()).isEmpty();
        }
        RawSocket rep = RawSocket.open(Protocol.REP);
        rep.close();
        try (RawSocket req = RawSocket.open(Protocol.REQ)) {
            assertThatThrownBy(() -> Device.start(rep, req)).isInstanceOf(NngClosedException.class);
            assertThat(req.tryReceive()).isEmpty();
        }
    }

    @Test
    void closingADeviceClosesItsSockets() throws Exception {
        RawSocket rep = RawSocket.open(Protocol.REP);
        RawSocket req = RawSocket.open(Protocol.REQ);
        Device device = Device.start(rep, req);
        CompletableFuture<Boolean> mayBlock = device.ended().thenApply(ignored -> !NngThread.isCurrent());
        device.close();
        device.close();
        device.ended().get(5, TimeUnit.SECONDS);
        assertThat(mayBlock.get(5, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(rep::tryReceive).isInstanceOf(NngClosedException.class);
        assertThatThrownBy(req::tryReceive).isInstanceOf(NngClosedException.class);
    }

    @Test
    void closingOneSocketEndsTheDeviceAndClosesTheOther() throws Exception {
        RawSocket pull = RawSocket.open(Protocol.PULL);
        RawSocket push = RawSocket.open(Protocol.PUSH);
        Device device = Device.start(pull, push);
        pull.close();
        device.ended().get(5, TimeUnit.SECONDS);
        await().untilAsserted(() ->
                assertThatThrownBy(() -> push.trySend(Message.allocate(0))).isInstanceOf(NngClosedException.class));
    }

    @Test
    void closingASocketThatIsOnlySentToEndsTheDevice() throws Exception {
        RawSocket pull = RawSocket.open(Protocol.PULL);
        RawSocket push = RawSocket.open(Protocol.PUSH);
        Device device = Device.start(pull, push);
        push.close();
        device.ended().get(5, TimeUnit.SECONDS);
        await().untilAsserted(() -> assertThatThrownBy(pull::tryReceive).isInstanceOf(NngClosedException.class));
    }

    @Test
    void closingTheSourceEndsADeviceThatCannotGetRidOfItsMessage() throws Exception {
        RawSocket pull = RawSocket.open(Protocol.PULL);
        RawSocket push = RawSocket.open(Protocol.PUSH);
        pull.listen(front);
        Device device = Device.start(pull, push);
        try (PushSocket source = PushSocket.open()) {
            source.dial(front);
            while (source.trySend(Message.allocate(1))) {
                // until the device takes no more
            }
            pull.close();
            device.ended().get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    @Timeout(120)
    void devicesMayCloseAtAnyMoment() throws Exception {
        Patches.assume("stopped-aio-ends");
        Patches.assume("queue-put-ends");
        Random random = new Random();
        round(random, 5);
        int before = OpenFiles.count();
        for (int i = 0; i < 30; i++) {
            round(random, 8);
        }
        await().untilAsserted(() -> assertThat(OpenFiles.count()).isLessThan(before + 20));
    }

    /** Some devices under traffic, more than NNG has threads, which are closed in various ways at once. */
    private static void round(Random random, int number) throws Exception {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        List<Runnable> closings = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            String url = random.nextBoolean() ? "tcp://127.0.0.1:0" : "inproc://" + UUID.randomUUID();
            RawSocket rep = RawSocket.open(Protocol.REP);
            RawSocket req = RawSocket.open(Protocol.REQ);
            Device device = Device.start(rep, req);
            ReqSocket client = ReqSocket.open();
            RepSocket server = RepSocket.open();
            client.dial(rep.listen(url).url());
            server.dial(req.listen("inproc://" + UUID.randomUUID()).url());
            echo(server.openContext());
            ask(client.openContext());
            ends.add(device.ended());
            Runnable closing = switch (random.nextInt(3)) {
                case 0 -> device::close;
                case 1 -> rep::close;
                default -> req::close;
            };
            closings.add(closing);
            closings.add(client::close);
            closings.add(server::close);
        }
        CompletableFuture.allOf(closings.stream().map(NewThread::run).toArray(CompletableFuture<?>[]::new))
                .get(20, TimeUnit.SECONDS);
        CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new)).get(20, TimeUnit.SECONDS);
    }

    private static void echo(RepContext context) {
        context.receiveAsync().thenCompose(context::sendAsync).thenRun(() -> echo(context));
    }

    private static void ask(ReqContext context) {
        context.requestAsync(Message.allocate(64)).thenAccept(reply -> {
            reply.close();
            ask(context);
        });
    }

    private static String text(Message message) {
        try (message) {
            return UTF_8.decode(message.body()).toString();
        }
    }
}
