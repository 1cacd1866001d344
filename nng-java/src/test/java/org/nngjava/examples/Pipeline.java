package org.nngjava.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.nngjava.NngClosedException;
import org.nngjava.PullSocket;
import org.nngjava.PushSocket;

/** PUSH/PULL in two stages: a source shares work out to workers, a sink collects what they made of it. */
public final class Pipeline {
    private Pipeline() {}

    public static void main(String[] args) throws Exception {
        run(System.out::println);
    }

    static void run(Consumer<String> out) throws Exception {
        try (PushSocket source = PushSocket.open();
                PullSocket sink = PullSocket.open()) {
            String work = source.listen("tcp://127.0.0.1:0").url();
            String results = sink.listen("tcp://127.0.0.1:0").url();
            try (Worker first = new Worker("first", work, results);
                    Worker second = new Worker("second", work, results)) {
                first.start();
                second.start();
                Set<String> collected = new TreeSet<>();
                for (String word : new String[] {"bolt", "gear", "nail", "wire"}) {
                    source.send(word.getBytes(UTF_8));
                }
                while (collected.size() < 4) {
                    collected.add(new String(sink.receiveBytes(), UTF_8));
                }
                collected.forEach(out);
            }
        }
    }

    private static final class Worker extends Thread implements AutoCloseable {
        private final PullSocket in = PullSocket.open();
        private final PushSocket out = PushSocket.open();

        Worker(String name, String work, String results) {
            super(name);
            in.dial(work);
            out.dial(results);
        }

        @Override
        public void run() {
            try {
                while (true) {
                    out.send(new StringBuilder(new String(in.receiveBytes(), UTF_8))
                            .reverse()
                            .toString()
                            .getBytes(UTF_8));
                }
            } catch (NngClosedException e) {
                // The end of the program.
            }
        }

        @Override
        public void close() {
            in.close();
            out.close();
        }
    }
}
