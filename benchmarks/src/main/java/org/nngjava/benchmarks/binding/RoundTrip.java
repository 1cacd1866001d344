package org.nngjava.benchmarks.binding;

import java.time.Duration;
import java.util.List;
import org.nngjava.Message;
import org.nngjava.NngClosedException;
import org.nngjava.PollKey;
import org.nngjava.Poller;
import org.nngjava.Readiness;
import org.nngjava.RepSocket;
import org.nngjava.ReqSocket;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** REQ/REP, one request after the other; the replier blocks in its calls. */
@State(Scope.Benchmark)
public class RoundTrip {
    private static final Duration LONG = Duration.ofMinutes(1);

    /** Where the replier listens. */
    @Param("inproc://round-trip")
    public String url;

    /** Bytes of a message. */
    @Param("64")
    public int size;

    private final RepSocket rep = RepSocket.open();
    private final ReqSocket req = ReqSocket.open();
    private final Poller poller = Poller.open();
    private final Thread replier = new Thread(this::reply, "replier");

    /** Connects. */
    @Setup
    public void connect() {
        req.dial(rep.listen(url).url());
        poller.register(req, Readiness.RECEIVE);
        replier.start();
    }

    /** Ends the replier. */
    @TearDown
    public void close() throws InterruptedException {
        poller.close();
        req.close();
        rep.close();
        replier.join();
    }

    private void reply() {
        try {
            while (true) {
                rep.send(rep.receive());
            }
        } catch (NngClosedException e) {
            // the end
        }
    }

    /** Blocking calls. */
    @Benchmark
    public void blocking() {
        req.send(Message.allocate(size));
        req.receive().close();
    }

    /** The reply is awaited by a poller, and fetched when it is there. */
    @Benchmark
    public void polled() {
        req.send(Message.allocate(size));
        while (true) {
            List<PollKey> ready = poller.select(LONG);
            Message reply = ready.isEmpty() ? null : req.tryReceive().orElse(null);
            if (reply != null) {
                reply.close();
                return;
            }
        }
    }
}
