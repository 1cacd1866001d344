package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class SocketTest {

    @Test
    void aDialWithNobodyListeningIsRefused() {
        try (ReqSocket req = ReqSocket.open()) {
            assertThatThrownBy(() -> req.dial("tcp://127.0.0.1:1"))
                    .isInstanceOf(NngRefusedException.class)
                    .hasMessage("dial tcp://127.0.0.1:1: connection refused (ECONNREFUSED)");
        }
    }

    @Test
    void aDialInTheBackgroundFindsAListenerThatComesLater() throws Exception {
        String url = "ipc:///tmp/nng-java-test-" + UUID.randomUUID();
        try (ReqSocket req = ReqSocket.open();
                RepSocket rep = RepSocket.open()) {
            req.set(NngOptions.RECONNECT_MIN, Duration.ofMillis(10));
            req.dialAsync(url);
            var reply = req.requestAsync(Message.of(new byte[] {1}));
            rep.listen(url);
            rep.receiveRequest(Duration.ofSeconds(5)).reply(new byte[] {2});
            assertThat(reply.get().toByteArray()).containsExactly(2);
        }
    }

    @Test
    void aClosedListenerOrDialerSaysThatItIsClosed() {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            Listener listener = rep.listen("tcp://127.0.0.1:0");
            Dialer dialer = req.dialer(listener.url());
            listener.close();
            listener.close();
            dialer.close();
            assertThatThrownBy(listener::url).isInstanceOf(NngClosedException.class);
            assertThatThrownBy(dialer::start).isInstanceOf(NngClosedException.class);
            assertThatThrownBy(() -> dialer.get(NngOptions.URL)).isInstanceOf(NngClosedException.class);
        }
    }

    @Test
    void aMissingAddressIsRefused() {
        try (ReqSocket req = ReqSocket.open()) {
            assertThatThrownBy(() -> req.dial(null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> req.listen(null)).isInstanceOf(NullPointerException.class);
        }
    }

    @Test
    void aMalformedAddressIsRefusedByName() {
        try (ReqSocket req = ReqSocket.open()) {
            assertThatThrownBy(() -> req.listen("nonsense")).hasMessageContaining("listen at nonsense");
            assertThatThrownBy(() -> req.dial("nonsense://x")).hasMessageContaining("dial nonsense://x");
        }
    }

    @Test
    void anAddressInUseIsSaidToBe() {
        try (RepSocket first = RepSocket.open();
                RepSocket second = RepSocket.open()) {
            String url = first.listen("tcp://127.0.0.1:0").url();
            assertThatThrownBy(() -> second.listen(url))
                    .isInstanceOfSatisfying(
                            NngException.class, e -> assertThat(e.error()).isEqualTo(NngError.EADDRINUSE));
        }
    }

    @Test
    void pipesAreReportedAsTheyComeAndGo() {
        List<PipeEvent> events = new CopyOnWriteArrayList<>();
        List<Integer> ids = new CopyOnWriteArrayList<>();
        List<String> addresses = new CopyOnWriteArrayList<>();
        try (RepSocket rep = RepSocket.open()) {
            rep.onPipe((event, pipe) -> {
                ids.add(pipe.id());
                if (event == PipeEvent.ADD_POST) {
                    addresses.add(pipe.remoteAddress());
                }
                events.add(event);
            });
            String url = rep.listen("tcp://127.0.0.1:0").url();
            try (ReqSocket req = ReqSocket.open()) {
                req.dial(url);
                await().until(() -> events.contains(PipeEvent.ADD_POST));
            }
            await().untilAsserted(() -> assertThat(events).containsExactly(PipeEvent.ADD_POST, PipeEvent.REM_POST));
            assertThat(ids.get(0)).isEqualTo(ids.get(1));
            assertThat(addresses).first().asString().matches("tcp://127\\.0\\.0\\.1:\\d+");
        }
    }

    @Test
    void aListenerThatThrowsDisturbsNobody() {
        List<PipeEvent> events = new CopyOnWriteArrayList<>();
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            rep.onPipe((event, pipe) -> {
                throw new IllegalStateException("expected by the test");
            });
            rep.onPipe((event, pipe) -> events.add(event));
            String url = "inproc://" + UUID.randomUUID();
            rep.listen(url);
            req.dial(url);
            await().until(() -> events.contains(PipeEvent.ADD_POST));
        }
    }

    @Test
    void aMessageOverTheLimitDoesNotArriveAndOthersDo() {
        try (RepSocket rep = RepSocket.open();
                ReqSocket large = ReqSocket.open();
                ReqSocket small = ReqSocket.open()) {
            rep.set(NngOptions.RECV_MAX_SIZE, Size.ofKiB(1));
            String url = rep.listen("tcp://127.0.0.1:0").url();
            large.set(NngOptions.REQ_RESEND_TIME, NngOptions.INFINITE);
            large.dial(url);
            small.dial(url);
            large.send(new byte[2000]);
            small.send(new byte[500]);
            assertThat(rep.receiveBytes()).hasSize(500);
            assertThatThrownBy(() -> large.receive(Duration.ofSeconds(5))).hasMessageContaining("ECONNRESET");
        }
    }

    @Test
    void aForgottenSocketIsClosed() {
        String url = "inproc://" + UUID.randomUUID();
        forgetAListener(url);
        try (RepSocket rep = RepSocket.open()) {
            await().ignoreException(NngException.class).untilAsserted(() -> {
                System.gc();
                rep.listen(url);
            });
        }
    }

    private static void forgetAListener(String url) {
        RepSocket.open().listen(url);
    }
}
