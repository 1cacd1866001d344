package org.nngjava.gifbroker.load;

import java.io.EOFException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleConsumer;
import java.util.stream.Collectors;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Sends the requests of one share and measures their answers. Each connection sends its next request when the last is answered or failed,
 * or, at a given rate, when it is due.
 *
 * <p>A latency is the time from the moment when the request was to be sent to the last byte of its answer. Without a rate that is the
 * moment when it was sent. With a rate, a request that has to wait since all connections are busy has its waiting counted: otherwise a
 * server that stalls would hide those that it keeps from being sent (coordinated omission).
 */
final class LoadRun implements AutoCloseable {
    private static final int THREADS = 8;

    /** How often progress is told: it costs a few messages, which take the processor from who measures. */
    private static final long TELL_MS = 1_000;

    private static final int REASONS = 20;

    private final LoadShare share;
    private final byte[] body;
    private final HttpClient client;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final CountDownLatch connections;
    private final Histogram latencies = newHistogram();
    private final Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
    private final LongAdder bytes = new LongAdder();
    private volatile boolean closed;
    private long start;

    LoadRun(LoadShare share) throws Exception {
        this.share = share;
        body = Base64.getDecoder().decode(share.request().body());
        connections = new CountDownLatch(share.connections());
        HttpClientTransportOverHTTP transport = new HttpClientTransportOverHTTP(1);
        // What follows an answer is done where it was read: to hand it over costs as much as all the rest.
        transport.setInvocationType(InvocationType.NON_BLOCKING);
        client = new HttpClient(transport);
        QueuedThreadPool threads = new QueuedThreadPool(THREADS);
        threads.setName("load");
        client.setExecutor(threads);
        client.setMaxConnectionsPerDestination(share.connections());
        client.setMaxRequestsQueuedPerDestination(share.connections());
        client.setConnectTimeout(share.request().timeout().toMillis());
        client.setFollowRedirects(false);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.start();
        client.getProtocolHandlers().clear();
        client.getContentDecoderFactories().clear();
    }

    /** From a microsecond to an hour, exact to a thousandth. */
    static Histogram newHistogram() {
        return new ConcurrentHistogram(1, TimeUnit.HOURS.toMicros(1), 3);
    }

    /**
     * Sends them all.
     *
     * @param progress told once a second how much is done, from 0 to 1
     * @throws InterruptedException if the caller is interrupted
     */
    LoadResult run(DoubleConsumer progress) throws InterruptedException {
        start = System.nanoTime();
        for (int i = 0; i < share.connections(); i++) {
            next();
        }
        while (!connections.await(TELL_MS, TimeUnit.MILLISECONDS)) {
            progress.accept((double) ended.get() / share.requests());
        }
        return new LoadResult(System.nanoTime() - start, sums(statuses), sums(failures), bytes.sum(), encoded());
    }

    @Override
    public void close() {
        closed = true;
        timer.shutdownNow();
        LifeCycle.stop(client);
    }

    private void next() {
        int number = begun.getAndIncrement();
        if (closed || number >= share.requests()) {
            connections.countDown();
            return;
        }
        long now = System.nanoTime();
        long due = share.perSecond() == 0 ? now : start + (long) (number * 1e9 / share.perSecond());
        if (due > now) {
            timer.schedule(() -> send(due), due - now, TimeUnit.NANOSECONDS);
        } else {
            send(due);
        }
    }

    private void send(long due) {
        LoadRequest what = share.request();
        Request request = client.newRequest(what.uri())
                .method(what.method())
                .timeout(what.timeout().toNanos(), TimeUnit.NANOSECONDS)
                .onResponseContent((response, content) -> bytes.add(content.remaining()));
        request.headers(headers -> {
            what.headers().forEach(header -> {
                int colon = header.indexOf(':');
                headers.put(
                        header.substring(0, colon), header.substring(colon + 1).strip());
            });
            if (!what.keepAlive()) {
                headers.put(HttpHeader.CONNECTION, "close");
            }
        });
        if (body.length > 0) {
            request.body(new BytesRequestContent(body));
        }
        request.send(result -> ended(result, System.nanoTime() - due));
    }

    private void ended(Result result, long nanos) {
        ended.incrementAndGet();
        if (result.isSucceeded()) {
            latencies.recordValue(Math.min(Math.max(1, nanos / 1_000), latencies.getHighestTrackableValue()));
            statuses.computeIfAbsent(result.getResponse().getStatus(), status -> new LongAdder())
                    .increment();
            next();
        } else {
            String reason = reason(result.getFailure());
            failures.computeIfAbsent(
                            failures.size() < REASONS || failures.containsKey(reason) ? reason : "other reasons",
                            text -> new LongAdder())
                    .increment();
            client.getExecutor().execute(this::next); // it may have failed on this very stack
        }
    }

    private String reason(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return "no answer within " + share.request().timeout().toMillis() + " ms";
        }
        if (failure instanceof EOFException) {
            return "the connection was closed before the answer";
        }
        String message = failure.getMessage();
        String kind = failure instanceof ConnectException
                ? "no connection"
                : failure.getClass().getSimpleName();
        return message == null
                ? kind
                : kind + ": " + message.lines().findFirst().orElse("");
    }

    private String encoded() {
        ByteBuffer buffer = ByteBuffer.allocate(latencies.getNeededByteBufferCapacity());
        int length = latencies.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    private static <K> Map<K, Long> sums(Map<K, LongAdder> counts) {
        return counts.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, count -> count.getValue().sum()));
    }
}
