package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private final String url = "inproc://" + UUID.randomUUID();

    private static PairSocket open(int version) {
        return version == 0 ? PairSocket.openVersion0() : PairSocket.open();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void bothSidesTalk(int version) {
        try (PairSocket left = open(version);
                PairSocket right = open(version)) {
            Peers.connect(left, right);
            left.send("ping".getBytes(UTF_8));
            assertThat(right.receiveBytes()).asString(UTF_8).isEqualTo("ping");
            right.send("pong".getBytes(UTF_8));
            right.send("and more".getBytes(UTF_8));
            assertThat(left.receiveBytes()).asString(UTF_8).isEqualTo("pong");
            assertThat(left.receiveBytes()).asString(UTF_8).isEqualTo("and more");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aFurtherPeerIsTurnedAway(int version) {
        try (PairSocket left = open(version);
                PairSocket right = open(version);
                PairSocket third = open(version)) {
            Peers.connect(left, right, url);
            List<PipeEvent> events = new CopyOnWriteArrayList<>();
            third.onPipe((event, pipe) -> events.add(event));
            third.dial(url);
            await().until(() -> events.contains(PipeEvent.REM_POST));
            left.send(new byte[] {1});
            assertThat(right.receiveBytes()).containsExactly(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whenThePeerHasLeftAnotherOneMayCome(int version) {
        try (PairSocket left = open(version);
                PairSocket second = open(version)) {
            List<PipeEvent> events = new CopyOnWriteArrayList<>();
            try (PairSocket first = open(version)) {
                Peers.connect(left, first, url);
                left.onPipe((event, pipe) -> events.add(event));
            }
            await().until(() -> events.contains(PipeEvent.REM_POST));
            second.set(NngOptions.RECONNECT_MIN, Duration.ofMillis(10));
            second.dial(url);
            second.send(new byte[] {2});
            assertThat(left.receiveBytes()).containsExactly(2);
        }
    }

    @Test
    void theVersionsDoNotTalkToEachOther() {
        try (PairSocket old = PairSocket.openVersion0();
                PairSocket current = PairSocket.open();
                Message message = Message.of(new byte[1])) {
            List<PipeEvent> events = new CopyOnWriteArrayList<>();
            old.onPipe((event, pipe) -> events.add(event));
            current.listen(url);
            old.dialAsync(url);
            assertThatThrownBy(() -> old.send(message, Duration.ofMillis(50))).isInstanceOf(NngTimeoutException.class);
            assertThat(events).doesNotContain(PipeEvent.ADD_POST);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void withoutAPeerASendWaits(int version) {
        try (PairSocket pair = open(version);
                Message message = Message.of(new byte[1])) {
            assertThat(pair.trySend(message)).isFalse();
            assertThat(message.size()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aPeerThatSpeaksAndLeavesAtOnceDoesNoHarm(int version) {
        Patches.assume("pair-forgets-a-stopped-pipe");
        try (PairSocket pair = open(version)) {
            pair.listen(url);
            for (int i = 0; i < 500; i++) {
                try (PairSocket guest = open(version)) {
                    guest.set(NngOptions.RECONNECT_MIN, Duration.ofMillis(1));
                    guest.dialAsync(url);
                    guest.send(new byte[1]);
                }
                pair.tryReceive().ifPresent(Message::close);
                pair.tryReceive().ifPresent(Message::close);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aConnectionThatIsCutUnderTrafficDoesNoHarm(int version) throws Exception {
        Patches.assume("pair-forgets-a-stopped-pipe");
        try (PairSocket left = open(version);
                PairSocket right = open(version)) {
            right.set(NngOptions.RECONNECT_MIN, Duration.ofMillis(1));
            BlockingQueue<Pipe> pipes = new LinkedBlockingQueue<>();
            left.onPipe((event, pipe) -> {
                if (event == PipeEvent.ADD_POST) {
                    pipes.add(pipe);
                }
            });
            left.listen(url);
            right.dial(url);
            untilClosed(() -> left.send(new byte[1]));
            untilClosed(() -> right.send(new byte[1]));
            untilClosed(() -> right.receive().close());
            for (int i = 0; i < 300; i++) {
                pipes.take().close();
                for (int j = 0; j < 3; j++) {
                    left.tryReceive().ifPresent(Message::close);
                }
            }
        }
    }

    private static void untilClosed(Runnable step) {
        new Thread(() -> {
                    try {
                        while (true) {
                            step.run();
                        }
                    } catch (NngClosedException e) {
                        // the end of the test
                    }
                })
                .start();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aBufferThatIsMadeSmallerKeepsTheOldestMessages(int version) {
        Patches.assume("queue-resize-stays-inside");
        try (PairSocket left = open(version);
                PairSocket right = open(version)) {
            right.set(NngOptions.RECV_BUFFER, 8);
            Peers.connect(left, right);
            for (byte i = 0; i < 10; i++) { // 8 in the buffer, two on their way
                left.send(new byte[] {i});
            }
            right.set(NngOptions.RECV_BUFFER, 4);
            for (byte expected : new byte[] {0, 1, 2, 3, 8, 9}) {
                assertThat(right.receiveBytes()).containsExactly(expected);
            }
        }
    }

    /** Many peers: the socket in the middle, and who talks to it. */
    private interface Many {
        void meet(PairSocket hub, PairSocket left, PairSocket right);
    }

    private static void polyamorous(Many many) {
        try (PairSocket hub = PairSocket.openPolyamorous();
                PairSocket left = PairSocket.open();
                PairSocket right = PairSocket.openPolyamorous()) {
            Peers.connect(hub, left);
            Peers.connect(hub, right);
            many.meet(hub, left, right);
        }
    }

    private static Pipe sender(PairSocket hub, PairSocket peer) {
        peer.send(new byte[] {0});
        try (Message hello = hub.receive(SOON)) {
            return hello.pipe().orElseThrow();
        }
    }

    @Test
    void aPolyamorousPairChoosesWhoGetsAMessage() {
        polyamorous((hub, left, right) -> {
            Pipe toLeft = sender(hub, left);
            Pipe toRight = sender(hub, right);
            assertThat(toLeft).isNotEqualTo(toRight);
            hub.send(Message.of("to the right".getBytes(UTF_8)).setPipe(toRight));
            hub.send(Message.of("to the left".getBytes(UTF_8)).setPipe(toLeft));
            assertThat(left.receiveBytes()).asString(UTF_8).isEqualTo("to the left");
            assertThat(right.receiveBytes()).asString(UTF_8).isEqualTo("to the right");
        });
    }

    @Test
    void aMessageSentBackGoesToItsSender() {
        polyamorous((hub, left, right) -> {
            for (PairSocket peer : new PairSocket[] {right, left, right}) {
                peer.send("echo".getBytes(UTF_8));
                hub.send(hub.receive(SOON));
                assertThat(peer.receiveBytes()).asString(UTF_8).isEqualTo("echo");
            }
        });
    }

    @Test
    void withoutAChoiceOneOfThePeersGetsTheMessage() {
        polyamorous((hub, left, right) -> {
            hub.send(new byte[] {7});
            await().until(() -> left.tryReceive()
                    .or(right::tryReceive)
                    .map(message -> {
                        message.close();
                        return true;
                    })
                    .orElse(false));
        });
    }

    @Test
    void aMessageToAPeerThatIsGoneIsDropped() {
        polyamorous((hub, left, right) -> {
            Pipe gone = sender(hub, right);
            List<Pipe> removed = new CopyOnWriteArrayList<>();
            hub.onPipe((event, pipe) -> {
                if (event == PipeEvent.REM_POST) {
                    removed.add(pipe);
                }
            });
            right.close();
            await().until(() -> removed.contains(gone));
            hub.send(Message.of("lost".getBytes(UTF_8)).setPipe(gone));
            hub.send(Message.of("kept".getBytes(UTF_8)).setPipe(sender(hub, left)));
            assertThat(left.receiveBytes()).asString(UTF_8).isEqualTo("kept");
        });
    }
}
