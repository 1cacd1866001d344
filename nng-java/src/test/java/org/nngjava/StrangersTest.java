package org.nngjava;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever reaches a listener may leave at any moment and say anything: others are served all the same. */
class StrangersTest {
    private static final byte[] PUSH_GREETING = {0, 'S', 'P', 0, 0, 0x50, 0, 0};
    private static final String UPGRADE = """
            GET / HTTP/1.1\r
            Host: 127.0.0.1\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Protocol: pull.sp.nanomsg.org\r
            \r
            """;
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final PullSocket pull = PullSocket.open();

    @Test
    void peersThatLeaveBeforeTheyAreGreetedDoNotStopAListenerOnTcp() throws Exception {
        Patches.assume("strangers-do-not-stop-a-listener");
        String url = pull.listen("tcp://127.0.0.1:0").url();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port(url));
        for (int i = 0; i < 200; i++) {
            try (SocketChannel stranger = SocketChannel.open(address)) {
                stranger.setOption(StandardSocketOptions.SO_LINGER, 0); // leaves with a reset
            }
        }
        assertOthersAreServed(url);
    }

    @Test
    void peersThatLeaveBeforeTheyAreGreetedDoNotStopAListenerOnIpc() throws Exception {
        Patches.assume("strangers-do-not-stop-a-listener");
        Path path = directory.resolve("socket");
        String url = pull.listen("ipc://" + path).url();
        SocketAddress address = UnixDomainSocketAddress.of(path);
        for (int i = 0; i < 200; i++) {
            SocketChannel.open(address).close();
        }
        assertOthersAreServed(url);
    }

    @Test
    void aMessageThatSaysItIsLargerThanMemoryIsNotBelieved() throws Exception {
        Patches.assume("message-size-does-not-overflow");
        String url = pull.listen("tcp://127.0.0.1:0").url();
        for (long size : new long[] {-33, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            try (SocketChannel stranger =
                    SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port(url)))) {
                stranger.write(ByteBuffer.wrap(PUSH_GREETING));
                stranger.write(ByteBuffer.allocate(8).putLong(size).flip());
                ByteBuffer greeting = ByteBuffer.allocate(100);
                while (stranger.read(greeting) >= 0) {
                    // until it is sent away
                }
            }
        }
        assertOthersAreServed(url);
    }

    @Test
    void aBadFrameBehindAGoodOneEndsTheConnectionForGood() throws Exception {
        Patches.assume("ws-receive-ends-when-closed");
        BlockingQueue<PipeEvent> events = new LinkedBlockingQueue<>();
        pull.onPipe((event, pipe) -> events.add(event));
        String url = pull.listen("ws://127.0.0.1:0/").url();
        try (pull;
                SocketChannel stranger =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port(url)))) {
            stranger.write(ByteBuffer.wrap(UPGRADE.getBytes(US_ASCII)));
            stranger.write(ByteBuffer.wrap(new byte[] {(byte) 0x82, (byte) 0x81, 0, 0, 0, 0, 42, (byte) 0x82, 1, 43}));
            ByteBuffer answer = ByteBuffer.allocate(10_000);
            while (stranger.read(answer) >= 0) {
                // until it is sent away, for the frame that is not masked
            }
            try (Message message = pull.receive(SOON)) {
                assertThat(message.toByteArray()).containsExactly(42);
            }
            await().untilAsserted(() -> assertThat(events).contains(PipeEvent.REM_POST));
        }
    }

    private void assertOthersAreServed(String url) {
        try (pull;
                PushSocket push = PushSocket.open()) {
            push.dial(url);
            push.send(new byte[] {42});
            try (Message message = pull.receive(SOON)) {
                assertThat(message.toByteArray()).containsExactly(42);
            }
        }
    }

    private static int port(String url) {
        return URI.create(url).getPort();
    }
}
