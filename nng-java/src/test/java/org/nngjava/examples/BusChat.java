package org.nngjava.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.nngjava.BusSocket;

/** BUS: three peers, each connected to each; what one says the two others hear. */
public final class BusChat {
    private BusChat() {}

    public static void main(String[] args) throws Exception {
        run(System.out::println);
    }

    static void run(Consumer<String> out) throws Exception {
        try (BusSocket ann = BusSocket.open();
                BusSocket bob = BusSocket.open();
                BusSocket cid = BusSocket.open()) {
            String atAnn = ann.listen("tcp://127.0.0.1:0").url();
            String atBob = bob.listen("tcp://127.0.0.1:0").url();
            bob.dial(atAnn);
            cid.dial(atAnn);
            cid.dial(atBob);

            cid.send("hello from cid".getBytes(UTF_8));
            out.accept("ann hears " + new String(ann.receiveBytes(), UTF_8));
            out.accept("bob hears " + new String(bob.receiveBytes(), UTF_8));

            ann.send("hello from ann".getBytes(UTF_8));
            bob.send("hello from bob".getBytes(UTF_8));
            Set<String> heard = new TreeSet<>();
            heard.add("cid hears " + new String(cid.receiveBytes(), UTF_8));
            heard.add("cid hears " + new String(cid.receiveBytes(), UTF_8));
            heard.forEach(out);
        }
    }
}
