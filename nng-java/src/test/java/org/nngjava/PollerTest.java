package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PollerTest {
    private final String url = "inproc://" + UUID.randomUUID();
    private Poller poller;

    @BeforeEach
    void open() {
        poller = Poller.open();
    }

    @AfterEach
    void close() {
        poller.close();
    }

    @Test
    void aSocketIsReadyWhileItHasMessages() {
        try (PushSocket push = PushSocket.open();
                PullSocket pull = PullSocket.open()) {
            push.listen(url);
            pull.dial(url);
            PollKey key = poller.register(pull, Readiness.RECEIVE, "attached");
            assertThat(poller.selectNow()).isEmpty();
            push.send(new byte[] {1});
            assertThat(poller.select()).containsExactly(key);
            assertThat(poller.selectNow()).as("as long as it has one").containsExactly(key);
            pull.tryReceive().orElseThrow().close();
            assertThat(poller.selectNow()).isEmpty();
            assertThat(key.socket()).isSameAs(pull);
            assertThat(key.readiness()).isEqualTo(Readiness.RECEIVE);
            assertThat(key.attachment()).isEqualTo("attached");
            assertThat(key.isValid()).isTrue();
        }
    }

    @Test
    void manySocketsAreServedByOneThread() {
        List<PushSocket> pushing = new ArrayList<>();
        List<PullSocket> pulling = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                PushSocket push = PushSocket.open();
                pushing.add(push);
                push.listen(url + i);
                PullSocket pull = PullSocket.open();
                pulling.add(pull);
                pull.dial(url + i);
                poller.register(pull, Readiness.RECEIVE, i);
            }
            pushing.get(3).send(new byte[1]);
            pushing.get(1).send(new byte[1]);
            await().untilAsserted(() ->
                    assertThat(poller.select()).extracting(PollKey::attachment).containsExactlyInAnyOrder(1, 3));
        } finally {
            pushing.forEach(Socket::close);
            pulling.forEach(Socket::close);
        }
    }

    @Test
    void aSocketIsReadyToSendWhileSomebodyTakesMessages() {
        try (PushSocket push = PushSocket.open();
                PullSocket pull = PullSocket.open()) {
            push.listen(url);
            PollKey key = poller.register(push, Readiness.SEND);
            assertThat(poller.selectNow()).isEmpty();
            pull.dial(url);
            assertThat(poller.select()).containsExactly(key);
            await().untilAsserted(() -> {
                push.trySend(Message.of(new byte[1])); // until all that is in between is full
                assertThat(poller.selectNow()).isEmpty();
            });
            pull.receive(Duration.ofSeconds(5)).close();
            assertThat(poller.select()).containsExactly(key);
        }
    }

    @Test
    void aSocketIsRegisteredForBothDirectionsSeparately() {
        try (PairSocket left = PairSocket.open();
                PairSocket right = PairSocket.open()) {
            left.listen(url);
            right.dial(url);
            PollKey send = poller.register(left, Readiness.SEND);
            PollKey receive = poller.register(left, Readiness.RECEIVE);
            assertThat(poller.select()).containsExactly(send);
            right.send(new byte[1]);
            await().untilAsserted(() -> assertThat(poller.select()).containsExactlyInAnyOrder(send, receive));
            send.cancel();
            assertThat(poller.select()).containsExactly(receive);
        }
    }

    @Test
    void aDirectionThatTheProtocolLacksIsNotSupported() {
        try (PubSocket pub = PubSocket.open();
                SubSocket sub = SubSocket.open()) {
            assertThatThrownBy(() -> poller.register(pub, Readiness.RECEIVE))
                    .isInstanceOf(NngException.class)
                    .hasMessageContaining("ENOTSUP");
            assertThatThrownBy(() -> poller.register(sub, Readiness.SEND)).hasMessageContaining("ENOTSUP");
            assertThatThrownBy(pub::receiveDescriptor).hasMessageContaining("ENOTSUP");
            assertThat(poller.keys()).isEmpty();
        }
    }

    @Test
    void registeringTwiceIsRefused() {
        try (SubSocket sub = SubSocket.open();
                Poller other = Poller.open()) {
            PollKey key = poller.register(sub, Readiness.RECEIVE);
            assertThatThrownBy(() -> poller.register(sub, Readiness.RECEIVE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("already");
            assertThat(other.register(sub, Readiness.RECEIVE).isValid()).isTrue();
            key.cancel();
            key.cancel();
            assertThat(key.isValid()).isFalse();
            assertThat(poller.keys()).isEmpty();
            assertThat(poller.register(sub, Readiness.RECEIVE)).isNotSameAs(key);
        }
    }

    @Test
    void aSelectEndsAtItsTimeout() {
        try (SubSocket sub = SubSocket.open()) {
            poller.register(sub, Readiness.RECEIVE);
            assertThat(poller.select(Duration.ofMillis(10))).isEmpty();
            assertThat(poller.select(Duration.ZERO)).isEmpty();
            assertThatThrownBy(() -> poller.select(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aWakeupEndsTheSelectUnderWayOrTheNextOne() throws Exception {
        CompletableFuture<List<PollKey>> select = NewThread.supply(poller::select);
        poller.wakeup();
        assertThat(select.get(5, TimeUnit.SECONDS)).isEmpty();
        poller.wakeup();
        poller.wakeup();
        assertThat(poller.select()).isEmpty();
        poller.wakeup();
        assertThat(poller.selectNow()).as("takes it back").isEmpty();
        assertThat(poller.select(Duration.ofMillis(10))).isEmpty();
    }

    @Test
    void interruptingTheThreadEndsTheSelect() throws Exception {
        AtomicReference<List<PollKey>> selected = new AtomicReference<>();
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            selected.set(poller.select());
            selected.set(poller.select()); // still interrupted
            interrupted.set(Thread.interrupted());
        });
        thread.start();
        thread.interrupt();
        thread.join(5000);
        assertThat(selected.get()).isEmpty();
        assertThat(interrupted.get()).isTrue();
        poller.selectNow();
        assertThat(poller.select(Duration.ofMillis(10))).as("no wakeup is left").isEmpty();
    }

    @Test
    void aRegistrationTakesEffectOnTheSelectUnderWay() throws Exception {
        try (PushSocket push = PushSocket.open();
                PullSocket pull = PullSocket.open()) {
            push.listen(url);
            pull.dial(url);
            push.send(new byte[1]);
            CompletableFuture<List<PollKey>> select = selectInNewThread();
            PollKey key = poller.register(pull, Readiness.RECEIVE);
            assertThat(select.get(5, TimeUnit.SECONDS)).containsExactly(key);
        }
    }

    private CompletableFuture<List<PollKey>> selectInNewThread() {
        CompletableFuture<List<PollKey>> select = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                select.complete(poller.select());
            } catch (RuntimeException e) {
                select.completeExceptionally(e);
            }
        });
        thread.start();
        await().until(() -> inEpoll(thread));
        return select;
    }

    private static boolean inEpoll(Thread thread) {
        for (StackTraceElement element : thread.getStackTrace()) {
            if (element.getMethodName().equals("epoll_wait")) {
                return true;
            }
        }
        return false;
    }

    @Test
    void closingAPollerEndsItsSelectAndItsRegistrations() throws Exception {
        try (SubSocket sub = SubSocket.open()) {
            PollKey key = poller.register(sub, Readiness.RECEIVE);
            CompletableFuture<List<PollKey>> select = selectInNewThread();
            poller.close();
            poller.close();
            assertThatThrownBy(() -> select.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(NngClosedException.class);
            assertThat(key.isValid()).isFalse();
            assertThat(poller.isOpen()).isFalse();
            assertThat(poller.keys()).isEmpty();
            poller.wakeup();
            key.cancel();
            assertThatThrownBy(poller::selectNow).isInstanceOf(NngClosedException.class);
            assertThatThrownBy(() -> poller.register(sub, Readiness.RECEIVE)).isInstanceOf(NngClosedException.class);
        }
    }

    @Test
    void aSocketThatClosesLeavesItsPollersAndEndsTheirSelect() throws Exception {
        SubSocket sub = SubSocket.open();
        PollKey key = poller.register(sub, Readiness.RECEIVE);
        CompletableFuture<List<PollKey>> select = selectInNewThread();
        sub.close();
        assertThat(select.get(5, TimeUnit.SECONDS)).isEmpty();
        assertThat(key.isValid()).isFalse();
        assertThat(poller.keys()).isEmpty();
        assertThatThrownBy(() -> poller.register(sub, Readiness.RECEIVE)).isInstanceOf(NngClosedException.class);
        assertThatThrownBy(sub::receiveDescriptor).isInstanceOf(NngClosedException.class);
    }

    @Test
    void aSecondThreadThatSelectsIsRefused() throws Exception {
        CompletableFuture<List<PollKey>> select = selectInNewThread();
        assertThatThrownBy(poller::selectNow).isInstanceOf(IllegalStateException.class);
        poller.wakeup();
        select.get(5, TimeUnit.SECONDS);
    }

    @Test
    void nngsOwnThreadMustNotWaitButMayLook() throws Exception {
        try (PairSocket left = PairSocket.open();
                PairSocket right = PairSocket.open()) {
            left.listen(url);
            right.dial(url);
            CompletableFuture<Void> looked = right.receiveAsync().thenAccept(message -> {
                message.close();
                assertThat(poller.selectNow()).isEmpty();
                assertThatThrownBy(poller::select).isInstanceOf(IllegalStateException.class);
            });
            left.send(new byte[1]);
            looked.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void aThousandSocketsAreReadyAtOnce() {
        int number = 1000;
        List<PullSocket> pulling = new ArrayList<>();
        try (PushSocket push = PushSocket.open()) {
            push.listen(url);
            for (int i = 0; i < number; i++) {
                PullSocket pull = PullSocket.open();
                pulling.add(pull);
                poller.register(pull, Readiness.RECEIVE);
                pull.dial(url);
            }
            for (int i = 0; i < number; i++) {
                push.send(new byte[1]);
            }
            int received = 0;
            while (received < number) {
                List<PollKey> ready = poller.select(Duration.ofSeconds(30));
                assertThat(ready).isNotEmpty();
                for (PollKey key : ready) {
                    PullSocket pull = (PullSocket) key.socket();
                    for (var message = pull.tryReceive(); message.isPresent(); message = pull.tryReceive()) {
                        message.get().close();
                        received++;
                    }
                }
            }
        } finally {
            pulling.forEach(Socket::close);
        }
        assertThat(poller.keys()).isEmpty();
    }

    @Test
    void theDescriptorIsForOtherEventLoops() {
        try (PushSocket push = PushSocket.open();
                PullSocket pull = PullSocket.open()) {
            push.listen(url);
            pull.dial(url);
            assertThat(pull.receiveDescriptor()).isEqualTo(pull.receiveDescriptor());
            Epoll foreign = new Epoll();
            try {
                foreign.add(pull.receiveDescriptor(), 7);
                assertThat(foreign.await(1, 0)).isZero();
                push.send(new byte[1]);
                assertThat(foreign.await(1, 5000)).isEqualTo(1);
                assertThat(foreign.id(0)).isEqualTo(7);
            } finally {
                foreign.close();
            }
        }
    }
}
