package org.nngjava.workers.internal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.nngjava.Listener;
import org.nngjava.Message;
import org.nngjava.NngOptions;
import org.nngjava.Pipe;
import org.nngjava.PipeEvent;
import org.nngjava.PubSocket;
import org.nngjava.Socket;
import org.nngjava.workers.Job;
import org.nngjava.workers.Presence;
import org.nngjava.workers.QueueFigures;
import org.nngjava.workers.QueueStatus;
import org.nngjava.workers.WorkerStatus;

/**
 * Publishes what changes: the topic, a zero byte, then a message of {@link Ngw1}. For the broker's thread, once it is bound.
 */
final class Publisher implements AutoCloseable {
    private static final int BUFFERED = 1024;

    private final String broker;
    private final TimeSource time;
    private final PubSocket socket;
    private final List<String> urls = new ArrayList<>();
    private final AtomicInteger subscribers = new AtomicInteger();
    private long number;

    Publisher(String broker, TimeSource time, List<String> wanted, Access access) {
        this.broker = broker;
        this.time = time;
        socket = PubSocket.open();
        try {
            socket.set(NngOptions.SEND_BUFFER, BUFFERED);
            socket.onPipe(this::count);
            for (String url : wanted) {
                Listener listener = socket.listener(url);
                access.startEvents(listener);
                urls.add(listener.url());
            }
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    List<String> urls() {
        return List.copyOf(urls);
    }

    /** For its statistics. */
    Socket socket() {
        return socket;
    }

    void publish(Job job, double progress, Instant at) {
        send(new Bulletin.OfJob(
                broker, ++number, job.id(), job.type(), job.state(), job.attempt(), progress, job.worker(), at));
    }

    void publish(WorkerStatus worker, Presence presence) {
        send(new Bulletin.OfWorker(
                broker,
                ++number,
                worker.id(),
                worker.name(),
                presence,
                worker.slots(),
                worker.labels(),
                worker.mode(),
                worker.figures(),
                time.now()));
    }

    void publish(Presence presence, long heartbeatMs, QueueStatus status, QueueFigures figures) {
        send(new Bulletin.OfQueue(broker, ++number, presence, heartbeatMs, status, figures, time.now()));
    }

    @Override
    public void close() {
        socket.close();
    }

    private void count(PipeEvent event, Pipe pipe) {
        if (event == PipeEvent.ADD_POST) {
            subscribers.incrementAndGet();
        } else if (event == PipeEvent.REM_POST) {
            subscribers.decrementAndGet();
        }
    }

    /** Without anybody who has subscribed it is not even written down. */
    private void send(Bulletin bulletin) {
        if (subscribers.get() == 0) {
            return;
        }
        byte[] topic = (bulletin.topic() + '\0').getBytes(StandardCharsets.UTF_8);
        try (Message message = Message.of(topic).append(Ngw1.encode(bulletin))) {
            socket.trySend(message); // PUB takes all at once, and no other thread has to tell so
        }
    }
}
