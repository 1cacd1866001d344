package org.nngjava.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.nngjava.Message;
import org.nngjava.NngClosedException;
import org.nngjava.RepSocket;
import org.nngjava.ReqSocket;
import org.nngjava.Request;

/** REQ/REP: a service with several threads behind one socket, and a client with several requests under way. */
public final class RequestReply {
    private RequestReply() {}

    public static void main(String[] args) throws Exception {
        run(System.out::println);
    }

    static void run(Consumer<String> out) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (RepSocket service = RepSocket.open();
                ReqSocket client = ReqSocket.open()) {
            client.dial(service.listen("tcp://127.0.0.1:0").url());
            threads.execute(() -> serve(service));
            threads.execute(() -> serve(service));

            List<CompletableFuture<Message>> replies = new ArrayList<>();
            for (int number = 1; number <= 5; number++) {
                replies.add(
                        client.requestAsync(Message.of(Integer.toString(number).getBytes(UTF_8))));
            }
            for (CompletableFuture<Message> reply : replies) {
                try (Message message = reply.get()) {
                    out.accept(UTF_8.decode(message.body()).toString());
                }
            }
        } finally {
            threads.shutdown();
        }
    }

    private static void serve(RepSocket service) {
        try {
            while (true) {
                Request request = service.receiveRequest();
                int number =
                        Integer.parseInt(UTF_8.decode(request.message().body()).toString());
                request.reply((number + " squared is " + number * number).getBytes(UTF_8));
            }
        } catch (NngClosedException e) {
            // The end of the program.
        }
    }
}
