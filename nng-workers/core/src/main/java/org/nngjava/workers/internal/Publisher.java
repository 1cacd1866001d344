package org.nngjava.workers.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.nngjava.Message;
import org.nngjava.NngOptions;
import org.nngjava.PubSocket;
import org.nngjava.workers.Job;

/**
 * Publishes what changes: the topic, a zero byte, then a message of {@link Ngw1}. For the broker's thread, once it is bound.
 */
final class Publisher implements AutoCloseable {
    private static final int BUFFERED = 1024;

    private final String broker;
    private final TimeSource time;
    private final PubSocket socket;
    private final List<String> urls = new ArrayList<>();
    private long number;

    Publisher(String broker, TimeSource time, List<String> wanted) {
        this.broker = broker;
        this.time = time;
        socket = PubSocket.open();
        try {
            socket.set(NngOptions.SEND_BUFFER, BUFFERED);
            wanted.forEach(url -> urls.add(socket.listen(url).url()));
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    List<String> urls() {
        return List.copyOf(urls);
    }

    void publish(Job job, double progress) {
        send(new Bulletin.OfJob(
                broker,
                ++number,
                job.id(),
                job.type(),
                job.state(),
                job.attempt(),
                progress,
                job.worker(),
                time.now()));
    }

    void publish(WorkerInfo worker, boolean alive) {
        send(new Bulletin.OfWorker(broker, ++number, worker.id(), worker.name(), alive, time.now()));
    }

    @Override
    public void close() {
        socket.close();
    }

    private void send(Bulletin bulletin) {
        byte[] topic = (bulletin.topic() + '\0').getBytes(StandardCharsets.UTF_8);
        Message message = Message.of(topic).append(Ngw1.encode(bulletin));
        socket.sendAsync(message);
    }
}
