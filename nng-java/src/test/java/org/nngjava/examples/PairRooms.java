package org.nngjava.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.Consumer;
import org.nngjava.Message;
import org.nngjava.PairSocket;

/** PAIR: a conversation, and a polyamorous socket that has one with each of its peers. */
public final class PairRooms {
    private PairRooms() {}

    public static void main(String[] args) throws Exception {
        run(System.out::println);
    }

    static void run(Consumer<String> out) throws Exception {
        try (PairSocket desk = PairSocket.openPolyamorous();
                PairSocket ann = PairSocket.open();
                PairSocket bob = PairSocket.open()) {
            String url = desk.listen("tcp://127.0.0.1:0").url();
            ann.dial(url);
            bob.dial(url);

            ann.send("a room for Ann".getBytes(UTF_8));
            bob.send("a room for Bob".getBytes(UTF_8));
            for (int i = 0; i < 2; i++) {
                try (Message asked = desk.receive()) {
                    String text = UTF_8.decode(asked.body()).toString();
                    // Back to who asked, not to anybody.
                    desk.send(Message.of((text + ": taken").getBytes(UTF_8))
                            .setPipe(asked.pipe().orElseThrow()));
                }
            }
            out.accept(new String(ann.receiveBytes(), UTF_8));
            out.accept(new String(bob.receiveBytes(), UTF_8));
        }
    }
}
