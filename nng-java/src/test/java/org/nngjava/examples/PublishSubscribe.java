package org.nngjava.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.function.Consumer;
import org.nngjava.PubSocket;
import org.nngjava.SubContext;
import org.nngjava.SubSocket;

/** PUB/SUB: one publisher, a subscriber with two interests over one connection. */
public final class PublishSubscribe {
    private PublishSubscribe() {}

    public static void main(String[] args) throws Exception {
        run(System.out::println);
    }

    static void run(Consumer<String> out) throws Exception {
        try (PubSocket station = PubSocket.open();
                SubSocket listener = SubSocket.open();
                SubContext weather = listener.openContext();
                SubContext everything = listener.openContext()) {
            // First the subscription, then the connection: what is published before is not heard.
            weather.subscribe("weather/");
            everything.subscribe("");
            listener.dial(station.listen("tcp://127.0.0.1:0").url());
            station.awaitPeers(1, Duration.ofSeconds(5));

            station.send("weather/berlin rain".getBytes(UTF_8));
            station.send("traffic/berlin none".getBytes(UTF_8));

            out.accept("weather: " + new String(weather.receiveBytes(), UTF_8));
            out.accept("all: " + new String(everything.receiveBytes(), UTF_8));
            out.accept("all: " + new String(everything.receiveBytes(), UTF_8));
        }
    }
}
