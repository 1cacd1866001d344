package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The README's example of the binding. */
final class QuickStart {
    private QuickStart() {}

    public static void main(String[] args) throws Exception {
        try (RepSocket server = RepSocket.open();
                ReqSocket client = ReqSocket.open()) {
            String url = server.listen("tcp://127.0.0.1:0").url(); // port 0: the system picks one
            client.dial(url);

            CompletableFuture<Message> early = client.requestAsync(Message.of("early".getBytes(UTF_8)));
            CompletableFuture<Message> late = client.requestAsync(Message.of("late".getBytes(UTF_8)));

            try (Request first = server.receiveRequest();
                    Request second = server.receiveRequest(Duration.ofSeconds(5))) {
                second.reply(second.message().toByteArray()); // in any order, from any thread
                first.reply(first.message().toByteArray());
            }
            try (Message a = early.get();
                    Message b = late.get()) {
                System.out.println(UTF_8.decode(a.body()) + " and " + UTF_8.decode(b.body()));
            }
        }
    }
}
