package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe.SinkChannel;
import java.nio.channels.Pipe.SourceChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** One thread selects, and the others do what they can to disturb it. */
@Isolated("counts the open files of this process")
class PollerStressTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Poller poller;

    @BeforeEach
    void open() {
        poller = Poller.open();
    }

    @AfterEach
    void close() throws Exception {
        poller.close();
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    /** Receives all there is and releases the semaphore attached for each, until the poller closes. */
    private void serve() {
        try {
            while (true) {
                for (PollKey key : poller.select()) {
                    receiveAll((PullSocket) key.socket(), (Semaphore) key.attachment());
                }
            }
        } catch (NngClosedException closed) {
            assertThat(poller.isOpen()).isFalse();
        }
    }

    private static void receiveAll(PullSocket socket, Semaphore received) {
        try {
            while (true) {
                var message = socket.tryReceive();
                if (message.isEmpty()) {
                    break;
                }
                message.get().close();
                received.release();
            }
        } catch (NngClosedException closed) {
            // by another thread, meanwhile
        }
    }

    @Test
    @Timeout(120)
    void noMessageIsMissedWhileSocketsComeAndGo() throws Exception {
        Future<?> serving = threads.submit(this::serve);
        exchange(new Random(), 20);
        int before = OpenFiles.count();
        List<Future<?>> disturbing = new ArrayList<>();
        AtomicBoolean enough = new AtomicBoolean();
        disturbing.add(threads.submit(() -> {
            while (!enough.get()) {
                poller.wakeup();
            }
        }));
        disturbing.add(threads.submit(() -> {
            while (!enough.get()) {
                takeDescriptors();
            }
            return null;
        }));
        List<Future<?>> exchanging = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            exchanging.add(threads.submit(() -> {
                exchange(new Random(), 150);
                return null;
            }));
        }
        for (Future<?> exchange : exchanging) {
            exchange.get(100, TimeUnit.SECONDS);
        }
        enough.set(true);
        for (Future<?> disturbance : disturbing) {
            disturbance.get(10, TimeUnit.SECONDS);
        }
        assertThat(poller.keys()).isEmpty();
        poller.close();
        serving.get(10, TimeUnit.SECONDS);
        await().untilAsserted(() -> assertThat(OpenFiles.count()).isLessThan(before + 20));
    }

    private void exchange(Random random, int rounds) throws Exception {
        for (int i = 0; i < rounds; i++) {
            String url = "inproc://" + UUID.randomUUID();
            Semaphore received = new Semaphore(0);
            PullSocket pull = PullSocket.open();
            PushSocket push = PushSocket.open();
            pull.listen(url);
            push.dial(url);
            PollKey key = poller.register(pull, Readiness.RECEIVE, received);
            int messages = random.nextInt(4);
            for (int m = 0; m < messages; m++) {
                push.send(new byte[10]);
            }
            switch (random.nextInt(4)) {
                case 0 -> pull.close();
                case 1 -> {
                    key.cancel();
                    key = poller.register(pull, Readiness.RECEIVE, received);
                    assertThat(received.tryAcquire(messages, 30, TimeUnit.SECONDS))
                            .isTrue();
                }
                default ->
                    assertThat(received.tryAcquire(messages, 30, TimeUnit.SECONDS))
                            .isTrue();
            }
            CompletableFuture<Void> elsewhere = NewThread.run(push::close);
            pull.close();
            elsewhere.get(10, TimeUnit.SECONDS);
            assertThat(key.isValid()).isFalse();
        }
    }

    /** Pipes that can always be read: if a select still waited for a number of theirs, it would report it for ever. */
    private static void takeDescriptors() throws IOException {
        java.nio.channels.Pipe pipe = java.nio.channels.Pipe.open();
        try (SinkChannel sink = pipe.sink();
                SourceChannel source = pipe.source()) {
            sink.write(ByteBuffer.wrap(new byte[1]));
            assertThat(source.isOpen()).isTrue();
        }
    }

    @Test
    @Timeout(120)
    void pollersMayCloseAtAnyMoment() throws Exception {
        try (PullSocket pull = PullSocket.open()) {
            for (int i = 0; i < 300; i++) {
                Poller closing = Poller.open();
                closing.register(pull, Readiness.RECEIVE);
                List<Future<?>> tasks = List.of(
                        threads.submit(() -> selectUntilClosed(closing)),
                        threads.submit(closing::wakeup),
                        threads.submit(closing::close));
                closing.wakeup();
                closing.close();
                for (Future<?> task : tasks) {
                    task.get(10, TimeUnit.SECONDS);
                }
            }
        }
    }

    private static void selectUntilClosed(Poller poller) {
        try {
            while (true) {
                poller.select(Duration.ofSeconds(20));
            }
        } catch (NngClosedException closed) {
            // as it should be
        }
    }

    @Test
    @Timeout(120)
    void socketAndPollerMayCloseTogether() throws Exception {
        for (int i = 0; i < 300; i++) {
            Poller closing = Poller.open();
            PullSocket pull = PullSocket.open();
            PollKey key = closing.register(pull, Readiness.RECEIVE);
            List<Future<?>> tasks = List.of(
                    threads.submit(() -> selectUntilClosed(closing)),
                    threads.submit(pull::close),
                    threads.submit(key::cancel),
                    threads.submit(closing::close));
            for (Future<?> task : tasks) {
                task.get(10, TimeUnit.SECONDS);
            }
            assertThat(key.isValid()).isFalse();
        }
    }

    @Test
    @Timeout(120)
    void aForgottenPollerIsClosed() throws Exception {
        int before = OpenFiles.count("eventpoll");
        for (int i = 0; i < 20; i++) {
            forgetAPoller();
        }
        await().untilAsserted(() -> {
            System.gc();
            assertThat(OpenFiles.count("eventpoll")).isLessThan(before + 10);
        });
    }

    private static void forgetAPoller() {
        try (PullSocket pull = PullSocket.open()) {
            Poller.open().register(pull, Readiness.RECEIVE);
        }
    }
}
