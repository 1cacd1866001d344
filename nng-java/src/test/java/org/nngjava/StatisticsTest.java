package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StatisticsTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void aSocketKnowsItsPartsAndWhatWentThroughThem() {
        try (PairSocket left = PairSocket.open();
                PairSocket right = PairSocket.open()) {
            Listener listener = left.listen("tcp://127.0.0.1:0");
            Dialer dialer = right.dial(listener.url());
            left.awaitPeers(1, SOON);
            right.send(new byte[100]);
            left.receive(SOON).close();

            Statistic.Scope receiving = left.statistics();
            assertThat(receiving.name()).isEqualTo("socket");
            assertThat(receiving.id()).hasValue(left.id());
            assertThat(receiving.value("listeners")).isEqualTo(1);
            assertThat(receiving.value("pipes")).isEqualTo(1);
            assertThat(receiving.value("rx_msgs")).isEqualTo(1);
            assertThat(receiving.value("rx_bytes")).isGreaterThanOrEqualTo(100);
            assertThat(receiving.value("pipe/rx_msgs")).isEqualTo(1);
            assertThat(receiving.scopes("listener")).hasSize(1);
            assertThat(receiving.scopes("dialer")).isEmpty();
            assertThat(receiving.scopes("pipe"))
                    .singleElement()
                    .satisfies(pipe -> assertThat(pipe.socketId()).hasValue(left.id()));

            assertThat(listener.statistics().value("accept")).isEqualTo(1);
            assertThat(dialer.statistics().value("connect")).isEqualTo(1);
            assertThat(dialer.statistics().find("url"))
                    .get()
                    .isInstanceOfSatisfying(
                            Statistic.Text.class, url -> assertThat(url.value()).isEqualTo(listener.url()));
        }
    }

    @Test
    void eachStatisticHasItsType() {
        try (PairSocket pair = PairSocket.open()) {
            Statistic.Scope statistics = pair.statistics();
            assertThat(statistics.find("protocol")).get().isInstanceOf(Statistic.Text.class);
            assertThat(statistics.find("raw")).get().isInstanceOf(Statistic.Flag.class);
            assertThat(statistics.find("id")).get().isInstanceOf(Statistic.Id.class);
            assertThat(statistics.find("pipes")).get().isInstanceOf(Statistic.Level.class);
            assertThat(statistics.find("rx_bytes")).get().isInstanceOfSatisfying(Statistic.Counter.class, bytes -> {
                assertThat(bytes.unit()).isEqualTo(Statistic.Unit.BYTES);
                assertThat(bytes.description()).isEqualTo("received bytes");
            });
            Statistic.Scope later = pair.statistics();
            assertThat(later.timestamp()).isGreaterThanOrEqualTo(statistics.timestamp());
        }
    }

    @Test
    void theSnapshotHasAllSockets() {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            rep.listen("inproc://" + UUID.randomUUID());
            Statistic.Scope all = Statistics.snapshot();
            assertThat(all.name()).isEmpty();
            assertThat(all.find("socket#" + rep.id() + "/listener")).isPresent();
            assertThat(all.value("socket#" + req.id() + "/dialers")).isZero();
            assertThat(all.find("socket#0")).isEmpty();
            assertThat(all.find("socket/nothing")).isEmpty();
            assertThatThrownBy(() -> all.value("socket#" + req.id() + "/protocol"))
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessageContaining("protocol");
        }
    }

    @Test
    void aPersonCanReadItInOneLine() {
        try (PullSocket pull = PullSocket.open();
                PushSocket push = PushSocket.open()) {
            assertThat(pull.statistics()).hasToString("socket#" + pull.id() + " (pull)");
            Listener listener = pull.listen("tcp://127.0.0.1:0");
            push.dial(listener.url());
            pull.awaitPeers(1, SOON);
            push.send(new byte[10]);
            pull.receive(SOON).close();
            assertThat(pull.statistics().toString())
                    .startsWith("socket#" + pull.id() + " (pull): 1 open listeners, 1 open pipes; listener#"
                            + listener.id())
                    .contains("1 messages received")
                    .doesNotContain("\n");
            assertThat(Statistics.snapshot().toString()).contains("socket#" + push.id() + " (push): 1 open dialers");
        }
    }

    @Test
    void refusedConnectionsAreCounted() {
        try (PushSocket push = PushSocket.open()) {
            Dialer dialer = push.dialAsync("tcp://127.0.0.1:1");
            await().untilAsserted(() ->
                    assertThat(dialer.statistics().value("refused")).isPositive());
        }
    }

    @Test
    void whatIsClosedHasNoStatistics() {
        PullSocket pull = PullSocket.open();
        Listener listener = pull.listen("inproc://" + UUID.randomUUID());
        listener.close();
        await().untilAsserted(() -> assertThatThrownBy(listener::statistics).isInstanceOf(NngClosedException.class));
        pull.close();
        assertThatThrownBy(pull::statistics).isInstanceOf(NngClosedException.class);
    }

    @Test
    @Timeout(120)
    void snapshotsMayBeTakenWhileEverythingComesAndGoes() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        List<CompletableFuture<Void>> threads =
                List.of(NewThread.run(() -> comeAndGo(enough)), NewThread.run(() -> comeAndGo(enough)));
        for (int i = 0; i < 500; i++) {
            for (Statistic.Scope socket : Statistics.snapshot().scopes("socket")) {
                assertThat(socket.find("protocol")).isPresent();
            }
        }
        enough.set(true);
        for (CompletableFuture<Void> thread : threads) {
            thread.get(20, TimeUnit.SECONDS);
        }
    }

    private static void comeAndGo(AtomicBoolean enough) {
        while (!enough.get()) {
            try (PairSocket left = PairSocket.open();
                    PairSocket right = PairSocket.open()) {
                right.dial(left.listen("tcp://127.0.0.1:0").url());
                right.send(new byte[10]);
                left.receive(SOON).close();
            }
        }
    }
}
