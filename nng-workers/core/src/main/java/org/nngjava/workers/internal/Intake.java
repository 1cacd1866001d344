package org.nngjava.workers.internal;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.nngjava.Listener;
import org.nngjava.Message;
import org.nngjava.NngException;
import org.nngjava.NngOptions;
import org.nngjava.PullSocket;
import org.nngjava.RepSocket;
import org.nngjava.Request;
import org.nngjava.Size;
import org.nngjava.Socket;
import org.nngjava.workers.PipelineHandler;

/**
 * The receiving end of a pipeline: one thread handles a message after the other, and acknowledges each if that is asked for. NNG's threads fetch
 * a few in advance, so that a fast handler does not wait for them to wake up.
 */
public final class Intake implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Intake.class.getName());
    private static final int IN_ADVANCE = 8;

    /** How often it looks whether it is to stop, and how long nothing has to come for all to have come. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private static final Duration TO_BE_INTERRUPTED = Duration.ofSeconds(1);
    private static final Duration TO_ANSWER = Duration.ofSeconds(1);
    private static final Duration TO_BE_READ = Duration.ofMillis(100);

    private final PipelineHandler handler;
    private final Socket socket;
    private final Runnable subscribe;
    private final String url;
    private final Thread thread;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    /** The acknowledgements that NNG has not sent yet. */
    private final Map<Request, CompletableFuture<Void>> answers = new ConcurrentHashMap<>();

    private final AtomicLong handled = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile Flow.Subscription subscription;
    private volatile boolean broken;
    private volatile boolean stopping;
    private volatile boolean closed;

    /** A message, and where to acknowledge it, or null. */
    private static final class Arrival {
        private final byte[] message;
        private final Request request;

        private Arrival(byte[] message, Request request) {
            this.message = message;
            this.request = request;
        }

        static Arrival of(Message received) {
            try (received) {
                return new Arrival(received.toByteArray(), null);
            }
        }

        static Arrival of(Request received) {
            return new Arrival(received.message().toByteArray(), received);
        }

        void drop() {
            if (request != null) {
                request.close();
            }
        }
    }

    /**
     * Listens, and starts.
     *
     * @param url where
     * @param access who may connect
     * @param acknowledges whether each message is acknowledged
     * @param handler what handles them
     */
    public Intake(String url, Access access, boolean acknowledges, PipelineHandler handler) {
        this.handler = handler;
        if (acknowledges) {
            RepSocket rep = RepSocket.open();
            socket = rep;
            subscribe = () -> rep.requestPublisher().subscribe(new Arriving<>(Arrival::of));
        } else {
            PullSocket pull = PullSocket.open();
            socket = pull;
            subscribe = () -> pull.publisher().subscribe(new Arriving<>(Arrival::of));
        }
        try {
            // With room for SP's own header.
            socket.set(NngOptions.RECV_MAX_SIZE, new Size(Limits.MESSAGE));
            Listener listener = socket.listener(url);
            access.startEvents(listener);
            this.url = listener.url();
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
        subscribe.run();
        thread = new Thread(this::run, "nng-pipeline-sink");
        thread.setDaemon(false);
        thread.start();
    }

    /**
     * Where it listens.
     *
     * @return as bound
     */
    public String url() {
        return url;
    }

    /**
     * What was handled.
     *
     * @return messages
     */
    public long handled() {
        return handled.get();
    }

    /**
     * What was handled badly.
     *
     * @return messages
     */
    public long failed() {
        return failed.get();
    }

    /**
     * Handles what is at hand, or without acknowledgement what has arrived, and closes.
     *
     * @param timeout for that
     * @return whether it was done in time
     * @throws InterruptedException if the caller is interrupted; it is closed then
     */
    public boolean stop(Duration timeout) throws InterruptedException {
        stopping = true;
        try {
            join(timeout);
            return !thread.isAlive();
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        stopping = true;
        closed = true;
        thread.interrupt();
        try {
            join(TO_BE_INTERRUPTED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        socket.close();
        // Those are not acknowledged.
        for (Arrival left = arrivals.poll(); left != null; left = arrivals.poll()) {
            left.drop();
        }
    }

    private void join(Duration timeout) throws InterruptedException {
        long millis = Limits.time(timeout).toMillis();
        if (Thread.currentThread() != thread && millis > 0) {
            thread.join(millis);
        }
    }

    private void run() {
        while (!closed) {
            Arrival next = next();
            if (next != null) {
                subscription.request(1);
                take(next);
            }
            // What is not acknowledged yet is not lost.
            if (stopping && (next == null || next.request != null)) {
                awaitAnswers();
                return;
            }
            if (broken) {
                broken = false;
                subscribe.run();
            }
        }
    }

    private Arrival next() {
        try {
            return arrivals.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return null; // it is closed, or that was none of ours
        }
    }

    private void take(Arrival arrival) {
        try {
            handler.handle(arrival.message);
        } catch (Exception | Error e) {
            if (closed && e instanceof InterruptedException) {
                arrival.drop();
                return;
            }
            failed.incrementAndGet();
            LOG.log(System.Logger.Level.WARNING, "a message was not handled", e);
        }
        handled.incrementAndGet();
        if (arrival.request != null) {
            acknowledge(arrival.request);
        }
    }

    private void acknowledge(Request request) {
        try {
            CompletableFuture<Void> answer = request.reply(new byte[0]);
            answers.put(request, answer);
            answer.whenComplete((sent, failure) -> answers.remove(request));
        } catch (NngException e) {
            LOG.log(System.Logger.Level.DEBUG, "another sink gets the message as well", e);
        }
    }

    /** A connection that is closed with something unread in it is reset, and what the other end has not read yet is lost with it. */
    private void awaitAnswers() {
        try {
            CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
                    .get(TO_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
            TimeUnit.MILLISECONDS.sleep(TO_BE_READ.toMillis());
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.DEBUG, "other sinks get some messages as well", e);
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "closed meanwhile");
        }
    }

    /** Takes what comes from NNG's threads. */
    private final class Arriving<T> implements Flow.Subscriber<T> {
        private final Function<T, Arrival> arrival;

        Arriving(Function<T, Arrival> arrival) {
            this.arrival = arrival;
        }

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            subscription = begun;
            begun.request(IN_ADVANCE);
        }

        @Override
        public void onNext(T received) {
            arrivals.add(arrival.apply(received));
        }

        @Override
        public void onError(Throwable failure) {
            LOG.log(System.Logger.Level.WARNING, "cannot receive at " + url, failure);
            broken = true;
        }

        @Override
        public void onComplete() {
            // It is closed.
        }
    }
}
