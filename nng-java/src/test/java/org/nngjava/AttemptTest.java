package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Sending and receiving without waiting. */
class AttemptTest {
    private final String url = "inproc://" + UUID.randomUUID();

    @Test
    void whatWasSentByTryingIsReceivedByTrying() {
        try (PairSocket left = PairSocket.open();
                PairSocket right = PairSocket.open()) {
            left.listen(url);
            right.dial(url);
            Message hello = Message.of("hello".getBytes(UTF_8));
            await().until(() -> left.trySend(hello));
            assertThatThrownBy(hello::size).isInstanceOf(IllegalStateException.class);
            Optional<Message> received = await().until(right::tryReceive, Optional::isPresent);
            try (Message message = received.orElseThrow()) {
                assertThat(message.toByteArray()).asString(UTF_8).isEqualTo("hello");
            }
            assertThat(right.tryReceive()).isEmpty();
        }
    }

    @Test
    void aContextTriesAsASocketDoes() {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open();
                ReqContext asking = req.openContext();
                RepContext answering = rep.openContext()) {
            rep.listen(url);
            req.dial(url);
            assertThat(answering.tryReceive()).isEmpty();
            Message question = Message.of(new byte[] {1});
            await().until(() -> asking.trySend(question));
            await().until(answering::tryReceive, Optional::isPresent)
                    .orElseThrow()
                    .close();
            Message answer = Message.of(new byte[] {2});
            assertThat(answering.trySend(answer)).isTrue();
            await().until(asking::tryReceive, Optional::isPresent).orElseThrow().close();
        }
    }

    @Test
    void whatGoesWrongIsSaidAndLeavesTheMessage() {
        RepSocket rep = RepSocket.open();
        try (Message message = Message.of("kept".getBytes(UTF_8))) {
            assertThatThrownBy(() -> rep.trySend(message))
                    .isInstanceOfSatisfying(
                            NngException.class, e -> assertThat(e.error()).isEqualTo(NngError.ESTATE));
            assertThat(message.toByteArray()).asString(UTF_8).isEqualTo("kept");
            rep.close();
            assertThatThrownBy(() -> rep.trySend(message)).isInstanceOf(NngClosedException.class);
            assertThatThrownBy(rep::tryReceive).isInstanceOf(NngClosedException.class);
            assertThat(message.toByteArray()).asString(UTF_8).isEqualTo("kept");
        }
    }

    @Test
    void nngsOwnThreadMayTry() throws Exception {
        try (PairSocket left = PairSocket.open();
                PairSocket right = PairSocket.open()) {
            left.listen(url);
            right.dial(url);
            CompletableFuture<Boolean> tried = right.receiveAsync().thenApply(message -> {
                message.close();
                return right.tryReceive().isEmpty();
            });
            left.send(new byte[1]);
            assertThat(tried.get(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void severalThreadsLoseNothing() throws Exception {
        int messages = 4000;
        try (PushSocket push = PushSocket.open();
                PullSocket pull = PullSocket.open()) {
            push.listen(url);
            pull.dial(url);
            AtomicLong sum = new AtomicLong();
            AtomicLong count = new AtomicLong();
            List<CompletableFuture<Void>> threads = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                threads.add(NewThread.run(() -> {
                    while (count.get() < messages) {
                        pull.tryReceive().ifPresent(message -> {
                            sum.addAndGet(message.body().getInt());
                            count.incrementAndGet();
                            message.close();
                        });
                    }
                }));
            }
            long expected = 0;
            for (int i = 0; i < messages; i++) {
                Message message = Message.allocate(4);
                message.body().putInt(i);
                expected += i;
                while (!push.trySend(message)) {
                    Thread.onSpinWait();
                }
            }
            for (CompletableFuture<Void> thread : threads) {
                thread.get(60, TimeUnit.SECONDS);
            }
            assertThat(sum).hasValue(expected);
        }
    }

    @Test
    void tryingWhileTheSocketClosesEndsWithClosed() throws Exception {
        Patches.assume("pair-forgets-a-stopped-pipe");
        for (int i = 0; i < 100; i++) {
            PairSocket left = PairSocket.open();
            PairSocket right = PairSocket.open();
            String address = url + i;
            left.listen(address);
            right.dial(address);
            List<CompletableFuture<Void>> threads =
                    List.of(NewThread.run(() -> tryUntilClosed(left)), NewThread.run(() -> tryUntilClosed(right)));
            left.close();
            right.close();
            for (CompletableFuture<Void> thread : threads) {
                thread.get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static void tryUntilClosed(PairSocket socket) {
        try (Message message = Message.of(new byte[10])) {
            while (true) {
                socket.tryReceive().ifPresent(Message::close);
                try (Message copy = message.duplicate()) {
                    socket.trySend(copy);
                }
            }
        } catch (NngClosedException closed) {
            // as it should be
        }
    }
}
