package org.nngjava.benchmarks.binding;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.nngjava.Message;
import org.nngjava.NngOptions;
import org.nngjava.PullSocket;
import org.nngjava.PushSocket;
import org.nngjava.Size;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** PUSH/PULL in the continuous forms. One operation is a batch of messages that has been received. */
@State(Scope.Benchmark)
public class Pipeline {
    /** Where the receiver listens. */
    @Param("inproc://pipeline")
    public String url;

    /** Bytes of a message. */
    @Param("64")
    public int size;

    /** Messages in a batch. */
    @Param("20000")
    public int batch;

    /** Handlers beside each other. One gets the messages in their order; several are as the several receives of the C program. */
    @Param("1")
    public int handlers;

    private final PullSocket pull = PullSocket.open();
    private final PushSocket push = PushSocket.open();
    private final Semaphore received = new Semaphore(0);
    private final AtomicInteger count = new AtomicInteger();
    private int left;

    /** Connects. */
    @Setup
    public void connect() {
        pull.set(NngOptions.RECV_MAX_SIZE, Size.ofBytes(0));
        push.dial(pull.listen(url).url());
        for (int i = 0; i < handlers; i++) {
            pull.onReceive(this::received);
        }
    }

    private void received(Message message) {
        if (count.incrementAndGet() == batch) {
            count.set(0);
            received.release();
        }
    }

    /** Ends both. */
    @TearDown
    public void close() {
        push.close();
        pull.close();
    }

    /** A source that is asked for the next message whenever one has gone, and a handler. */
    @Benchmark
    public void continuous() throws InterruptedException {
        left = batch;
        push.sendAll(() -> left-- > 0 ? Message.allocate(size) : null);
        received.acquire();
    }
}
