package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nngjava.internal.NngApi;

/** The garbage collector runs all the time, in the middle of calls and callbacks, and takes nothing that is needed. */
@Timeout(180)
class GarbageCollectionTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int MESSAGES = 200;
    private static final int ROUND_TRIPS = 40; // each waits for about two collections

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger collections = new AtomicInteger();
    private final Thread collector = new Thread(this::collect, "collector");

    @BeforeEach
    void startCollecting() {
        collector.start();
    }

    @AfterEach
    void stopCollecting() throws InterruptedException {
        over.set(true);
        collector.join();
    }

    private void collect() {
        while (!over.get()) {
            Stream.generate(() -> new byte[1000]).limit(1000).forEach(Objects::requireNonNull); // garbage
            System.gc();
            collections.incrementAndGet();
        }
    }

    @Test
    void blockingCallsAreNotDisturbed() {
        try (PairSocket left = PairSocket.open();
                PairSocket right = PairSocket.open()) {
            Peers.connect(left, right, "tcp://127.0.0.1:0");
            Thread echo = new Thread(() -> {
                for (int i = 0; i < ROUND_TRIPS; i++) {
                    right.send(right.receive(SOON));
                }
            });
            echo.start();
            for (int i = 0; i < ROUND_TRIPS; i++) {
                left.send(new byte[] {(byte) i, (byte) (i >> 8)});
                assertThat(left.receiveBytes()).containsExactly((byte) i, (byte) (i >> 8));
            }
        }
        assertThat(collections).hasPositiveValue();
    }

    @Test
    void futuresThatNobodyHoldsComplete() {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            Peers.connect(rep, req);
            for (int i = 0; i < 4; i++) {
                serve(rep.openContext());
            }
            AtomicInteger replies = new AtomicInteger();
            for (int i = 0; i < MESSAGES; i++) {
                req.requestAsync(Message.of(new byte[100])).thenAccept(reply -> {
                    reply.close();
                    replies.incrementAndGet();
                });
            }
            await().atMost(SOON).until(() -> replies.get() == MESSAGES);
        }
    }

    private static void serve(RepContext context) {
        context.receiveAsync().thenCompose(context::sendAsync).thenRun(() -> serve(context));
    }

    @Test
    void handlersAndSourcesThatNobodyHoldsGoOn() {
        try (PullSocket pull = PullSocket.open();
                PushSocket push = PushSocket.open()) {
            Peers.connect(pull, push);
            AtomicInteger received = new AtomicInteger();
            receive(pull, received);
            send(push);
            await().atMost(SOON).until(() -> received.get() == MESSAGES);
        }
    }

    private static void receive(PullSocket pull, AtomicInteger received) {
        pull.onReceive(message -> {
            if (message.body().get() == 42) {
                received.incrementAndGet();
            }
        });
    }

    private static void send(PushSocket push) {
        AtomicInteger left = new AtomicInteger(MESSAGES);
        push.sendAll(() -> left.getAndDecrement() > 0 ? Message.of(new byte[] {42}) : null);
    }

    @Test
    void aSubscriberThatNobodyHoldsGetsAll() throws Exception {
        try (PairSocket left = PairSocket.open();
                PairSocket right = PairSocket.open()) {
            Peers.connect(left, right);
            CompletableFuture<Integer> received = new CompletableFuture<>();
            right.publisher().subscribe(new Flow.Subscriber<>() {
                private Flow.Subscription subscription;
                private int count;

                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    this.subscription = subscription;
                    subscription.request(1);
                }

                @Override
                public void onNext(Message message) {
                    message.close();
                    if (++count == MESSAGES) {
                        received.complete(count);
                    }
                    subscription.request(1);
                }

                @Override
                public void onError(Throwable failure) {
                    received.completeExceptionally(failure);
                }

                @Override
                public void onComplete() {
                    received.complete(count);
                }
            });
            for (int i = 0; i < MESSAGES; i++) {
                left.send(new byte[10]);
            }
            assertThat(received.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(MESSAGES);
        }
    }

    @Test
    void pipesAreReportedToListenersThatNobodyHolds() {
        AtomicInteger events = new AtomicInteger();
        try (RepSocket rep = RepSocket.open()) {
            rep.onPipe((event, pipe) -> events.incrementAndGet());
            String url = rep.listen("tcp://127.0.0.1:0").url();
            for (int i = 0; i < 5; i++) {
                try (ReqSocket req = ReqSocket.open()) {
                    req.dial(url);
                    int before = 2 * i;
                    await().atMost(SOON).until(() -> events.get() > before);
                }
                int after = 2 * (i + 1);
                await().atMost(SOON).until(() -> events.get() == after);
            }
        }
    }

    @Test
    void viewsOfMessagesAreGoodAsLongAsTheMessagesAre() {
        for (int i = 0; i < 200; i++) {
            try (Message message = Message.of(new byte[1000])) {
                message.body().putInt(500, i);
                message.append(new byte[5000]);
                assertThat(message.body().getInt(500)).isEqualTo(i);
            }
        }
    }

    /** JNR holds callbacks weakly: one that is collected has its place in native code given to another. */
    @Test
    void theCallbacksOfTheBindingAreNeverCollected() throws Exception {
        List<WeakReference<Object>> callbacks = new ArrayList<>();
        for (Class<?> holder : List.of(Aio.class, SocketState.class)) {
            for (Field field : holder.getDeclaredFields()) {
                if (field.getType().getEnclosingClass() == NngApi.class) {
                    field.setAccessible(true);
                    callbacks.add(new WeakReference<>(field.get(null)));
                }
            }
        }
        int before = collections.get();
        await().atMost(SOON).until(() -> collections.get() > before + 5);
        assertThat(callbacks).hasSize(2).noneMatch(callback -> callback.get() == null);
    }

    @Test
    void aSocketInUseIsNotForgotten() throws Exception {
        CompletableFuture<Message> receive;
        try (PushSocket push = PushSocket.open()) {
            receive = receiveOnASocketThatNobodyHolds(
                    push.listen("tcp://127.0.0.1:0").url());
            int before = collections.get();
            await().atMost(SOON).until(() -> collections.get() > before + 10);
            push.send(new byte[] {1});
            try (Message message = receive.get(SOON.toSeconds(), TimeUnit.SECONDS)) {
                assertThat(message.toByteArray()).containsExactly(1);
            }
        }
    }

    private static CompletableFuture<Message> receiveOnASocketThatNobodyHolds(String url) {
        PullSocket pull = PullSocket.open();
        pull.dial(url);
        return pull.receiveAsync().thenApply(message -> message);
    }
}
