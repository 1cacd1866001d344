package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PeersTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private final String url = "inproc://" + UUID.randomUUID();

    @Test
    void whoHasConnectedMissesNothingThatIsPublishedAfterwards() {
        try (PubSocket pub = PubSocket.open();
                SubSocket first = SubSocket.open();
                SubSocket second = SubSocket.open()) {
            pub.listen(url);
            for (SubSocket sub : List.of(first, second)) {
                sub.subscribe("");
                sub.dialAsync(url);
            }
            pub.awaitPeers(2, SOON);
            pub.send("to both".getBytes(UTF_8));
            assertThat(first.receiveBytes()).asString(UTF_8).isEqualTo("to both");
            assertThat(second.receiveBytes()).asString(UTF_8).isEqualTo("to both");
            assertThat(pub.peerCount()).isEqualTo(2);
        }
    }

    @Test
    void peersThatGoAreNotCounted() {
        try (PullSocket pull = PullSocket.open()) {
            pull.listen(url);
            assertThat(pull.peerCount()).isZero();
            try (PushSocket push = PushSocket.open()) {
                push.dial(url);
                assertThat(push.peerCount()).isEqualTo(1);
                pull.awaitPeers(1, SOON);
                assertThat(pull.peerCount()).isEqualTo(1);
            }
            await().untilAsserted(() -> assertThat(pull.peerCount()).isZero());
        }
    }

    @Test
    void waitingForPeersThatAreThereReturnsAtOnce() {
        try (PullSocket pull = PullSocket.open()) {
            pull.awaitPeers(0, Duration.ZERO);
            Thread.currentThread().interrupt();
            pull.awaitPeers(0, NngOptions.INFINITE);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(pull.awaitPeersAsync(0)).isCompleted();
            assertThatThrownBy(() -> pull.awaitPeers(-1, SOON)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void waitingForPeersInVainSaysHowManyThereAre() {
        try (PullSocket pull = PullSocket.open();
                PushSocket push = PushSocket.open()) {
            pull.listen(url);
            push.dial(url);
            pull.awaitPeers(1, SOON);
            assertThatThrownBy(() -> pull.awaitPeers(3, Duration.ofMillis(20)))
                    .isInstanceOf(NngTimeoutException.class)
                    .hasMessageMatching("await 3 peers of pull socket \\d+, which has 1: timed out \\(ETIMEDOUT\\)");
        }
    }

    @Test
    void closingTheSocketEndsTheWaitForPeers() {
        PullSocket pull = PullSocket.open();
        CompletableFuture<Void> async = pull.awaitPeersAsync(1);
        CompletableFuture<Void> blocking = NewThread.run(() -> pull.awaitPeers(1, NngOptions.INFINITE));
        pull.close();
        assertThatThrownBy(() -> async.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(NngClosedException.class);
        assertThatThrownBy(() -> blocking.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(NngClosedException.class);
        assertThatThrownBy(() -> pull.awaitPeers(1, SOON)).isInstanceOf(NngClosedException.class);
        assertThatThrownBy(() -> pull.awaitPeersAsync(1)).isInstanceOf(NngClosedException.class);
        assertThat(pull.peerCount()).isZero();
    }

    @Test
    void interruptingTheThreadEndsItsWaitForPeers() throws Exception {
        try (PullSocket pull = PullSocket.open()) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            AtomicBoolean stillInterrupted = new AtomicBoolean();
            Thread thread = new Thread(() -> {
                try {
                    pull.awaitPeers(1, SOON);
                } catch (NngInterruptedException e) {
                    thrown.set(e);
                    stillInterrupted.set(Thread.currentThread().isInterrupted());
                }
            });
            thread.start();
            thread.interrupt();
            thread.join(5000);
            assertThat(thrown.get()).isInstanceOf(NngInterruptedException.class);
            assertThat(stillInterrupted).isTrue();
        }
    }

    @Test
    void whatDependsOnPeersMayBlock() throws Exception {
        try (PairSocket left = PairSocket.open();
                PairSocket right = PairSocket.open()) {
            CompletableFuture<String> heard = left.awaitPeersAsync(1).thenApply(ignored -> {
                left.send("welcome".getBytes(UTF_8));
                return new String(left.receiveBytes(), UTF_8);
            });
            left.listen(url);
            right.dial(url);
            assertThat(right.receiveBytes()).asString(UTF_8).isEqualTo("welcome");
            right.send("thanks".getBytes(UTF_8));
            assertThat(heard.get(5, TimeUnit.SECONDS)).isEqualTo("thanks");
        }
    }

    @Test
    void aPipeListenerMayWaitForPeers() {
        try (PullSocket pull = PullSocket.open();
                PushSocket first = PushSocket.open();
                PushSocket second = PushSocket.open()) {
            AtomicInteger waited = new AtomicInteger();
            pull.onPipe((event, pipe) -> {
                if (event == PipeEvent.ADD_POST) {
                    pull.awaitPeers(2, SOON);
                    waited.incrementAndGet();
                }
            });
            pull.listen(url);
            first.dial(url);
            second.dial(url);
            await().untilAsserted(() -> assertThat(waited).hasValue(2));
        }
    }

    @Test
    void cancellingTheWaitForPeersForgetsIt() {
        try (PullSocket pull = PullSocket.open();
                PushSocket push = PushSocket.open()) {
            CompletableFuture<Void> one = pull.awaitPeersAsync(1);
            assertThat(one.cancel(true)).isTrue();
            pull.listen(url);
            push.dial(url);
            pull.awaitPeers(1, SOON);
            assertThat(one).isCancelled();
        }
    }

    @Test
    void nngsOwnThreadDoesNotWaitForPeers() throws Exception {
        try (PairSocket left = PairSocket.open();
                PairSocket right = PairSocket.open()) {
            left.listen(url);
            right.dial(url);
            CompletableFuture<Void> waited = right.receiveAsync().thenAccept(message -> {
                message.close();
                assertThatThrownBy(() -> right.awaitPeers(2, SOON)).isInstanceOf(IllegalStateException.class);
            });
            left.send(new byte[1]);
            waited.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void aPipeThatIsRefusedTakesNoPart() {
        PushSocket refused = PushSocket.open();
        PushSocket accepted = PushSocket.open();
        try (PullSocket pull = PullSocket.open()) {
            List<PipeEvent> events = new CopyOnWriteArrayList<>();
            List<String> asked = new CopyOnWriteArrayList<>();
            AtomicBoolean open = new AtomicBoolean();
            pull.onPipe((event, pipe) -> events.add(event));
            pull.acceptPipes(pipe -> {
                asked.add(pipe.remoteAddress());
                return open.get();
            });
            String address = pull.listen("tcp://127.0.0.1:0").url();
            refused.set(NngOptions.RECONNECT_MIN, Duration.ofMinutes(1)); // it does not come again
            refused.dialAsync(address);
            await().untilAsserted(() -> assertThat(asked).isNotEmpty());
            assertThat(asked.get(0)).startsWith("tcp://127.0.0.1:");
            refused.close();

            open.set(true);
            accepted.dial(address);
            accepted.send("let in".getBytes(UTF_8));
            assertThat(pull.receiveBytes()).asString(UTF_8).isEqualTo("let in");
            assertThat(pull.peerCount()).isEqualTo(1);
            accepted.close();
            await().untilAsserted(() -> assertThat(events).containsExactly(PipeEvent.ADD_POST, PipeEvent.REM_POST));
        }
    }

    @Test
    void whoIsRefusedComesAgain() {
        try (PullSocket pull = PullSocket.open();
                PushSocket push = PushSocket.open()) {
            AtomicInteger times = new AtomicInteger();
            pull.acceptPipes(pipe -> times.incrementAndGet() == 3);
            pull.listen(url);
            push.set(NngOptions.RECONNECT_MIN, Duration.ofMillis(10));
            push.dialAsync(url);
            pull.awaitPeers(1, SOON);
            assertThat(times).hasValueGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void everyFilterMustAcceptAndOneThatThrowsDoesNot() {
        try (PullSocket pull = PullSocket.open();
                PushSocket push = PushSocket.open()) {
            AtomicInteger first = new AtomicInteger();
            AtomicInteger second = new AtomicInteger();
            pull.acceptPipes(pipe -> {
                if (first.incrementAndGet() == 1) {
                    throw new IllegalStateException("expected by the test");
                }
                return true;
            });
            pull.acceptPipes(pipe -> second.incrementAndGet() == 2);
            pull.listen(url);
            push.set(NngOptions.RECONNECT_MIN, Duration.ofMillis(10));
            push.dialAsync(url);
            pull.awaitPeers(1, SOON);
            assertThat(first).hasValueGreaterThanOrEqualTo(3);
            assertThat(second).hasValueGreaterThanOrEqualTo(2);
            assertThatThrownBy(() -> pull.acceptPipes(null)).isInstanceOf(NullPointerException.class);
        }
    }

    @Test
    void aFilterMustNotBlock() {
        try (PullSocket pull = PullSocket.open();
                PushSocket push = PushSocket.open()) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            pull.acceptPipes(pipe -> {
                try {
                    pull.receive();
                } catch (RuntimeException e) {
                    thrown.set(e);
                }
                return true;
            });
            pull.listen(url);
            push.dial(url);
            pull.awaitPeers(1, SOON);
            assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aDiallerMayRefuseAsWell() {
        try (PullSocket pull = PullSocket.open();
                PushSocket push = PushSocket.open()) {
            List<PipeEvent> events = new CopyOnWriteArrayList<>();
            push.onPipe((event, pipe) -> events.add(event));
            AtomicInteger times = new AtomicInteger();
            push.acceptPipes(pipe -> {
                if (times.incrementAndGet() == 2) {
                    return true;
                }
                pipe.close(); // twice closed is closed
                return false;
            });
            push.set(NngOptions.RECONNECT_MIN, Duration.ofMillis(10));
            pull.listen(url);
            push.dial(url);
            push.awaitPeers(1, SOON);
            await().untilAsserted(() -> assertThat(events).containsExactly(PipeEvent.ADD_POST));
        }
    }

    @Test
    void closingWhilePeersComeAndAreRefusedDoesNotHang() throws Exception {
        for (int i = 0; i < 50; i++) {
            PullSocket pull = PullSocket.open();
            AtomicInteger times = new AtomicInteger();
            pull.acceptPipes(pipe -> times.incrementAndGet() % 2 == 0);
            String address = pull.listen("tcp://127.0.0.1:0").url();
            PushSocket push = PushSocket.open();
            push.set(NngOptions.RECONNECT_MIN, Duration.ofMillis(1));
            for (int d = 0; d < 3; d++) {
                push.dialAsync(address);
            }
            CompletableFuture<Void> peers = pull.awaitPeersAsync(2);
            CompletableFuture<Void> closing = NewThread.run(push::close);
            pull.close();
            closing.get(10, TimeUnit.SECONDS);
            await().until(peers::isDone);
        }
    }
}
