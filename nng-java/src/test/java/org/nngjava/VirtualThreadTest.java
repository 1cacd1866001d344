package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VirtualThreadTest {

    @Test
    void aThousandVirtualThreadsWaitOnOneCarrier() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "this JVM has no virtual threads");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OneCarrier.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        assertThat(output).contains("all waited", "all served");
        assertThat(process.exitValue()).as(output).isZero();
    }

    /** Were one of the threads pinned to the only carrier as it waits, the others would never get so far. */
    static final class OneCarrier {
        private static final int EACH = 250;
        private static final CountDownLatch WAITING = new CountDownLatch(4 * EACH);
        private static final CountDownLatch SERVED = new CountDownLatch(6 * EACH);

        private OneCarrier() {}

        public static void main(String[] args) throws Exception {
            Thread watchdog = new Thread(OneCarrier::giveUp);
            watchdog.setDaemon(true);
            watchdog.start();
            Executor virtual = virtualThreads();
            try (RepSocket rep = RepSocket.open();
                    ReqSocket req = ReqSocket.open();
                    PullSocket pull = PullSocket.open();
                    PushSocket push = PushSocket.open()) {
                Peers.connect(rep, req);
                for (int i = 0; i < EACH; i++) {
                    RepContext context = rep.openContext();
                    run(virtual, () -> context.send(context.receive()));
                    run(virtual, () -> rep.receiveRequest().reply(new byte[1]));
                    run(virtual, () -> pull.receive().close());
                    run(virtual, () -> push.send(new byte[1]));
                }
                WAITING.await();
                System.out.println("all waited");
                Peers.connect(pull, push);
                for (int i = 0; i < 2 * EACH; i++) {
                    run(
                            virtual,
                            () -> req.request(Message.of(new byte[1]), Duration.ofMinutes(1))
                                    .close());
                }
                SERVED.await();
                System.out.println("all served");
            }
            System.exit(0);
        }

        private static void run(Executor virtual, Runnable task) {
            virtual.execute(() -> {
                WAITING.countDown();
                task.run();
                SERVED.countDown();
            });
        }

        /** {@code Thread.ofVirtual()::start}, which Java 17 does not know. */
        private static Executor virtualThreads() throws ReflectiveOperationException {
            Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
            return task -> {
                try {
                    start.invoke(null, task);
                } catch (ReflectiveOperationException e) {
                    throw new LinkageError(e.getMessage(), e);
                }
            };
        }

        private static void giveUp() {
            try {
                if (!SERVED.await(2, TimeUnit.MINUTES)) {
                    System.out.println(
                            WAITING.getCount() + " never waited, " + SERVED.getCount() + " were never served");
                    List<StackTraceElement> stacks = new ArrayList<>();
                    Thread.getAllStackTraces().values().forEach(stack -> stacks.addAll(List.of(stack)));
                    stacks.forEach(System.out::println);
                    Runtime.getRuntime().halt(1);
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
