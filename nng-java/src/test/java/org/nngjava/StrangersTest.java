package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever reaches a listener may leave at any moment and say anything: others are served all the same. */
class StrangersTest {
    private static final byte[] PUSH_GREETING = {0, 'S', 'P', 0, 0, 0x50, 0, 0};
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
        return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
    }
}
