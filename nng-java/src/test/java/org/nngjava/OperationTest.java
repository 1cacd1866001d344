package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OperationTest {
    private final String url = "inproc://" + UUID.randomUUID();

    @Test
    void aReceiveEndsAtItsTimeout() {
        try (RepSocket rep = RepSocket.open()) {
            assertThatThrownBy(() -> rep.receive(Duration.ofMillis(20)))
                    .isInstanceOf(NngTimeoutException.class)
                    .hasMessageMatching("receive on rep socket \\d+: timed out \\(ETIMEDOUT\\)");
            rep.set(NngOptions.RECV_TIMEOUT, Duration.ofMillis(20));
            assertThatThrownBy(rep::receive).isInstanceOf(NngTimeoutException.class);
        }
    }

    @Test
    void tryingToReceiveDoesNotWait() {
        try (SubSocket sub = SubSocket.open()) {
            assertThat(sub.tryReceive()).isEmpty();
        }
    }

    @Test
    void aMessageThatCouldNotBeSentIsStillTheCallers() {
        try (ReqSocket req = ReqSocket.open();
                Message message = Message.of("kept".getBytes(UTF_8))) {
            assertThat(req.trySend(message)).isFalse();
            assertThatThrownBy(() -> req.send(message, Duration.ofMillis(20))).isInstanceOf(NngTimeoutException.class);
            assertThat(message.toByteArray()).asString(UTF_8).isEqualTo("kept");
        }
    }

    @Test
    void aSentMessageBelongsToNng() {
        try (PubSocket pub = PubSocket.open()) {
            Message message = Message.of(new byte[1]);
            pub.send(message);
            assertThatThrownBy(message::size).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void interruptingAReceiveEndsItAndLosesNoMessage() throws Exception {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            rep.listen(url);
            req.dial(url);
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            AtomicBoolean stillInterrupted = new AtomicBoolean();
            Thread receiver = new Thread(() -> {
                try {
                    rep.receive().close();
                } catch (NngInterruptedException e) {
                    thrown.set(e);
                    stillInterrupted.set(Thread.currentThread().isInterrupted());
                }
            });
            receiver.start();
            await().until(() -> receiver.getState() == Thread.State.WAITING);
            receiver.interrupt();
            receiver.join();
            assertThat(thrown.get()).isInstanceOf(NngInterruptedException.class);
            assertThat(stillInterrupted).isTrue();

            req.send("still here".getBytes(UTF_8));
            assertThat(rep.receiveBytes()).asString(UTF_8).isEqualTo("still here");
        }
    }

    @Test
    void cancellingAReceiveCancelsItInNng() throws Exception {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            rep.listen(url);
            req.dial(url);
            CompletableFuture<Message> receive = rep.receiveAsync();
            assertThat(receive.cancel(true)).isTrue();
            assertThat(receive).isCancelled();

            req.send("for the next one".getBytes(UTF_8));
            assertThat(rep.receiveAsync().get(5, TimeUnit.SECONDS).toByteArray())
                    .asString(UTF_8)
                    .isEqualTo("for the next one");
        }
    }

    @Test
    void cancellingAFinishedReceiveChangesNothing() throws Exception {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            rep.listen(url);
            req.dial(url);
            CompletableFuture<Message> receive = rep.receiveAsync();
            req.send(new byte[] {7});
            Message message = receive.get(5, TimeUnit.SECONDS);
            assertThat(receive.cancel(true)).isFalse();
            assertThat(message.toByteArray()).containsExactly(7);
            message.close();
        }
    }

    @Test
    void aReceiveThatTimesOutByItsFutureIsGivenUpInNng() throws Exception {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            rep.listen(url);
            req.dial(url);
            CompletableFuture<Message> receive = rep.receiveAsync().orTimeout(10, TimeUnit.MILLISECONDS);
            assertThatThrownBy(() -> receive.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(TimeoutException.class);
            req.send("for the next one".getBytes(UTF_8));
            await().ignoreExceptionsMatching(e -> e.getMessage().contains("ESTATE"))
                    .untilAsserted(
                            () -> assertThat(rep.receiveBytes()).asString(UTF_8).isEqualTo("for the next one"));
        }
    }

    @Test
    void aContextIsGoodForTheNextRequestAfterOneWasCancelled() throws Exception {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open();
                ReqContext context = req.openContext()) {
            rep.listen(url);
            req.dial(url);
            answer(rep.openContext());
            for (int i = 0; i < 2000; i++) {
                context.requestAsync(Message.of(new byte[] {1})).cancel(true);
                try (Message question = Message.of(new byte[] {2})) {
                    context.request(question, Duration.ofSeconds(5)).close();
                }
            }
        }
    }

    private static void answer(RepContext context) {
        context.receiveAsync().thenCompose(context::sendAsync).thenRun(() -> answer(context));
    }

    @Test
    void aSendAndAReceiveUnderWayTogetherEndApart() {
        Patches.assume("req-send-and-receive-end-apart");
        for (int i = 0; i < 20; i++) {
            ReqSocket req = ReqSocket.open();
            CompletableFuture<Void> send = req.sendAsync(Message.of(new byte[1]));
            CompletableFuture<Message> receive = req.receiveAsync();
            if (i % 3 == 0) {
                send.cancel(true);
            } else if (i % 3 == 1) {
                receive.cancel(true);
            }
            req.close();
            assertThat(send).isCompletedExceptionally();
            assertThat(receive).isCompletedExceptionally();
        }
    }

    @Test
    void aMessageThatCannotBeSentAsynchronouslyIsClosed() {
        ReqSocket req = ReqSocket.open();
        req.close();
        Message message = Message.of(new byte[1]);
        assertThatThrownBy(() -> req.sendAsync(message)).isInstanceOf(NngClosedException.class);
        assertThatThrownBy(message::size).isInstanceOf(IllegalStateException.class);
        Message request = Message.of(new byte[1]);
        assertThatThrownBy(() -> req.requestAsync(request)).isInstanceOf(NngClosedException.class);
        assertThatThrownBy(request::size).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void cancellingReceivesAsMessagesArriveLosesNothing() throws Exception {
        Patches.assume("sub-receive-ends-once");
        try (PubSocket pub = PubSocket.open();
                SubSocket sub = SubSocket.open()) {
            sub.set(NngOptions.RECV_BUFFER, 4096);
            sub.subscribe("hello");
            pub.set(NngOptions.SEND_BUFFER, 4096);
            pub.listen(url);
            sub.dial(url);
            await().until(() -> {
                pub.send("hello".getBytes(UTF_8));
                return sub.tryReceive().isPresent();
            });
            sub.unsubscribe("hello"); // with what greeting left over, which may not have come yet
            sub.subscribe(new byte[] {1});
            int sent = 2000;
            CompletableFuture<Void> publisher = NewThread.run(() -> {
                for (int i = 0; i < sent; i++) {
                    pub.send(new byte[] {1});
                }
            });
            int received = 0;
            while (received < sent) {
                CompletableFuture<Message> receive = sub.receiveAsync(Duration.ofSeconds(5));
                if (!receive.cancel(true)) {
                    receive.get().close();
                    received++;
                } else if (publisher.isDone()) {
                    sub.receive(Duration.ofSeconds(5)).close();
                    received++;
                }
            }
            assertThat(sub.tryReceive()).isEmpty();
        }
    }

    @Test
    void cancellingARequestGivesItUp() throws Exception {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            rep.listen(url);
            req.dial(url);
            CompletableFuture<Message> reply = req.requestAsync(Message.of(new byte[] {1}));
            Request request = rep.receiveRequest(Duration.ofSeconds(5));
            assertThat(reply.cancel(true)).isTrue();
            request.reply(new byte[] {2}).get(5, TimeUnit.SECONDS);
            assertThat(reply).isCancelled();
        }
    }

    @Test
    void aRequestCompletedByHandIsGivenUp() throws Exception {
        try (ReqSocket req = ReqSocket.open();
                RepSocket rep = RepSocket.open();
                Message byHand = Message.of(new byte[] {1})) {
            rep.listen(url);
            req.dial(url);
            CompletableFuture<Message> reply = req.requestAsync(Message.of(new byte[] {2}));
            Request request = rep.receiveRequest(Duration.ofSeconds(5));
            assertThat(reply.complete(byHand)).isTrue();
            request.reply(new byte[] {3}).get(5, TimeUnit.SECONDS);

            CompletableFuture<Message> next = req.requestAsync(Message.of(new byte[] {4}));
            rep.receiveRequest(Duration.ofSeconds(5)).reply(new byte[] {5}).get(5, TimeUnit.SECONDS);
            try (Message answer = next.get(5, TimeUnit.SECONDS)) {
                assertThat(answer.toByteArray()).containsExactly(5);
            }
            assertThat(reply).isCompletedWithValue(byHand);
        }
    }

    @Test
    void closingTheSocketEndsWhatWaitsOnIt() throws Exception {
        RepSocket rep = RepSocket.open();
        RepContext context = rep.openContext();
        CompletableFuture<Message> onSocket = rep.receiveAsync();
        CompletableFuture<Message> onContext = context.receiveAsync();
        RepContext ofThread = rep.openContext();
        CompletableFuture<Message> blocking = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                blocking.complete(ofThread.receive());
            } catch (NngException e) {
                blocking.completeExceptionally(e);
            }
        });
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING);
        rep.close();
        for (CompletableFuture<Message> receive : List.of(onSocket, onContext, blocking)) {
            assertThatThrownBy(() -> receive.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(NngClosedException.class);
        }
        assertThatThrownBy(rep::receive).isInstanceOf(NngClosedException.class);
        assertThatThrownBy(context::receive).isInstanceOf(NngClosedException.class);
        assertThatThrownBy(() -> rep.listen(url)).isInstanceOf(NngClosedException.class);
        rep.close();
        context.close();
    }

    @Test
    void aSocketMayBeClosedInsideACallback() throws Exception {
        RepSocket rep = RepSocket.open();
        rep.listen(url);
        try (ReqSocket req = ReqSocket.open()) {
            req.dial(url);
            CompletableFuture<Void> closed = rep.receiveAsync().thenAccept(message -> {
                message.close();
                rep.close();
            });
            req.send(new byte[1]);
            closed.get(5, TimeUnit.SECONDS);
            await().untilAsserted(() ->
                    assertThatThrownBy(() -> rep.receive(Duration.ZERO)).isInstanceOf(NngClosedException.class));
        }
    }

    @Test
    void blockingNngsOwnThreadIsRefused() throws Exception {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            rep.listen(url);
            req.dial(url);
            CompletableFuture<Message> blocked = rep.receiveAsync().thenApply(message -> {
                message.close();
                return rep.receive();
            });
            req.send(new byte[1]);
            assertThatThrownBy(() -> blocked.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalStateException.class);
        }
    }
}
