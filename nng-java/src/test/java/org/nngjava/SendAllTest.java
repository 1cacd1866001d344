package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Sender#sendAll}: messages are sent one after the other, as NNG takes them. */
class SendAllTest {
    private final String url = "inproc://" + UUID.randomUUID();
    private final PushSocket push = PushSocket.open();

    @AfterEach
    void close() {
        push.close();
    }

    private static void get(CompletableFuture<?> future) throws Exception {
        future.get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatASupplierGivesArrivesInOrder(boolean onExecutor) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (PullSocket pull = PullSocket.open()) {
            push.dial(pull.listen("tcp://127.0.0.1:0").url());
            Transfer sending = onExecutor
                    ? push.sendAll(ReceiveHandlerTest.numbers(2000), executor)
                    : push.sendAll(ReceiveHandlerTest.numbers(2000));
            for (int i = 0; i < 2000; i++) {
                assertThat(pull.receiveBytes()).asString(UTF_8).isEqualTo(Integer.toString(i));
            }
            get(sending.done());
            sending.close();
        }
        executor.shutdown();
    }

    @Test
    void whatAPublisherPublishesArrivesInOrder() throws Exception {
        try (PullSocket pull = PullSocket.open()) {
            SubmissionPublisher<Message> publisher = new SubmissionPublisher<>();
            push.dial(pull.listen(url).url());
            Transfer sending = push.sendAll(publisher);
            CompletableFuture<Void> publishing = NewThread.run(() -> {
                for (int i = 0; i < 1000; i++) {
                    publisher.submit(Message.of(Integer.toString(i).getBytes(UTF_8)));
                }
                publisher.close();
            });
            for (int i = 0; i < 1000; i++) {
                assertThat(pull.receiveBytes()).asString(UTF_8).isEqualTo(Integer.toString(i));
            }
            get(publishing);
            get(sending.done());
        }
    }

    @Test
    void withoutAPeerOneMessageIsAskedFor() throws Exception {
        BlockingQueue<Message> given = new LinkedBlockingQueue<>();
        Transfer sending = push.sendAll(() -> {
            Message message = Message.of(new byte[1]);
            given.add(message);
            return message;
        });
        await().until(() -> given.size() == 1);
        assertThat(sending.done()).isNotDone();
        sending.close();
        assertThat(given).hasSize(1);
        assertThat(sending.done()).isCompleted();
        assertThat(given).allSatisfy(message -> assertThat(message).hasToString("Message[sent or closed]"));
        // The socket is as good as before.
        try (PullSocket pull = PullSocket.open()) {
            pull.listen(url);
            push.dial(url);
            push.send("later".getBytes(UTF_8));
            assertThat(pull.receiveBytes()).asString(UTF_8).isEqualTo("later");
        }
    }

    @Test
    void aSendThatFailsEndsItWithTheReason() {
        push.set(NngOptions.SEND_TIMEOUT, Duration.ofMillis(20));
        Transfer sending = push.sendAll(() -> Message.of(new byte[1]));
        assertThatThrownBy(() -> get(sending.done())).hasCauseInstanceOf(NngTimeoutException.class);
        sending.close();
    }

    @Test
    void closingTheSocketEndsItWithTheReason() {
        Transfer sending = push.sendAll(() -> Message.of(new byte[1]));
        push.close();
        assertThatThrownBy(() -> get(sending.done())).hasCauseInstanceOf(NngClosedException.class);
        Message message = Message.of(new byte[1]);
        Transfer late = push.sendAll(() -> message);
        assertThatThrownBy(() -> get(late.done())).hasCauseInstanceOf(NngClosedException.class);
        assertThat(message).hasToString("Message[sent or closed]");
    }

