package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PipelineTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void messagesAreSharedAmongThePeers() {
        try (PushSocket push = PushSocket.open();
                PullSocket left = PullSocket.open();
                PullSocket right = PullSocket.open()) {
            Peers.connect(push, left);
            Peers.connect(push, right);
            // Each holds one message and has another one under way; then both are busy.
            for (byte i = 0; i < 4; i++) {
                push.send(new byte[] {i});
            }
            try (Message fifth = Message.of(new byte[1])) {
                assertThat(push.trySend(fifth)).isFalse();
            }
            for (PullSocket pull : new PullSocket[] {left, right}) {
                pull.receive(SOON).close();
                pull.receive(SOON).close();
                assertThat(pull.tryReceive()).isEmpty();
            }
        }
    }

    @Test
    void aBusyPeerDoesNotHoldUpTheOthers() throws Exception {
        try (PushSocket push = PushSocket.open();
                PullSocket busy = PullSocket.open();
                PullSocket idle = PullSocket.open()) {
            Peers.connect(push, busy);
            Peers.connect(push, idle);
            int sent = 100;
            CompletableFuture<Void> sender = NewThread.run(() -> {
                for (int i = 0; i < sent; i++) {
                    push.send(new byte[1]);
                }
            });
            for (int i = 0; i < sent - 2; i++) {
                idle.receive(SOON).close();
            }
            sender.get(10, TimeUnit.SECONDS);
            busy.receive(SOON).close();
            // The other one may have gone to either.
            await().until(() -> Stream.of(busy, idle)
                    .flatMap(pull -> pull.tryReceive().stream())
                    .peek(Message::close)
                    .findAny()
                    .isPresent());
        }
    }

    @Test
    void eachPeerIsHeardInItsTurn() {
        try (PullSocket pull = PullSocket.open();
                PushSocket left = PushSocket.open();
                PushSocket right = PushSocket.open()) {
            Peers.connect(pull, left);
            Peers.connect(pull, right);
            untilClosed(() -> left.send(new byte[] {0}));
            right.send(new byte[] {1});
            await().until(() -> {
                try (Message message = pull.receive(SOON)) {
                    return message.body().get(0) == 1;
                }
            });
        }
    }

    @Test
    void withoutAPeerASendWaits() throws Exception {
        try (PushSocket push = PushSocket.open();
                PullSocket pull = PullSocket.open();
                Message message = Message.of(new byte[] {1})) {
            assertThat(push.trySend(message)).isFalse();
            assertThatThrownBy(() -> push.send(message, Duration.ofMillis(10))).isInstanceOf(NngTimeoutException.class);
            CompletableFuture<Void> waiting = push.sendAsync(message.duplicate());
            assertThat(waiting).isNotDone();
            Peers.connect(push, pull);
            waiting.get(10, TimeUnit.SECONDS);
            assertThat(pull.receiveBytes()).containsExactly(1);
        }
    }

    @Test
    void aSendBufferHoldsMessagesForAPeerThatComesLater() {
        try (PushSocket push = PushSocket.open();
                PullSocket pull = PullSocket.open();
                Message oneTooMany = Message.of(new byte[1])) {
            push.set(NngOptions.SEND_BUFFER, 3);
            for (byte i = 0; i < 3; i++) {
                push.send(new byte[] {i});
            }
            assertThat(push.trySend(oneTooMany)).isFalse();
            Peers.connect(push, pull);
            for (byte i = 0; i < 3; i++) {
                assertThat(pull.receiveBytes()).containsExactly(i);
            }
        }
    }

    @Test
    void connectionsThatAreCutUnderTrafficDoNoHarm() throws Exception {
        Patches.assume("push-forgets-a-closed-pipe");
        String url = "inproc://" + UUID.randomUUID();
        try (PushSocket push = PushSocket.open();
                PullSocket pull = PullSocket.open()) {
            pull.set(NngOptions.RECONNECT_MIN, Duration.ofMillis(1));
            BlockingQueue<Pipe> pipes = new LinkedBlockingQueue<>();
            push.onPipe((event, pipe) -> {
                if (event == PipeEvent.ADD_POST) {
                    pipes.add(pipe);
                }
            });
            push.listen(url);
            pull.dial(url);
            untilClosed(() -> push.send(new byte[1]));
            untilClosed(() -> pull.receive().close()); // a full PULL would not notice that a pipe is gone
            for (int i = 0; i < 300; i++) {
                pipes.take().close();
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
}
