package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BusTest {

    @Test
    void aMessageReachesAllPeersAndNotItsSender() {
        try (BusSocket a = BusSocket.open();
                BusSocket b = BusSocket.open();
                BusSocket c = BusSocket.open()) {
            Peers.connect(a, b);
            Peers.connect(b, c);
            Peers.connect(c, a);
            a.send("of a".getBytes(UTF_8));
            b.send("of b".getBytes(UTF_8));
            assertThat(new String[] {text(c), text(c)}).containsExactlyInAnyOrder("of a", "of b");
            assertThat(text(a)).isEqualTo("of b");
            assertThat(text(b)).isEqualTo("of a");
        }
    }

    @Test
    void aMessageGoesToDirectPeersOnly() {
        try (BusSocket a = BusSocket.open();
                BusSocket middle = BusSocket.open();
                BusSocket c = BusSocket.open()) {
            Peers.connect(a, middle);
            Peers.connect(middle, c);
            a.send("of a".getBytes(UTF_8));
            assertThat(text(middle)).isEqualTo("of a");
            middle.send("of the middle".getBytes(UTF_8));
            assertThat(text(c)).isEqualTo("of the middle");
        }
    }

    @Test
    void sendingNeverWaitsForAPeer() {
        try (BusSocket alone = BusSocket.open();
                BusSocket busy = BusSocket.open()) {
            alone.send(new byte[1]);
            Peers.connect(alone, busy);
            for (int i = 0; i < 2000; i++) {
                alone.send(new byte[1]);
            }
            busy.receive().close();
        }
    }

    private static String text(BusSocket socket) {
        return new String(socket.receiveBytes(), UTF_8);
    }
}
