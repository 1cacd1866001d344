package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OptionTest {

    @Test
    void anOptionReadsBackAsItWasSet() {
        try (ReqSocket socket = ReqSocket.open()) {
            roundTrip(socket, NngOptions.RECV_TIMEOUT, Duration.ofMillis(1500));
            roundTrip(socket, NngOptions.SEND_TIMEOUT, NngOptions.INFINITE);
            roundTrip(socket, NngOptions.RECV_MAX_SIZE, Size.ofMiB(3));
            roundTrip(socket, NngOptions.MAX_TTL, 3);
            roundTrip(socket, NngOptions.SOCKET_NAME, "höher");
            roundTrip(socket, NngOptions.REQ_RESEND_TIME, NngOptions.INFINITE);
            assertThat(socket.get(NngOptions.RAW)).isFalse();
            assertThat(socket.get(NngOptions.PROTOCOL_NAME)).isEqualTo("req");
        }
    }

    @Test
    void aContextHasTimeoutsOfItsOwn() {
        try (ReqSocket socket = ReqSocket.open();
                ReqContext context = socket.openContext()) {
            context.set(NngOptions.RECV_TIMEOUT, Duration.ofSeconds(7));
            assertThat(context.get(NngOptions.RECV_TIMEOUT)).isEqualTo(Duration.ofSeconds(7));
            assertThat(socket.get(NngOptions.RECV_TIMEOUT)).isEqualTo(NngOptions.INFINITE);
        }
    }

    @Test
    void aListenerTakesOptionsBeforeItStarts() {
        try (RepSocket socket = RepSocket.open()) {
            Listener listener = socket.listener("tcp://127.0.0.1:0");
            listener.set(NngOptions.TCP_KEEPALIVE, true);
            listener.set(NngOptions.RECV_MAX_SIZE, Size.ofKiB(64));
            listener.start();
            assertThat(listener.get(NngOptions.TCP_KEEPALIVE)).isTrue();
            assertThat(listener.get(NngOptions.RECV_MAX_SIZE)).isEqualTo(Size.ofKiB(64));
        }
    }

    @Test
    void anOptionThatTheSocketLacksIsNotSupported() {
        try (PubSocket socket = PubSocket.open()) {
            assertThatThrownBy(() -> socket.set(NngOptions.REQ_RESEND_TIME, Duration.ofSeconds(1)))
                    .isInstanceOf(NngException.class)
                    .hasMessageContaining("set req:resend-time of pub socket")
                    .hasMessageContaining("ENOTSUP");
        }
    }

    @Test
    void aShortDurationIsNotRoundedToNothing() {
        assertThat(Timeouts.millis(Duration.ofNanos(1))).isEqualTo(1);
        assertThat(Timeouts.millis(Duration.ZERO)).isZero();
        assertThat(Timeouts.millis(NngOptions.INFINITE)).isEqualTo(-1);
        assertThat(Timeouts.millis(Duration.ofDays(1000))).isEqualTo(Integer.MAX_VALUE);
        assertThatThrownBy(() -> Timeouts.millis(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    private static <T> void roundTrip(Socket socket, Option<T> option, T value) {
        socket.set(option, value);
        assertThat(socket.get(option)).isEqualTo(value);
    }
}
