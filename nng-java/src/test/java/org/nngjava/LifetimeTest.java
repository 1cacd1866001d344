package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.kenai.jffi.Library;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jnr.ffi.LibraryLoader;
import jnr.ffi.types.uintptr_t;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Closing, at whatever moment and in whatever order, ends everything and leaves nothing. */
class LifetimeTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final String url = "inproc://" + UUID.randomUUID();

    @Test
    void allMayBeClosedInAnyOrderAndTwice() {
        for (long seed = 0; seed < 60; seed++) {
            RepSocket rep = RepSocket.open();
            ReqSocket req = ReqSocket.open();
            Listener listener = rep.listen(url);
            Dialer dialer = req.dial(url);
            RepContext context = rep.openContext();
            ReqContext asking = req.openContext();
            Transfer transfer = context.onReceive(message -> {});
            asking.send(new byte[10]);
            CompletableFuture<Message> reply = asking.receiveAsync();
            Poller poller = Poller.open();
            poller.register(req, Readiness.RECEIVE);
            Message message = Message.allocate(10);
            List<AutoCloseable> all =
                    new ArrayList<>(List.of(rep, req, listener, dialer, context, asking, transfer, poller, message));
            Collections.shuffle(all, new Random(seed));
            all.addAll(List.copyOf(all));
            for (AutoCloseable one : all) {
                assertThat(one).satisfies(AutoCloseable::close);
            }
            assertThat(reply).as("seed %d", seed).isCompletedExceptionally();
            assertThat(transfer.done()).isCompleted();
        }
    }

    @Test
    void twoThreadsMayCloseTheSameSocket() throws Exception {
        for (int i = 0; i < 50; i++) {
            RepSocket rep = RepSocket.open();
            CompletableFuture<Message> receive = rep.receiveAsync();
            Thread other = new Thread(rep::close);
            other.start();
            rep.close();
            other.join();
            assertThatThrownBy(() -> receive.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(NngClosedException.class);
        }
    }

    @Test
    void aSocketMayBeClosedWhereItsPipesAreReported() throws Exception {
        RepSocket rep = RepSocket.open();
        CountDownLatch closed = new CountDownLatch(1);
        rep.onPipe((event, pipe) -> {
            rep.close();
            closed.countDown();
        });
        rep.listen(url);
        try (ReqSocket req = ReqSocket.open()) {
            req.dial(url);
            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(rep::tryReceive).isInstanceOf(NngClosedException.class);
        }
    }

    @Test
    void aSocketMayBeClosedWhereItsPipesAreAccepted() {
        RepSocket rep = RepSocket.open();
        rep.acceptPipes(pipe -> {
            rep.close();
            return true;
        });
        rep.listen(url);
        try (ReqSocket req = ReqSocket.open()) {
            req.dialAsync(url);
            await().untilAsserted(() -> assertThatThrownBy(rep::tryReceive).isInstanceOf(NngClosedException.class));
        }
    }

    @Test
    void aSocketMayBeClosedWhereItsMessagesAreHandled() {
        PullSocket pull = PullSocket.open();
        try (PushSocket push = PushSocket.open()) {
            Peers.connect(pull, push);
            Transfer transfer = pull.onReceive(message -> pull.close());
            push.send(new byte[1]);
            assertThat(transfer.done()).succeedsWithin(SOON);
            await().untilAsserted(() -> assertThatThrownBy(pull::tryReceive).isInstanceOf(NngClosedException.class));
        }
    }

    @Test
    void aContextMayBeClosedWhereItsFutureCompletes() throws Exception {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            Peers.connect(rep, req);
            RepContext context = rep.openContext();
            CompletableFuture<Void> closed = context.receiveAsync().thenAccept(message -> {
                message.close();
                context.close();
            });
            req.send(new byte[1]);
            closed.get(10, TimeUnit.SECONDS);
            await().untilAsserted(() -> assertThatThrownBy(context::tryReceive).isInstanceOf(NngClosedException.class));
        }
    }

    @Test
    @Timeout(180)
    void aJvmThatExitsUnderTrafficExitsCleanly() throws Exception {
        for (int i = 0; i < 5; i++) {
            Jvm jvm = Jvm.run(ExitUnderTraffic.class);
            assertThat(jvm.exitCode()).as(jvm.output()).isEqualTo(7);
            assertThat(jvm.output()).contains("exiting").doesNotContain("fatal error");
        }
    }

    @Test
    void openSocketsDoNotKeepAJvmFromExiting() throws Exception {
        Jvm jvm = Jvm.run(ReturnUnderTraffic.class);
        assertThat(jvm.exitCode()).as(jvm.output()).isZero();
        assertThat(jvm.output()).doesNotContain("fatal error");
    }

    @Test
    void aHandlerThatDoesNotReturnDoesNotKeepAJvmFromExiting() throws Exception {
        Jvm jvm = Jvm.run(ReturnBesideAHandler.class);
        assertThat(jvm.output()).isEqualToIgnoringNewLines("over");
        assertThat(jvm.exitCode()).isZero();
    }

    @Test
    void aShutdownHookMayStillUseSockets() throws Exception {
        Jvm exits = Jvm.run(ExitIntoShutdownHook.class);
        assertThat(exits.output()).contains("served in the hook");
        assertThat(exits.exitCode()).as(exits.output()).isEqualTo(3);

        Jvm returns = Jvm.run(ReturnIntoShutdownHook.class);
        assertThat(returns.output()).contains("served in the hook");
        assertThat(returns.exitCode()).as(returns.output()).isZero();
    }

    @ParameterizedTest
    @ValueSource(classes = {ReturnSlowly.class, ExitSlowly.class})
    void aMessageThatComesWhileTheProcessEndsDoesNoHarm(Class<?> main, @TempDir Path directory) throws Exception {
        String address = "ipc://" + directory.resolve("pull");
        ExecutorService running = Executors.newSingleThreadExecutor();
        try (PushSocket push = PushSocket.open()) {
            Future<Jvm> ended = running.submit(() -> Jvm.run(main, "-Daddress=" + address));
            push.dialAsync(address);
            await().pollInterval(Duration.ofMillis(20)).until(() -> {
                try (Message message = Message.allocate(1)) {
                    push.trySend(message);
                }
                return ended.isDone();
            });
            assertThat(ended.get().output()).isEqualToIgnoringNewLines("over");
            assertThat(ended.get().exitCode()).isZero();
        } finally {
            running.shutdownNow();
        }
    }

    /** Leaves with traffic under way, connections coming and going, and nothing closed. */
    static final class ExitUnderTraffic {
        private ExitUnderTraffic() {}

        public static void main(String[] args) throws Exception {
            traffic();
            Thread.sleep(300); // lets traffic flow
            System.out.println("exiting");
            System.exit(7);
        }

        static void traffic() {
            RepSocket rep = RepSocket.open();
            rep.onPipe((event, pipe) -> {});
            String url = rep.listen("tcp://127.0.0.1:0").url();
            for (int i = 0; i < 4; i++) {
                serve(rep.openContext());
                ReqSocket req = ReqSocket.open();
                req.dial(url);
                ask(req.openContext());
            }
            PullSocket pull = PullSocket.open();
            PushSocket push = PushSocket.open();
            Peers.connect(pull, push);
            pull.onReceive(message -> {});
            push.sendAll(() -> Message.allocate(100));
            Thread connections = new Thread(() -> {
                while (true) {
                    try (ReqSocket req = ReqSocket.open()) {
                        req.dial(url);
                    }
                }
            });
            connections.setDaemon(true);
            connections.start();
        }

        private static void serve(RepContext context) {
            context.receiveAsync().thenCompose(context::sendAsync).thenRun(() -> serve(context));
        }

        private static void ask(ReqContext context) {
            context.requestAsync(Message.of(new byte[64])).thenAccept(reply -> {
                reply.close();
                ask(context);
            });
        }
    }

    /** Ends its main thread and closes nothing. */
    static final class ReturnUnderTraffic {
        private ReturnUnderTraffic() {}

        public static void main(String[] args) throws Exception {
            ExitUnderTraffic.traffic();
            Thread.sleep(300); // lets traffic flow
        }
    }

    /** Ends its main thread while a handler is at work, which never ends. */
    static final class ReturnBesideAHandler {
        private ReturnBesideAHandler() {}

        public static void main(String[] args) throws Exception {
            PullSocket pull = PullSocket.open();
            PushSocket push = PushSocket.open();
            Peers.connect(pull, push);
            CountDownLatch begun = new CountDownLatch(1);
            pull.onReceive(message -> {
                begun.countDown();
                while (true) {
                    LockSupport.park();
                }
            });
            push.send(new byte[1]);
            begun.await();
            System.out.println("over");
        }
    }

    /** Tells its peer that it stops. */
    static final class ReturnIntoShutdownHook {
        private ReturnIntoShutdownHook() {}

        public static void main(String[] args) {
            RepSocket rep = RepSocket.open();
            ReqSocket req = ReqSocket.open();
            Peers.connect(rep, req);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                req.send(new byte[1]);
                rep.receiveRequest(SOON).reply(new byte[1]);
                req.receive(SOON).close();
                System.out.println("served in the hook");
            }));
        }
    }

    /** The same by {@link System#exit}. */
    static final class ExitIntoShutdownHook {
        private ExitIntoShutdownHook() {}

        public static void main(String[] args) {
            ReturnIntoShutdownHook.main(args);
            System.exit(3);
        }
    }

    /** Has no thread left, while libc still runs what is to be done at the end of the process. */
    static final class ReturnSlowly {
        private static final long MICROS = 1_000_000;

        private ReturnSlowly() {}

        /** The C++ ABI's way to have something done at exit. */
        public interface Libc {
            int __cxa_atexit(@uintptr_t long function, @uintptr_t long argument, @uintptr_t long library);
        }

        public static void main(String[] args) {
            long usleep = Library.getDefault().getSymbolAddress("usleep");
            LibraryLoader.create(Libc.class).load("c").__cxa_atexit(usleep, MICROS, 0);
            PullSocket pull = PullSocket.open();
            pull.onReceive(message -> {});
            pull.listen(System.getProperty("address"));
            System.out.println("over");
        }
    }

    /** The same by {@link System#exit}. */
    static final class ExitSlowly {
        private ExitSlowly() {}

        public static void main(String[] args) {
            ReturnSlowly.main(args);
            System.exit(0);
        }
    }
}
