package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Receiver#onReceive}: messages come to a handler by themselves. */
class ReceiveHandlerTest {
    private final String url = "inproc://" + UUID.randomUUID();
    private final PullSocket pull = PullSocket.open();
    private final PushSocket push = PushSocket.open();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    ReceiveHandlerTest() {
        pull.listen(url);
        push.dial(url);
    }

    @AfterEach
    void close() {
        push.close();
        pull.close();
    }

    private void take(Message message) {
        received.add(text(message));
    }

    private static String text(Message message) {
        return UTF_8.decode(message.body()).toString();
    }

    private void send(String... texts) {
        for (String text : texts) {
            push.send(text.getBytes(UTF_8));
        }
    }

    private String next() throws InterruptedException {
        return received.poll(20, TimeUnit.SECONDS);
    }

    private static void get(CompletableFuture<?> future) throws Exception {
        future.get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"inproc://", "tcp://127.0.0.1:0"})
    void theHandlerGetsAllMessagesInTheirOrder(String transport) throws Exception {
        String address = transport.startsWith("tcp") ? transport : transport + UUID.randomUUID();
        try (PullSocket in = PullSocket.open();
                PushSocket out = PushSocket.open()) {
            out.dial(in.listen(address).url());
            List<Integer> numbers = Collections.synchronizedList(new ArrayList<>());
            in.onReceive(message -> numbers.add(message.body().getInt()));
            for (int i = 0; i < 2000; i++) {
                out.send(ByteBuffer.allocate(4).putInt(i).array());
            }
            await().until(() -> numbers.size() == 2000);
            for (int i = 0; i < 2000; i++) {
                assertThat(numbers.get(i)).isEqualTo(i);
            }
        }
    }

    @Test
    void handlersRunOnThreadsThatStay() throws Exception {
        Patches.assume("task-threads-are-java-threads");
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        pull.onReceive(message -> {
            threads.add(Thread.currentThread());
            take(message);
        });

        for (int i = 0; i < 100; i++) {
            send("one");
            next();
        }

        assertThat(threads).isNotEmpty().allSatisfy(thread -> {
            assertThat(thread.isAlive()).isTrue();
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getName()).isEqualTo("nng:task");
        });
    }

    @Test
    void oneMessageAndOneViewServeForAll() throws Exception {
        Set<Integer> messages = ConcurrentHashMap.newKeySet();
        try (Transfer transfer = pull.onReceive(message -> {
            messages.add(System.identityHashCode(message));
            assertThat(message.body()).isSameAs(message.body());
            take(message);
        })) {
            send("one", "two", "", "three");
            assertThat(List.of(next(), next(), next(), next())).containsExactly("one", "two", "", "three");
            assertThat(messages).hasSize(1);
            assertThat(transfer.done()).isNotDone();
        }
    }

    @Test
    void aDetachedMessageMayBeKept() throws Exception {
        BlockingQueue<Message> kept = new LinkedBlockingQueue<>();
        Transfer transfer = pull.onReceive(message -> {
            kept.add(message.detach());
            assertThatThrownBy(message::size).isInstanceOf(IllegalStateException.class);
        });
        send("one", "two");
        await().until(() -> kept.size() == 2);
        transfer.close();
        for (String text : List.of("one", "two")) {
            try (Message message = kept.poll(20, TimeUnit.SECONDS)) {
                assertThat(text(message)).isEqualTo(text);
            }
        }
    }

    @Test
    void theHandlerMayForwardAMessage() throws Exception {
        try (PairSocket in = PairSocket.open();
                PairSocket out = PairSocket.open();
                Transfer forward = pull.onReceive(in::sendAsync)) {
            String other = "inproc://" + UUID.randomUUID();
            in.listen(other);
            out.dial(other);
            send("one", "two");
            assertThat(out.receiveBytes()).asString(UTF_8).isEqualTo("one");
            assertThat(out.receiveBytes()).asString(UTF_8).isEqualTo("two");
            assertThat(forward.done()).isNotDone();
        }
    }

    @Test
    void aSlowHandlerStopsTheReading() throws Exception {
        Semaphore permits = new Semaphore(0);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        pull.onReceive(
                message -> {
                    permits.acquireUninterruptibly();
                    take(message);
                },
                executor);
        int sent = 0;
        Message message = Message.of(new byte[1]);
        while (push.trySend(message) || !permits.hasQueuedThreads()) {
            if (message.toString().contains("closed")) {
                sent++;
                message = Message.of(new byte[1]);
            }
        }
        message.close();
        // One is with the handler, others wait in the pipe and in the sockets.
        assertThat(sent).isLessThan(20);
        assertThat(received).isEmpty();
        permits.release(sent);
        for (int i = 0; i < sent; i++) {
            assertThat(next()).hasSize(1);
        }
        executor.shutdown();
    }

    @Test
    void aHandlerThatThrowsGetsTheNextMessage() throws Exception {
        try (Transfer transfer = pull.onReceive(message -> {
            take(message);
            throw new IllegalStateException("this is logged, and meant to be");
        })) {
            send("one", "two");
            assertThat(next()).isEqualTo("one");
            assertThat(next()).isEqualTo("two");
            assertThat(transfer.done()).isNotDone();
        }
    }

    @Test
    void afterItsCloseNothingIsReceived() throws Exception {
        Transfer transfer = pull.onReceive(this::take);
        send("one");
        assertThat(next()).isEqualTo("one");
        transfer.close();
        transfer.close();
        assertThat(transfer.done()).isCompleted();
        send("two");
        assertThat(pull.receiveBytes()).asString(UTF_8).isEqualTo("two");
        assertThat(received).isEmpty();
    }

    @Test
    void closingWaitsForTheHandler() throws Exception {
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        Transfer transfer = pull.onReceive(
                message -> {
                    inHandler.countDown();
                    awaitUninterruptibly(goOn);
                    take(message);
                },
                executor);
        send("one");
        inHandler.await();
        Thread closing = new Thread(transfer::close);
        closing.start();
        await().until(() -> closing.getState() == Thread.State.WAITING);
        assertThat(received).isEmpty();
        goOn.countDown();
        closing.join();
        assertThat(received).containsExactly("one");
        executor.shutdown();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theHandlerMayCloseItsTransfer(boolean onExecutor) throws Exception {
        CompletableFuture<Transfer> transfer = new CompletableFuture<>();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        java.util.function.Consumer<Message> handler = message -> {
            take(message);
            transfer.join().close();
        };
        transfer.complete(onExecutor ? pull.onReceive(handler, executor) : pull.onReceive(handler));
        send("one");
        get(transfer.join().done());
        assertThat(next()).isEqualTo("one");
        send("two");
        assertThat(pull.receiveBytes()).asString(UTF_8).isEqualTo("two");
        executor.shutdown();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingTheSocketEndsIt(boolean onExecutor) throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        Transfer transfer = onExecutor ? pull.onReceive(this::take, executor) : pull.onReceive(this::take);
        send("one");
        assertThat(next()).isEqualTo("one");
        pull.close();
        get(transfer.done());
        transfer.close();
        executor.shutdown();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theHandlerMayCloseItsSocket(boolean onExecutor) throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        java.util.function.Consumer<Message> handler = message -> pull.close();
        Transfer transfer = onExecutor ? pull.onReceive(handler, executor) : pull.onReceive(handler);
        send("one");
        get(transfer.done());
        executor.shutdown();
    }

    @Test
    void aFailedReceiveEndsItWithTheReason() {
        try (ReqSocket req = ReqSocket.open();
                Transfer transfer = req.onReceive(this::take)) {
            assertThatThrownBy(() -> get(transfer.done()))
                    .hasCauseInstanceOf(NngException.class)
                    .hasMessageContaining("ESTATE");
        }
    }

    @Test
    void onAClosedSocketItHasEnded() throws Exception {
        pull.close();
        get(pull.onReceive(this::take).done());
    }

    @Test
    void anExecutorThatRefusesEndsItButLosesNothing() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        executor.shutdown();
        Transfer transfer = pull.onReceive(this::take, executor);
        send("one");
        assertThatThrownBy(() -> get(transfer.done())).hasCauseInstanceOf(RejectedExecutionException.class);
        assertThat(next()).isEqualTo("one");
        transfer.close();
    }

    @Test
    void aMessageThatItsExecutorForgetsIsHandledByTheClose() throws Exception {
        CountDownLatch forgotten = new CountDownLatch(1);
        Transfer transfer = pull.onReceive(this::take, task -> forgotten.countDown());
        send("one");
        forgotten.await();
        transfer.close();
        assertThat(received).containsExactly("one");
        assertThat(transfer.done()).isCompleted();
    }

    @Test
    void severalHandlersShareTheMessages() throws Exception {
        try (Transfer first = pull.onReceive(this::take);
                Transfer second = pull.onReceive(this::take)) {
            push.sendAll(numbers(500));
            Set<String> all = ConcurrentHashMap.newKeySet();
            for (int i = 0; i < 500; i++) {
                all.add(next());
            }
            assertThat(all).hasSize(500);
            assertThat(first.done()).isNotDone();
            assertThat(second.done()).isNotDone();
        }
    }

    static java.util.function.Supplier<Message> numbers(int end) {
        AtomicInteger next = new AtomicInteger();
        return () -> {
            int number = next.getAndIncrement();
            return number < end ? Message.of(Integer.toString(number).getBytes(UTF_8)) : null;
        };
    }

    @Test
    void closingAsMessagesArriveLosesNone() throws Exception {
        int sent = 3000;
        Transfer sending = push.sendAll(numbers(sent));
        while (received.size() < sent) {
            Transfer transfer = pull.onReceive(this::take);
            Thread.onSpinWait();
            transfer.close();
        }
        get(sending.done());
        for (int i = 0; i < sent; i++) {
            assertThat(next()).isEqualTo(Integer.toString(i));
        }
    }

    @Test
    void receivingAllocatesNothingInTheLongRun() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Allocation.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        assertThat(process.exitValue()).as(output).isZero();
    }

    /** Measures, in a JVM where nothing else runs, until the JIT compiler has done its work. */
    static final class Allocation {
        private static final int AIM = 64; // bytes a message
        private static long received;
        private static long sum;

        private Allocation() {}

        public static void main(String[] args) {
            PullSocket pull = PullSocket.open();
            PushSocket push = PushSocket.open();
            push.dial(pull.listen("tcp://127.0.0.1:0").url());
            AtomicInteger rounds = new AtomicInteger();
            AtomicLong before = new AtomicLong();
            CompletableFuture<Void> low = new CompletableFuture<>();
            pull.onReceive(message -> {
                sum += message.body().getLong();
                if (++received % 50_000 == 0) {
                    long now = allocated();
                    // A message object and its pointer are made for each message that is sent.
                    long perMessage = (now - before.getAndSet(now)) / 50_000 - 48;
                    System.out.println(perMessage + " bytes a message");
                    if (perMessage < AIM) {
                        low.complete(null);
                    } else if (rounds.incrementAndGet() == 100) {
                        low.completeExceptionally(new AssertionError("still " + perMessage + " bytes a message"));
                    }
                }
            });
            push.sendAll(() -> Message.allocate(64));
            low.join();
            System.exit(0);
        }

        private static long allocated() {
            com.sun.management.ThreadMXBean threads =
                    (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long sum = 0;
            for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
                sum += bytes;
            }
            return sum;
        }
    }
}
