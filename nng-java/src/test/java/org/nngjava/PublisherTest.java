package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@link Receiver#publisher}: receives what its subscriber asks for. */
class PublisherTest {
    private final String url = "inproc://" + UUID.randomUUID();
    private final PullSocket pull = PullSocket.open();
    private final PushSocket push = PushSocket.open();

    PublisherTest() {
        pull.listen(url);
        push.dial(url);
    }

    @AfterEach
    void close() {
        push.close();
        pull.close();
    }

    /** Keeps what it gets. */
    static class Recorder implements Flow.Subscriber<Message> {
        final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        final CompletableFuture<Void> end = new CompletableFuture<>();
        volatile Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
        }

        @Override
        public void onNext(Message message) {
            received.add(UTF_8.decode(message.body()).toString());
            message.close();
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }

        String next() throws InterruptedException {
            return received.poll(20, TimeUnit.SECONDS);
        }

        void awaitEnd() throws Exception {
            end.get(20, TimeUnit.SECONDS);
        }
    }

    private void send(String... texts) {
        for (String text : texts) {
            push.send(text.getBytes(UTF_8));
        }
    }

    @Test
    void noMoreIsReceivedThanAskedFor() throws Exception {
        Recorder recorder = new Recorder();
        pull.publisher().subscribe(recorder);
        recorder.subscription.request(2);
        Transfer sending = push.sendAll(ReceiveHandlerTest.numbers(6));
        assertThat(List.of(recorder.next(), recorder.next())).containsExactly("0", "1");
        // What was not asked for is there for others.
        assertThat(pull.receiveBytes()).asString(UTF_8).isEqualTo("2");
        assertThat(recorder.received).isEmpty();
        recorder.subscription.request(1);
        assertThat(recorder.next()).isEqualTo("3");
        recorder.subscription.request(Long.MAX_VALUE);
        recorder.subscription.request(Long.MAX_VALUE);
        assertThat(List.of(recorder.next(), recorder.next())).containsExactly("4", "5");
        sending.done().get(20, TimeUnit.SECONDS);
    }

    @Test
    void aSubscriberMayAskForOneAfterTheOther() throws Exception {
        Recorder recorder = new Recorder() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                super.onSubscribe(subscription);
                subscription.request(1);
            }

            @Override
            public void onNext(Message message) {
                super.onNext(message);
                subscription.request(1);
            }
        };
        pull.publisher().subscribe(recorder);
        push.sendAll(ReceiveHandlerTest.numbers(2000));
        for (int i = 0; i < 2000; i++) {
            assertThat(recorder.next()).isEqualTo(Integer.toString(i));
        }
    }

    @Test
    void subscribersCompeteForTheMessages() throws Exception {
        Recorder first = new Recorder();
        Recorder second = new Recorder();
        Flow.Publisher<Message> publisher = pull.publisher();
        publisher.subscribe(first);
        publisher.subscribe(second);
        first.subscription.request(1);
        second.subscription.request(1);
        send("one", "two");
        assertThat(List.of(first.next(), second.next())).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void afterACancelTheNextMessageIsForOthers() {
        Recorder recorder = new Recorder();
        pull.publisher().subscribe(recorder);
        recorder.subscription.request(5);
        recorder.subscription.cancel();
        recorder.subscription.cancel();
        recorder.subscription.request(1);
        send("one");
        // A cancel does not wait until NNG has let go of the receive.
        await().until(() -> !recorder.received.isEmpty() || pull.tryReceive().isPresent());
        send("two");
        assertThat(pull.receiveBytes()).asString(UTF_8).isEqualTo("two");
        assertThat(recorder.end).isNotDone();
    }

    @Test
    void askingForNothingIsAnError() {
        for (long nothing : new long[] {0, -1, Long.MIN_VALUE}) {
            for (boolean waiting : new boolean[] {false, true}) {
                Recorder recorder = new Recorder();
                pull.publisher().subscribe(recorder);
                if (waiting) {
                    recorder.subscription.request(1);
                }
                recorder.subscription.request(nothing);
                assertThatThrownBy(recorder::awaitEnd).hasCauseInstanceOf(IllegalArgumentException.class);
            }
        }
        send("one");
        assertThat(pull.receiveBytes()).asString(UTF_8).isEqualTo("one");
    }

    @Test
    void itCompletesWhenTheSocketIsClosed() throws Exception {
        Recorder waiting = new Recorder();
        Recorder idle = new Recorder();
        pull.publisher().subscribe(waiting);
        pull.publisher().subscribe(idle);
        waiting.subscription.request(1);
        pull.close();
        waiting.awaitEnd();
        assertThat(idle.end).isNotDone();
        idle.subscription.request(1);
        idle.awaitEnd();
    }

    @Test
    void itFailsWhenAReceiveFails() {
        try (ReqSocket req = ReqSocket.open()) {
            Recorder recorder = new Recorder();
            req.publisher().subscribe(recorder);
            recorder.subscription.request(1);
            assertThatThrownBy(recorder::awaitEnd)
                    .hasCauseInstanceOf(NngException.class)
                    .hasMessageContaining("ESTATE");
        }
    }

    @Test
    void aSubscriberThatThrowsIsCancelled() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Recorder recorder = new Recorder() {
            @Override
            public void onNext(Message message) {
                super.onNext(message);
                calls.incrementAndGet();
                throw new IllegalStateException("this is logged, and meant to be");
            }
        };
        pull.publisher().subscribe(recorder);
        recorder.subscription.request(10);
        send("one", "two");
        assertThat(pull.receiveBytes()).asString(UTF_8).isEqualTo("two");
        await().until(() -> calls.get() == 1);
        assertThat(recorder.end).isNotDone();
    }

    @Test
    void subscribersMayRunByAnExecutorAndBlock() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
        Recorder recorder = new Recorder() {
            @Override
            public void onNext(Message message) {
                assertThat(Thread.currentThread().getName()).isEqualTo("mine");
                assertThatThrownBy(() -> pull.receive(java.time.Duration.ofMillis(1)))
                        .isInstanceOf(NngTimeoutException.class);
                super.onNext(message);
            }

            @Override
            public void onComplete() {
                end.complete(null);
                assertThat(Thread.currentThread().getName()).isEqualTo("mine");
            }
        };
        pull.publisher(executor).subscribe(recorder);
        recorder.subscription.request(3);
        send("one");
        assertThat(recorder.next()).isEqualTo("one");
        send("two");
        assertThat(recorder.next()).isEqualTo("two");
        pull.close();
        recorder.awaitEnd();
        executor.shutdown();
    }

    @Test
    void messagesFlowFromSocketToSocketWithBackpressure() throws Exception {
        try (PushSocket onward = PushSocket.open();
                PullSocket last = PullSocket.open()) {
            String other = last.listen("tcp://127.0.0.1:0").url();
            onward.dial(other);
            Transfer forwarding = onward.sendAll(pull.publisher());
            push.sendAll(ReceiveHandlerTest.numbers(1000));
            for (int i : IntStream.range(0, 1000).toArray()) {
                assertThat(last.receiveBytes()).asString(UTF_8).isEqualTo(Integer.toString(i));
            }
            pull.close();
            forwarding.done().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aSubscriberIsNeeded() {
        assertThatThrownBy(() -> pull.publisher().subscribe(null)).isInstanceOf(NullPointerException.class);
    }
}
