package org.nngjava.benchmarks.binding;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.nngjava.Message;
import org.nngjava.NngOptions;
import org.nngjava.PubSocket;
import org.nngjava.SubSocket;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** PUB to some SUBs. A publisher waits for nobody, so this one keeps a few messages ahead of its subscribers and no more. */
@State(Scope.Benchmark)
public class FanOut {
    private static final int WINDOW = 8;
    private static final int BUFFER = 128;

    /** Where the publisher listens. */
    @Param("tcp://127.0.0.1:0")
    public String url;

    /** Bytes of a message. */
    @Param("64")
    public int size;

    /** Subscribers. */
    @Param("8")
    public int subscribers;

    private final PubSocket pub = PubSocket.open();
    private final List<SubSocket> subs = new ArrayList<>();
    private final AtomicLong received = new AtomicLong();
    private final Semaphore window = new Semaphore(WINDOW);

    /** Connects. */
    @Setup
    public void connect() {
        pub.set(NngOptions.SEND_BUFFER, BUFFER);
        String bound = pub.listen(url).url();
        for (int i = 0; i < subscribers; i++) {
            SubSocket sub = SubSocket.open();
            sub.subscribe("");
            sub.onReceive(message -> heard());
            sub.dial(bound);
            subs.add(sub);
        }
        pub.awaitPeers(subscribers, Duration.ofSeconds(10));
    }

    private void heard() {
        if (received.incrementAndGet() % subscribers == 0) {
            window.release();
        }
    }

    /** Ends all. */
    @TearDown
    public void close() {
        pub.close();
        subs.forEach(SubSocket::close);
    }

    /** One message to all. */
    @Benchmark
    public void publish() throws InterruptedException {
        window.acquire();
        pub.send(Message.allocate(size));
    }
}
