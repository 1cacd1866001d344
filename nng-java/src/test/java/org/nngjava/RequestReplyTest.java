package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReplyTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @ParameterizedTest
    @ValueSource(strings = {"inproc://", "ipc:///tmp/nng-java-test-", "tcp://127.0.0.1:0"})
    void aRequestGetsItsReplyOnEveryTransport(String address) throws Exception {
        String url = address.startsWith("tcp") ? address : address + UUID.randomUUID();
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            Listener listener = rep.listen(url);
            req.dial(listener.url());
            CompletableFuture<Void> server = NewThread.run(() -> {
                assertThat(rep.receiveBytes()).asString(UTF_8).isEqualTo("ping");
                rep.send("pong".getBytes(UTF_8));
            });
            req.send("ping".getBytes(UTF_8));
            assertThat(req.receiveBytes()).asString(UTF_8).isEqualTo("pong");
            server.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void aListenerOnPortZeroKnowsThePortItGot() {
        try (RepSocket rep = RepSocket.open()) {
            assertThat(rep.listen("tcp://127.0.0.1:0").url()).matches("tcp://127\\.0\\.0\\.1:[1-9][0-9]+");
        }
    }

    @Test
    void requestsAreAnsweredInAnyOrderByAnyThread() throws Exception {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            String url = "inproc://" + UUID.randomUUID();
            rep.listen(url);
            req.dial(url);
            List<CompletableFuture<Message>> replies = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                replies.add(req.requestAsync(Message.of(("request " + i).getBytes(UTF_8))));
            }
            List<Request> requests = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                requests.add(rep.receiveRequest(Duration.ofSeconds(5)));
            }
            for (int i = 19; i >= 0; i--) {
                Request request = requests.get(i);
                request.reply(request.message().toByteArray());
            }
            for (int i = 0; i < 20; i++) {
                try (Message reply = replies.get(i).get(5, TimeUnit.SECONDS)) {
                    assertThat(reply.toByteArray()).asString(UTF_8).isEqualTo("request " + i);
                }
            }
        }
    }

    @Test
    void aRequestIsAnsweredOnlyOnce() throws Exception {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            String url = "inproc://" + UUID.randomUUID();
            rep.listen(url);
            req.dial(url);
            CompletableFuture<Message> reply = req.requestAsync(Message.of(new byte[] {1}));
            Request request = rep.receiveRequest(Duration.ofSeconds(5));
            request.reply(new byte[] {2});
            assertThatThrownBy(() -> request.reply(new byte[] {3})).isInstanceOf(IllegalStateException.class);
            reply.get(5, TimeUnit.SECONDS).close();
        }
    }

    @Test
    void aRawReplierHoldsRequestsAndAnswersThemLaterByTheirHeaders() throws Exception {
        try (RawSocket rep = RawSocket.open(Protocol.REP);
                ReqSocket req = ReqSocket.open()) {
            Listener listener = rep.listen("tcp://127.0.0.1:0");
            req.dial(listener.url());
            CompletableFuture<Message> first = req.requestAsync(Message.of("first".getBytes(UTF_8)));
            CompletableFuture<Message> second = req.requestAsync(Message.of("second".getBytes(UTF_8)));
            List<byte[]> headers = new ArrayList<>();
            List<byte[]> bodies = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                try (Message request = rep.receive(Duration.ofSeconds(5))) {
                    assertThat(request.pipe()).isPresent();
                    headers.add(request.headerBytes());
                    bodies.add(request.toByteArray());
                }
            }
            for (int i = 1; i >= 0; i--) {
                rep.sendAsync(Message.of(bodies.get(i)).setHeader(headers.get(i)));
            }
            assertThat(first.get(5, TimeUnit.SECONDS).toByteArray())
                    .asString(UTF_8)
                    .isEqualTo("first");
            assertThat(second.get(5, TimeUnit.SECONDS).toByteArray())
                    .asString(UTF_8)
                    .isEqualTo("second");
        }
    }

    @Test
    void withoutResendingALostConnectionEndsTheRequest() throws Exception {
        try (RawSocket rep = RawSocket.open(Protocol.REP);
                ReqSocket req = ReqSocket.open()) {
            req.set(NngOptions.REQ_RESEND_TIME, NngOptions.INFINITE);
            req.dial(rep.listen("tcp://127.0.0.1:0").url());
            CompletableFuture<Message> reply = req.requestAsync(Message.of(new byte[] {1}));
            Message request = rep.receive(Duration.ofSeconds(5));
            request.pipe().orElseThrow().close();
            request.close();
            assertThatThrownBy(() -> reply.get(5, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(NngException.class)
                    .hasMessageContaining("ECONNRESET");
        }
    }

    @Test
    void bothSidesHaveTurns() {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open();
                Message unasked = Message.of(new byte[1])) {
            Peers.connect(rep, req);
            assertThatThrownBy(() -> rep.send(unasked)).hasMessageContaining("ESTATE");
            assertThatThrownBy(req::receive).hasMessageContaining("ESTATE");
            req.send(new byte[1]);
            rep.receive(SOON).close();
            rep.send(new byte[1]);
            assertThatThrownBy(() -> rep.send(unasked)).hasMessageContaining("ESTATE");
            req.receive(SOON).close();
            assertThatThrownBy(req::receive).hasMessageContaining("ESTATE");
            CompletableFuture<Message> waiting = rep.receiveAsync();
            assertThatThrownBy(rep::receive).hasMessageContaining("ESTATE");
            assertThat(waiting.cancel(true)).isTrue();
            assertThat(unasked.size()).isEqualTo(1);
        }
    }

    @Test
    void aNewRequestCancelsTheOld() throws Exception {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            Peers.connect(rep, req);
            req.send("old".getBytes(UTF_8));
            Request old = rep.receiveRequest(SOON);
            CompletableFuture<Message> reply = req.receiveAsync();
            req.send("new".getBytes(UTF_8));
            assertThatThrownBy(() -> reply.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(NngCanceledException.class);
            old.reply("to the old".getBytes(UTF_8)).get(10, TimeUnit.SECONDS);
            rep.receiveRequest(SOON).reply("to the new".getBytes(UTF_8));
            assertThat(req.receiveBytes()).asString(UTF_8).isEqualTo("to the new");
        }
    }

    /** A peer that asks and does not listen to the replies. */
    @Test
    void aReplyThatWaitsForItsPeerIsFollowedByNoOther() {
        try (RepSocket rep = RepSocket.open();
                RawSocket deaf = RawSocket.open(Protocol.REQ)) {
            Peers.connect(rep, deaf);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10; i++) {
                            deaf.send(Message.allocate(0).setHeader(new byte[] {(byte) 0x80, 0, 0, (byte) i}));
                            rep.receive(SOON).close();
                            rep.sendAsync(Message.of(new byte[1]));
                        }
                    })
                    .hasMessageContaining("ESTATE");
        }
    }
}
