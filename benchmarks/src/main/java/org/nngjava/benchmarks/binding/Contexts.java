package org.nngjava.benchmarks.binding;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.nngjava.Message;
import org.nngjava.RepContext;
import org.nngjava.RepSocket;
import org.nngjava.ReqContext;
import org.nngjava.ReqSocket;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Many requests under way on one REQ socket, answered by contexts of a REP socket. One operation is a batch of requests that has been
 * answered.
 */
@State(Scope.Benchmark)
public class Contexts {
    private static final int REPLIERS = 64; // as in nngbench.c

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
    private List<ReqContext> contexts;

    /** Connects. */
    @Setup
    public void connect() {
        for (int i = 0; i < REPLIERS; i++) {
            answer(rep.openContext());
        }
        req.dial(rep.listen(url).url());
        contexts = Stream.generate(req::openContext).limit(outstanding).toList();
    }

    private static void answer(RepContext context) {
        context.receiveAsync().thenCompose(context::sendAsync).thenRun(() -> answer(context));
    }

    /** Ends both. */
    @TearDown
    public void close() {
        req.close();
        rep.close();
    }

    /** Requests by futures, each on a context that the socket lends it. */
    @Benchmark
    public void requests() throws InterruptedException {
        start();
        for (int i = 0; i < outstanding; i++) {
            ask(req::requestAsync, Message.allocate(size));
        }
        answered.acquire();
    }

    /** Requests by futures on as many contexts of our own. */
    @Benchmark
    public void ownContexts() throws InterruptedException {
        start();
        contexts.forEach(context -> ask(context::requestAsync, Message.allocate(size)));
        answered.acquire();
    }

    private void start() {
        left.set(batch);
        open.set(batch);
    }

    /** Each reply is the next request, as in nngbench.c. */
    private void ask(Function<Message, CompletableFuture<Message>> request, Message message) {
        if (left.getAndDecrement() > 0) {
            request.apply(message).thenAccept(reply -> {
                ask(request, reply);
                end();
            });
        } else {
            message.close();
        }
    }

    private void end() {
        if (open.decrementAndGet() == 0) {
            answered.release();
        }
    }
}
