package org.nngjava.benchmarks.queue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.nngjava.Message;
import org.nngjava.NngOptions;
import org.nngjava.ReqContext;
import org.nngjava.ReqSocket;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.internal.BadMessageException;
import org.nngjava.workers.internal.Ngw1;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A queue in memory with many workers of one slot, all of which wait for a job. They speak the protocol by themselves, over tcp, and send their
 * heartbeats, since threads for each would be measured as well. The one that waits longest gets the next job, so all have their turn.
 */
final class ParkedWorkers implements AutoCloseable {
    private static final int PER_CONNECTION = 20;
    private static final int PAUSE_MILLIS = 1;
    private static final long HEARTBEAT_MICROS = 2_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();

    private final JobQueue queue =
            JobQueue.builder().listen("tcp://127.0.0.1:0").open();
    private final List<ReqSocket> sockets = new ArrayList<>();
    private final List<Waiting> workers = new ArrayList<>();
    private final BlockingQueue<Long> runs = new LinkedBlockingQueue<>();
    private final ScheduledExecutorService heartbeats = Executors.newSingleThreadScheduledExecutor();
    private int beats;

    /** One worker. */
    private final class Waiting {
        private final String header;
        private final byte[] heartbeat;
        private final ReqContext context;
        private final AtomicInteger questions = new AtomicInteger();

        private Waiting(int number, ReqContext context) {
            header = "\"worker\":{\"id\":\"w" + number + "\",\"name\":\"w" + number
                    + "\",\"slots\":1,\"types\":[\"noop\"],\"mode\":\"active\"},";
            heartbeat = encoded("{\"op\":\"heartbeat\"," + header + "\"waits\":false,\"leases\":[]}");
            this.context = context;
        }

        private void ask(String more) {
            context.requestAsync(Message.of(encoded("{\"op\":\"ready\"," + header + "\"id\":\"q"
                            + questions.incrementAndGet() + "\",\"wanted\":true" + more + "}")))
                    .thenAccept(this::answered);
        }

        private void answered(Message answer) {
            long now = System.nanoTime();
            try (answer) {
                JsonNode reply = header(answer);
                if (reply.get("op").asString().equals("run")) {
                    runs.add(now);
                    ask(",\"report\":{\"job\":\"" + reply.get("job").asString() + "\",\"token\":\""
                            + reply.get("token").asString() + "\",\"outcome\":\"done\"}");
                } else {
                    ask("");
                }
            }
        }
    }

    private ParkedWorkers(int count) throws IOException, InterruptedException {
        for (int i = 0; i < count; i++) {
            if (i % PER_CONNECTION == 0) {
                ReqSocket socket = ReqSocket.open();
                sockets.add(socket);
                socket.set(NngOptions.REQ_RESEND_TIME, NngOptions.INFINITE);
                socket.dial(queue.workUrls().get(0));
            }
            Waiting worker = new Waiting(i, sockets.get(sockets.size() - 1).openContext());
            workers.add(worker);
            worker.ask("");
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (queue.status().idle() < count) {
            if (System.nanoTime() > deadline) {
                throw new IOException(queue.status() + " instead of " + count + " that wait");
            }
            Thread.sleep(10);
        }
        heartbeats.scheduleAtFixedRate(this::beat, 0, HEARTBEAT_MICROS / count, TimeUnit.MICROSECONDS);
    }

    private void beat() {
        int number = beats++ % workers.size();
        sockets.get(number / PER_CONNECTION)
                .requestAsync(Message.of(workers.get(number).heartbeat))
                .thenAccept(ParkedWorkers::ordered)
                .exceptionally(failure -> {
                    System.err.println("a heartbeat failed: " + failure);
                    return null;
                });
    }

    private static void ordered(Message orders) {
        try (orders) {
            if (!header(orders).get("op").asString().equals("orders")) {
                throw new IllegalStateException(header(orders).toString());
            }
        }
    }

    /**
     * Measures the time from before one job is submitted to when a worker has it.
     *
     * @return the median and the 99th percentile, in microseconds
     */
    static double[] latency(int count, int jobs) throws IOException, InterruptedException {
        try (ParkedWorkers parked = new ParkedWorkers(count)) {
            return Latency.measure(jobs, PAUSE_MILLIS, () -> {
                parked.queue.submit("noop", new byte[0]);
                return parked.runs;
            });
        }
    }

    @Override
    public void close() {
        heartbeats.shutdown();
        try {
            heartbeats.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sockets.forEach(ReqSocket::close);
        queue.close();
    }

    private static JsonNode header(Message message) {
        try {
            return Ngw1.decode(message.body(), JsonNode.class);
        } catch (BadMessageException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] encoded(String json) {
        return Ngw1.encode(JSON.readTree(json));
    }
}
