package org.nngjava.benchmarks.binding;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.nngjava.Message;
import org.nngjava.RepSocket;
import org.nngjava.ReqSocket;
import org.nngjava.Request;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Many requests under way on one REQ socket. One operation is a batch of requests that has been answered. */
@State(Scope.Benchmark)
public class Contexts {
    /** Where the replier listens. */
    @Param("tcp://127.0.0.1:0")
    public String url;

    /** Bytes of a message. */
    @Param("64")
    public int size;

    /** Requests under way at a time. */
    @Param("1000")
    public int outstanding;

    /** Requests in a batch. */
    @Param("20000")
    public int batch;

    private final RepSocket rep = RepSocket.open();
    private final ReqSocket req = ReqSocket.open();
    private final Semaphore answered = new Semaphore(0);
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();

    /** Connects. */
    @Setup
    public void connect() {
        rep.onRequest(Contexts::answer);
        req.dial(rep.listen(url).url());
    }

    private static void answer(Request request) {
        request.reply(request.message().detach());
        request.close();
    }

    /** Ends both. */
    @TearDown
    public void close() {
        req.close();
        rep.close();
    }

    private void ask() {
        if (left.getAndDecrement() <= 0) {
            return;
        }
        req.requestAsync(Message.allocate(size)).thenAccept(reply -> {
            reply.close();
            ask();
            if (open.decrementAndGet() == 0) {
                answered.release();
            }
        });
    }

    /** Requests by futures, as many at a time as are to be outstanding. */
    @Benchmark
    public void requests() throws InterruptedException {
        left.set(batch);
        open.set(batch);
        for (int i = 0; i < outstanding; i++) {
            ask();
        }
        answered.acquire();
    }
}
