package org.nngjava.benchmarks.binding;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.nngjava.Message;
import org.nngjava.RepSocket;
import org.nngjava.ReqContext;
import org.nngjava.ReqSocket;
import org.nngjava.Request;
import org.nngjava.benchmarks.Median;

/**
 * How the cost grows with the number of sockets, or of contexts on one socket: REQ/REP over tcp, 64 bytes. Prints a table in Markdown and
 * draws two charts.
 *
 * <p>{@code GrowthBenchmark DIRECTORY [ROUNDS]}
 */
public final class GrowthBenchmark {
    private static final int[] COUNTS = {1, 10, 100, 1000};
    private static final int SIZE = 64;
    private static final int TRIPS = 2000;
    private static final long MEASURED_MS = 1500;

    private GrowthBenchmark() {}

    /** Somebody who asks, and closes what it asks by. */
    private record Asker(Function<Message, CompletableFuture<Message>> request, AutoCloseable resource) {
        private void ask() {
            request.apply(Message.allocate(SIZE)).join().close();
        }
    }

    private record Cost(double microseconds, double perSecond) {}

    /** Measures. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        List<List<Cost>> sockets = new ArrayList<>();
        List<List<Cost>> contexts = new ArrayList<>();
        for (int i = 0; i < COUNTS.length; i++) {
            sockets.add(new ArrayList<>());
            contexts.add(new ArrayList<>());
        }
        for (int round = 0; round <= rounds; round++) { // the first one warms up
            for (int i = 0; i < COUNTS.length; i++) {
                Cost bySockets = sockets(COUNTS[i]);
                Cost byContexts = contexts(COUNTS[i]);
                if (round > 0) {
                    sockets.get(i).add(bySockets);
                    contexts.get(i).add(byContexts);
                }
            }
        }
        System.out.printf(
                "| | sockets: round trip | requests | contexts: round trip | requests |%n|---|---|---|---|---|%n");
        for (int i = 0; i < COUNTS.length; i++) {
            System.out.printf(
                    Locale.ROOT,
                    "| %,d | %.0f us | %.1f k/s | %.0f us | %.1f k/s |%n",
                    COUNTS[i],
                    median(sockets.get(i), Cost::microseconds),
                    median(sockets.get(i), Cost::perSecond) / 1000,
                    median(contexts.get(i), Cost::microseconds),
                    median(contexts.get(i), Cost::perSecond) / 1000);
        }
        Files.createDirectories(directory);
        draw(directory.resolve("growth-latency.svg"), "Round trip, µs", sockets, contexts, Cost::microseconds);
        draw(directory.resolve("growth-throughput.svg"), "Requests, k/s", sockets, contexts, c -> c.perSecond / 1000);
    }

    private static void draw(
            Path file, String title, List<List<Cost>> sockets, List<List<Cost>> contexts, Function<Cost, Double> value)
            throws java.io.IOException {
        Chart chart = new Chart(title, "sockets or contexts", COUNTS);
        chart.line(
                "sockets",
                sockets.stream().mapToDouble(costs -> median(costs, value)).toArray());
        chart.line(
                "contexts",
                contexts.stream().mapToDouble(costs -> median(costs, value)).toArray());
        Files.writeString(file, chart.svg());
    }

    private static Cost sockets(int count) throws Exception {
        try (RepSocket rep = RepSocket.open()) {
            rep.onRequest(GrowthBenchmark::answer);
            String url = rep.listen("tcp://127.0.0.1:0").url();
            List<Asker> askers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ReqSocket socket = ReqSocket.open();
                socket.dial(url);
                askers.add(new Asker(socket::requestAsync, socket));
            }
            return measure(askers);
        }
    }

    private static Cost contexts(int count) throws Exception {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            rep.onRequest(GrowthBenchmark::answer);
            req.dial(rep.listen("tcp://127.0.0.1:0").url());
            List<Asker> askers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ReqContext context = req.openContext();
                askers.add(new Asker(context::requestAsync, context));
            }
            return measure(askers);
        }
    }

    private static void answer(Request request) {
        request.reply(request.message().detach());
        request.close();
    }

    private static Cost measure(List<Asker> askers) throws Exception {
        askers.forEach(Asker::ask); // everybody has a connection that works
        long[] trips = new long[TRIPS];
        for (int i = 0; i < TRIPS; i++) {
            long start = System.nanoTime();
            askers.get(i % askers.size()).ask();
            trips[i] = System.nanoTime() - start;
        }
        Arrays.sort(trips);

        AtomicBoolean over = new AtomicBoolean();
        AtomicLong replies = new AtomicLong();
        List<CompletableFuture<Void>> chains = new ArrayList<>();
        long start = System.nanoTime();
        for (Asker asker : askers) {
            CompletableFuture<Void> chain = new CompletableFuture<>();
            chains.add(chain);
            askOn(asker, over, replies, chain);
        }
        TimeUnit.MILLISECONDS.sleep(MEASURED_MS);
        double perSecond = replies.get() * 1e9 / (System.nanoTime() - start);
        over.set(true);
        CompletableFuture.allOf(chains.toArray(CompletableFuture[]::new)).join();
        for (Asker asker : askers) {
            asker.resource.close();
        }
        return new Cost(trips[TRIPS / 2] / 1000.0, perSecond);
    }

    private static void askOn(Asker asker, AtomicBoolean over, AtomicLong replies, CompletableFuture<Void> chain) {
        asker.request.apply(Message.allocate(SIZE)).whenComplete((reply, failure) -> {
            if (failure != null) {
                chain.completeExceptionally(failure);
                return;
            }
            reply.close();
            replies.incrementAndGet();
            if (over.get()) {
                chain.complete(null);
            } else {
                askOn(asker, over, replies, chain);
            }
        });
    }

    private static double median(List<Cost> costs, Function<Cost, Double> value) {
        return Median.of(costs.stream().mapToDouble(value::apply));
    }
}
