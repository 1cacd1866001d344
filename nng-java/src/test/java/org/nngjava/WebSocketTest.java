package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** ws: what HTTP adds. */
class WebSocketTest {
    private static final String URL = "ws://127.0.0.1:0/path";

    @Test
    void headersGoBothWaysAndArriveAtThePipes() throws Exception {
        Patches.assume("ws-listener-takes-headers");
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            BlockingQueue<Pipe> servers = pipesOf(rep);
            BlockingQueue<Pipe> clients = pipesOf(req);
            Listener listener = rep.listener(URL);
            listener.set(NngOptions.WS_RESPONSE_HEADERS, "X-One: 1\r\nX-Two: 2\r\n");
            listener.set(NngOptions.wsResponseHeader("X-Three"), "3");
            listener.start();
            Dialer dialer = req.dialer(listener.url());
            dialer.set(NngOptions.WS_REQUEST_HEADERS, "Authorization: Bearer token\r\n");
            dialer.set(NngOptions.wsRequestHeader("X-Four"), "4");
            dialer.start();

            Pipe server = servers.poll(10, TimeUnit.SECONDS);
            assertThat(server.get(NngOptions.wsRequestHeader("authorization"))).isEqualTo("Bearer token");
            assertThat(server.get(NngOptions.wsRequestHeader("X-Four"))).isEqualTo("4");
            assertThat(server.get(NngOptions.WS_REQUEST_HEADERS))
                    .contains("X-Four: 4\r\n")
                    .contains("Sec-WebSocket-Protocol: rep.sp.nanomsg.org\r\n");
            assertThat(server.get(NngOptions.WS_REQUEST_URI)).isEqualTo("/path");
            assertFails(() -> server.get(NngOptions.wsRequestHeader("X-Five")), NngError.ENOENT);

            Pipe client = clients.poll(10, TimeUnit.SECONDS);
            assertThat(client.get(NngOptions.WS_RESPONSE_HEADERS)).contains("X-One: 1\r\nX-Two: 2\r\n");
            assertThat(client.get(NngOptions.wsResponseHeader("x-three"))).isEqualTo("3");
        }
    }

    @Test
    void framesAreOfTheSizeAskedFor() {
        Patches.assume("ws-dialer-keeps-its-limits");
        try (PullSocket pull = PullSocket.open();
                PushSocket push = PushSocket.open()) {
            Listener listener = pull.listener(URL);
            assertThat(listener.get(NngOptions.WS_SEND_MAX_FRAME)).isEqualTo(Size.ofKiB(64));
            assertThat(listener.get(NngOptions.WS_RECV_MAX_FRAME)).isEqualTo(Size.ofMiB(1));
            listener.set(NngOptions.WS_RECV_MAX_FRAME, Size.ofKiB(1));
            listener.start();
            Dialer dialer = push.dialer(listener.url());
            dialer.set(NngOptions.WS_SEND_MAX_FRAME, Size.ofBytes(1000));
            dialer.start();
            push.send(new byte[10_000]); // in frames that the listener takes
            assertThat(pull.receiveBytes()).hasSize(10_000);
        }
    }

    @Test
    void aDialerHasALimitToo() throws Exception {
        Patches.assume("ws-dialer-keeps-its-limits");
        try (PushSocket push = PushSocket.open();
                PullSocket pull = PullSocket.open()) {
            BlockingQueue<PipeEvent> events = new LinkedBlockingQueue<>();
            pull.onPipe((event, pipe) -> events.add(event));
            pull.set(NngOptions.RECONNECT_MIN, Duration.ofMillis(1));
            Listener listener = push.listen(URL);
            Dialer dialer = pull.dialer(listener.url());
            dialer.set(NngOptions.RECV_MAX_SIZE, Size.ofKiB(1));
            dialer.start();
            push.send(new byte[2000]);
            await().untilAsserted(() ->
                    assertThat(events).startsWith(PipeEvent.ADD_POST, PipeEvent.REM_POST, PipeEvent.ADD_POST));
            push.send(new byte[500]);
            assertThat(pull.receiveBytes()).hasSize(500);
        }
    }

    @Test
    void bothSidesMustAgreeOnTheSubProtocol() {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            Listener listener = rep.listener(URL);
            assertThat(listener.get(NngOptions.WS_PROTOCOL)).isEqualTo("rep.sp.nanomsg.org");
            listener.set(NngOptions.WS_PROTOCOL, "own.example");
            listener.start();
            assertFails(() -> req.dial(listener.url()), NngError.EPROTO);
            Dialer dialer = req.dialer(listener.url());
            dialer.set(NngOptions.WS_PROTOCOL, "own.example");
            dialer.start();
        }
    }

    @Test
    void textFramesPassWhereBothSidesWantThem() {
        try (PullSocket pull = PullSocket.open();
                PushSocket push = PushSocket.open()) {
            Listener listener = pull.listener(URL);
            listener.set(NngOptions.WS_RECV_TEXT, true);
            listener.start();
            Dialer dialer = push.dialer(listener.url());
            dialer.set(NngOptions.WS_SEND_TEXT, true);
            dialer.start();
            push.send("text".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertThat(pull.receiveBytes()).hasSize(4);
        }
    }

    @Test
    void aPathThatNobodyServesIsRefused() {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            String url = rep.listen(URL).url().replace("/path", "/other");
            assertThatThrownBy(() -> req.dial(url)).isInstanceOf(NngRefusedException.class);
        }
    }

    @Test
    void listenersOfOnePortShareItByPath() {
        try (RepSocket first = RepSocket.open();
                RepSocket second = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            Listener listener = first.listen(URL);
            String url = listener.url();
            String other = url.replace("/path", "/other");
            second.listen(other);
            req.dial(url);
            req.dial(other);
            listener.close();
            try (ReqSocket late = ReqSocket.open()) {
                late.dial(other);
                assertThatThrownBy(() -> late.dial(url)).isInstanceOf(NngRefusedException.class);
            }
        }
    }

    @Test
    void listenersAtPortZeroGetPortsOfTheirOwn() {
        Patches.assume("http-server-is-not-shared-by-chance");
        try (RepSocket first = RepSocket.open();
                RepSocket second = RepSocket.open()) {
            Listener one = first.listener(URL);
            Listener other = second.listener(URL);
            one.start();
            other.start();
            assertThat(one.url()).isNotEqualTo(other.url());
        }
    }

    private static void assertFails(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, NngError error) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NngException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    private static BlockingQueue<Pipe> pipesOf(Socket socket) {
        BlockingQueue<Pipe> pipes = new LinkedBlockingQueue<>();
        socket.onPipe((event, pipe) -> pipes.add(pipe));
        return pipes;
    }
}
