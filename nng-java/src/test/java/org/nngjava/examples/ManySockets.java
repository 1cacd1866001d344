package org.nngjava.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.nngjava.Message;
import org.nngjava.PollKey;
import org.nngjava.Poller;
import org.nngjava.PullSocket;
import org.nngjava.PushSocket;
import org.nngjava.Readiness;

/** Poller: one thread receives from many sockets, without a thread or a callback for each. */
public final class ManySockets {
    private ManySockets() {}

    public static void main(String[] args) throws Exception {
        run(System.out::println);
    }

    static void run(Consumer<String> out) throws Exception {
        try (PullSocket oranges = PullSocket.open();
                PullSocket apples = PullSocket.open();
                PushSocket orchard = PushSocket.open();
                PushSocket farm = PushSocket.open();
                Poller poller = Poller.open()) {
            farm.dial(oranges.listen("tcp://127.0.0.1:0").url());
            orchard.dial(apples.listen("tcp://127.0.0.1:0").url());
            poller.register(oranges, Readiness.RECEIVE, "oranges");
            poller.register(apples, Readiness.RECEIVE, "apples");

            farm.send("2".getBytes(UTF_8));
            orchard.send("1".getBytes(UTF_8));
            orchard.send("3".getBytes(UTF_8));

            Map<Object, Integer> stock = new TreeMap<>();
            for (int deliveries = 0; deliveries < 3; ) {
                for (PollKey key : poller.select()) {
                    PullSocket socket = (PullSocket) key.socket();
                    for (Optional<Message> next = socket.tryReceive(); next.isPresent(); next = socket.tryReceive()) {
                        try (Message delivery = next.get()) {
                            int number = Integer.parseInt(
                                    UTF_8.decode(delivery.body()).toString());
                            stock.merge(key.attachment(), number, Integer::sum);
                            deliveries++;
                        }
                    }
                }
            }
            stock.forEach((fruit, number) -> out.accept(number + " " + fruit));
        }
    }
}