    @Test
    void aSupplierThatThrowsEndsItAfterWhatItGave() {
        try (PullSocket pull = PullSocket.open()) {
            push.dial(pull.listen(url).url());
            AtomicInteger calls = new AtomicInteger();
            Transfer sending = push.sendAll(() -> {
                if (calls.incrementAndGet() > 3) {
                    throw new IllegalStateException("no more");
                }
                return Message.of(new byte[1]);
            });
            for (int i = 0; i < 3; i++) {
                assertThat(pull.receiveBytes()).hasSize(1);
            }
            assertThatThrownBy(() -> get(sending.done()))
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no more");
            assertThat(calls).hasValue(4);
        }
    }

    @Test
    void aMessageThatCannotBeUsedEndsIt() {
        Message closed = Message.of(new byte[1]);
        closed.close();
        Transfer sending = push.sendAll(() -> closed);
        assertThatThrownBy(() -> get(sending.done())).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingWaitsForTheSupplier() throws Exception {
        CountDownLatch supplying = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        BlockingQueue<Message> given = new LinkedBlockingQueue<>();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        Transfer sending = push.sendAll(
                () -> {
                    supplying.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    Message message = Message.of(new byte[1]);
                    given.add(message);
                    return message;
                },
                executor);
        supplying.await();
        Thread closing = new Thread(sending::close);
        closing.start();
        await().until(() -> closing.getState() == Thread.State.WAITING);
        goOn.countDown();
        closing.join();
        assertThat(given).hasSize(1);
        executor.shutdown();
        assertThat(executor.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(given.remove()).hasToString("Message[sent or closed]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSupplierMayCloseItsTransfer(boolean onExecutor) throws Exception {
        try (PullSocket pull = PullSocket.open()) {
            push.dial(pull.listen(url).url());
            ExecutorService executor = Executors.newSingleThreadExecutor();
            CompletableFuture<Transfer> transfer = new CompletableFuture<>();
            AtomicInteger calls = new AtomicInteger();
            java.util.function.Supplier<Message> supplier = () -> {
                if (calls.incrementAndGet() == 100) {
                    transfer.join().close();
                }
                return Message.of(new byte[1]);
            };
            Transfer reading = pull.onReceive(message -> {});
            transfer.complete(onExecutor ? push.sendAll(supplier, executor) : push.sendAll(supplier));
            get(transfer.join().done());
            reading.close();
            executor.shutdown();
            assertThat(calls).hasValue(100);
        }
    }

    @Test
    void anExecutorThatRefusesEndsIt() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        executor.shutdown();
        Transfer sending = push.sendAll(() -> Message.of(new byte[1]), executor);
        assertThatThrownBy(() -> get(sending.done())).hasCauseInstanceOf(RejectedExecutionException.class);
        sending.close();
    }

    @Test
    void aPublisherThatGivesTooMuchIsStopped() {
        List<Message> given = new ArrayList<>();
        Transfer sending = push.sendAll((Flow.Publisher<Message>) subscriber -> {
            for (int i = 0; i < 100; i++) {
                Message message = Message.of(new byte[1]);
                given.add(message);
                subscriber.onNext(message);
            }
        });
        assertThatThrownBy(() -> get(sending.done())).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(given).allSatisfy(message -> assertThat(message).hasToString("Message[sent or closed]"));
    }

    @Test
    void closingAtAnyMomentLeavesNothingUnderWay() {
        try (PullSocket pull = PullSocket.open()) {
            pull.listen(url);
            push.dial(url);
            AtomicInteger received = new AtomicInteger();
            Transfer reading = pull.onReceive(message -> received.incrementAndGet());
            for (int i = 0; i < 200; i++) {
                Queue<Message> given = new ConcurrentLinkedQueue<>();
                Transfer sending = push.sendAll(() -> {
                    Message message = Message.of(new byte[1]);
                    given.add(message);
                    return message;
                });
                int now = received.get();
                await().pollInterval(Duration.ofMillis(1)).until(() -> received.get() > now);
                sending.close();
                assertThat(sending.done()).isCompleted();
                assertThat(given).allSatisfy(message -> assertThat(message).hasToString("Message[sent or closed]"));
            }
            reading.close();
        }
    }
}
