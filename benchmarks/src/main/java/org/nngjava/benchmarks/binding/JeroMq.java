package org.nngjava.benchmarks.binding;

import java.util.concurrent.Semaphore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/** JeroMQ's PUSH/PULL, blocking calls on two threads, as its guide has it. One operation is a batch that has been received. */
@State(Scope.Benchmark)
public class JeroMq {
    /** Where the receiver listens. */
    @Param("tcp://127.0.0.1:*")
    public String url;

    /** Bytes of a message. */
    @Param("64")
    public int size;

    /** Messages in a batch. */
    @Param("20000")
    public int batch;

    private final ZContext context = new ZContext();
    private final Semaphore received = new Semaphore(0);
    private final Thread receiver = new Thread(this::receive, "receiver");
    private ZMQ.Socket pull;
    private ZMQ.Socket push;

    /** Connects. */
    @Setup
    public void connect() {
        pull = context.createSocket(SocketType.PULL);
        pull.bind(url);
        push = context.createSocket(SocketType.PUSH);
        push.connect(pull.getLastEndpoint());
        receiver.start();
    }

    private void receive() {
        try {
            while (true) {
                for (int i = 0; i < batch; i++) {
                    pull.recv();
                }
                received.release();
            }
        } catch (ZMQException e) {
            // the end
        }
    }

    /** Ends both. */
    @TearDown
    public void close() throws InterruptedException {
        context.close();
        receiver.join();
    }

    /** Blocking sends. */
    @Benchmark
    public void blocking() throws InterruptedException {
        for (int i = 0; i < batch; i++) {
            push.send(new byte[size]);
        }
        received.acquire();
    }
}
