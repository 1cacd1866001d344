package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dialers and listeners as objects. */
class EndpointTest {
    private final String url = "inproc://" + UUID.randomUUID();

    @Test
    void optionsAreForBeforeTheStart() {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            Listener listener = rep.listen(url);
            Dialer dialer = req.dial(url);
            assertFails(() -> listener.set(NngOptions.RECV_MAX_SIZE, Size.ofKiB(1)), NngError.ESTATE)
                    .hasMessageContaining("set recv-size-max of listener at " + url + ", which has started");
            assertFails(() -> dialer.set(NngOptions.RECONNECT_MIN, Duration.ofSeconds(1)), NngError.ESTATE);
            assertThat(listener.get(NngOptions.RECV_MAX_SIZE)).isEqualTo(Size.ofBytes(0));
        }
    }

    @Test
    void startingTwiceIsSaidToBeWrong() {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            Listener listener = rep.listen(url);
            Dialer dialer = req.dial(url);
            Dialer inBackground = req.dialAsync(url);
            assertFails(listener::start, NngError.ESTATE).hasMessageContaining("which has started");
            assertFails(dialer::start, NngError.ESTATE).hasMessageContaining("which has started");
            assertFails(dialer::startAsync, NngError.ESTATE).hasMessageContaining("which has started");
            assertFails(inBackground::start, NngError.ESTATE).hasMessageContaining("which has started");
        }
    }

    @Test
    void aDialerThatWasRefusedTakesOptionsAndStartsAgain() {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            Dialer dialer = req.dialer(url);
            assertThatThrownBy(dialer::start)
                    .isInstanceOf(NngRefusedException.class)
                    .hasMessageContaining("dial " + url);
            dialer.set(NngOptions.RECONNECT_MIN, Duration.ofMillis(7));
            rep.listen(url);
            dialer.start();
            assertThat(dialer.get(NngOptions.RECONNECT_MIN)).isEqualTo(Duration.ofMillis(7));
        }
    }

    @Test
    void aDialerTakesOverItsSocketsReconnectTimes() {
        try (ReqSocket req = ReqSocket.open()) {
            req.set(NngOptions.RECONNECT_MIN, Duration.ofMillis(50));
            req.set(NngOptions.RECONNECT_MAX, Duration.ofMillis(500));
            Dialer dialer = req.dialer("tcp://127.0.0.1:1");
            assertThat(dialer.get(NngOptions.RECONNECT_MIN)).isEqualTo(Duration.ofMillis(50));
            assertThat(dialer.get(NngOptions.RECONNECT_MAX)).isEqualTo(Duration.ofMillis(500));
            dialer.set(NngOptions.RECONNECT_MAX, Duration.ofSeconds(1));
            assertThat(dialer.get(NngOptions.RECONNECT_MAX)).isEqualTo(Duration.ofSeconds(1));
            assertThat(req.get(NngOptions.RECONNECT_MAX)).isEqualTo(Duration.ofMillis(500));
        }
    }

    @Test
    void aDialerConnectsAgainWhenItsConnectionIsLost() throws Exception {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            BlockingQueue<Pipe> pipes = pipesOf(rep);
            req.set(NngOptions.RECONNECT_MIN, Duration.ofMillis(1));
            req.dial(rep.listen("tcp://127.0.0.1:0").url());
            Pipe first = pipes.poll(10, TimeUnit.SECONDS);
            first.close();
            assertThat(pipes.poll(10, TimeUnit.SECONDS)).isNotNull().isNotEqualTo(first);
        }
    }

    @Test
    void closingAnEndpointClosesItsConnectionsAndNoOthers() throws Exception {
        try (RepSocket rep = RepSocket.open();
                ReqSocket first = ReqSocket.open();
                ReqSocket second = ReqSocket.open()) {
            Listener closing = rep.listen("tcp://127.0.0.1:0");
            Listener staying = rep.listen(url);
            BlockingQueue<PipeEvent> ofFirst = new LinkedBlockingQueue<>();
            BlockingQueue<PipeEvent> ofSecond = new LinkedBlockingQueue<>();
            first.onPipe((event, pipe) -> ofFirst.add(event));
            second.onPipe((event, pipe) -> ofSecond.add(event));
            first.dial(closing.url());
            second.dial(staying.url());
            closing.close();
            await().untilAsserted(() -> assertThat(ofFirst).startsWith(PipeEvent.ADD_POST, PipeEvent.REM_POST));
            assertThat(ofSecond).doesNotContain(PipeEvent.REM_POST);
            var reply = second.requestAsync(Message.of(new byte[1]));
            rep.receiveRequest(Duration.ofSeconds(10)).reply(new byte[2]);
            reply.get(10, TimeUnit.SECONDS).close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "tls+tcp", "ws"})
    void anInterruptEndsADialThatGetsNoAnswer(String scheme) throws Exception {
        try (SilentPeer silent = new SilentPeer();
                ReqSocket req = ReqSocket.open()) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            AtomicReference<Boolean> interrupted = new AtomicReference<>();
            Dialer dialer = req.dialer(silent.url(scheme));
            Thread thread = new Thread(() -> {
                try {
                    dialer.start();
                } catch (NngException e) {
                    thrown.set(e);
                    interrupted.set(Thread.currentThread().isInterrupted());
                }
            });
            thread.start();
            silent.awaitConnection();
            thread.interrupt();
            thread.join();
            assertThat(thrown.get())
                    .isInstanceOf(NngInterruptedException.class)
                    .hasMessageContaining("dial " + silent.url(scheme));
            assertThat(interrupted).hasValue(true);
            assertThatThrownBy(dialer::start).isInstanceOf(NngClosedException.class);
        }
    }

    @Test
    void aDialHasALimit() throws Exception {
        try (SilentPeer silent = new SilentPeer();
                ReqSocket req = ReqSocket.open()) {
            Dialer dialer = req.dialer(silent.url("tcp"));
            assertThatThrownBy(() -> dialer.start(Duration.ofMillis(20)))
                    .isInstanceOf(NngTimeoutException.class)
                    .hasMessageContaining("dial " + silent.url("tcp"));
            assertThatThrownBy(dialer::start).isInstanceOf(NngClosedException.class);
            assertThatThrownBy(() -> req.dialer(url).start(Duration.ofSeconds(-1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void closingTheDialerOrItsSocketEndsADial() throws Exception {
        try (SilentPeer silent = new SilentPeer()) {
            for (boolean closeSocket : new boolean[] {false, true}) {
                ReqSocket req = ReqSocket.open();
                Dialer dialer = req.dialer(silent.url("tcp"));
                AtomicReference<Throwable> thrown = new AtomicReference<>();
                Thread thread = new Thread(() -> {
                    try {
                        dialer.start();
                    } catch (NngException e) {
                        thrown.set(e);
                    }
                });
                thread.start();
                silent.awaitConnection();
                if (closeSocket) {
                    req.close();
                } else {
                    dialer.close();
                }
                thread.join();
                assertThat(thrown.get()).isInstanceOf(NngClosedException.class);
                req.close();
            }
        }
    }

    @Test
    void anInterruptedThreadDoesNotDial() {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            rep.listen(url);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> req.dial(url)).isInstanceOf(NngInterruptedException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aDialerOfTcpChoosesTheAddressThatItComesFrom() throws Exception {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            BlockingQueue<Pipe> pipes = pipesOf(rep);
            Dialer dialer = req.dialer(rep.listen("tcp://127.0.0.1:0").url());
            dialer.set(
                    NngOptions.LOCAL_ADDRESS,
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), 0));
            dialer.start();
            assertThat(pipes.poll(10, TimeUnit.SECONDS).remoteAddress()).startsWith("tcp://127.0.0.2:");
            Dialer other = req.dialer("tcp://127.0.0.1:1");
            assertFails(
                    () -> other.set(NngOptions.LOCAL_ADDRESS, InetSocketAddress.createUnresolved("nowhere", 0)),
                    NngError.EADDRINVAL);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tcp",
                "tcp://",
                "tcp://127.0.0.1",
                "tcp://127.0.0.1:",
                "tcp://127.0.0.1:port",
                "tcp://127.0.0.1:1/path",
                "tcp://[::1",
                "ipc://",
                "tls+tcp://127.0.0.1",
                "ws://[::1",
                "ws://%zz:1/",
                "abstract://%zz",
                "nonsense://x",
                "tcp://127.0.0.1:1\0",
            })
    void aMalformedAddressIsRefusedByName(String malformed) {
        try (ReqSocket req = ReqSocket.open()) {
            assertThatThrownBy(() -> req.dial(malformed))
                    .isInstanceOf(NngException.class)
                    .hasMessageStartingWith("dial " + malformed + ":");
        }
    }

    @Test
    void aBoundAddressIsThatOfAllInterfacesWhereNoneIsNamed() {
        try (RepSocket rep = RepSocket.open()) {
            assertThat(rep.listen("ws://*:0/path").url()).matches("ws://\\*:[1-9]\\d*/path");
        }
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ?> assertFails(
            ThrowingCallable call, NngError error) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NngException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    private static BlockingQueue<Pipe> pipesOf(Socket socket) {
        BlockingQueue<Pipe> pipes = new LinkedBlockingQueue<>();
        socket.onPipe((event, pipe) -> {
            if (event == PipeEvent.ADD_POST) {
                pipes.add(pipe);
            }
        });
        return pipes;
    }

    /** Takes connections and says nothing. */
    private static final class SilentPeer implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());

        SilentPeer() throws IOException {}

        String url(String scheme) {
            return scheme + "://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
        }

        @SuppressWarnings("resource")
        void awaitConnection() throws IOException {
            server.accept();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
