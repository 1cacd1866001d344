package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing, at whatever moment, ends everything and leaves nothing. */
class LifetimeTest {

    @Test
    @Timeout(120)
    void closingAtRandomMomentsNeitherHangsNorCrashesNorLeaks() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        round(threads, random, 50);
        long before = openFiles();
        round(threads, random, 300);
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS))
                .as("seed %d", seed)
                .isTrue();
        // NNG closes the connections of a closed socket on a thread of its own.
        await().untilAsserted(() ->
                assertThat(openFiles()).as("open files, seed %d", seed).isLessThan(before + 20));
    }

    private static void round(ExecutorService threads, Random random, int rounds) throws Exception {
        for (int i = 0; i < rounds; i++) {
            String url = random.nextBoolean() ? "inproc://" + UUID.randomUUID() : "tcp://127.0.0.1:0";
            RepSocket rep = RepSocket.open();
            ReqSocket req = ReqSocket.open();
            Listener listener = rep.listen(url);
            Dialer dialer = req.dial(listener.url());
            List<Future<?>> tasks = new ArrayList<>();
            tasks.add(threads.submit(() -> untilClosed(() -> {
                try (Request request = rep.receiveRequest()) {
                    request.reply(new byte[10]);
                }
            })));
            tasks.add(threads.submit(() -> untilClosed(
                    () -> req.requestAsync(Message.of(new byte[100])).get().close())));
            tasks.add(threads.submit(() -> untilClosed(() -> {
                CompletableFuture<Message> reply = req.requestAsync(Message.of(new byte[1000]));
                if (!reply.cancel(true)) {
                    reply.get().close();
                }
            })));
            Thread.sleep(random.nextInt(4)); // the moment of closing is what varies
            tasks.add(threads.submit(random.nextBoolean() ? rep::close : req::close));
            tasks.add(threads.submit(random.nextBoolean() ? listener::close : dialer::close));
            rep.close();
            req.close();
            for (Future<?> task : tasks) {
                task.get(20, TimeUnit.SECONDS);
            }
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void untilClosed(Step step) {
        try {
            while (true) {
                step.run();
            }
        } catch (NngException closed) {
            // the end of this round
        } catch (Exception e) {
            if (!(e.getCause() instanceof NngException)) {
                throw new AssertionError(e);
            }
        }
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    @Test
    @Timeout(120)
    void aJvmThatExitsUnderTrafficExitsCleanly() throws Exception {
        for (int i = 0; i < 5; i++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            ExitUnderTraffic.class.getName())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(output).isEqualTo(7);
            assertThat(output).contains("exiting").doesNotContain("fatal error");
        }
    }

    /** Leaves with traffic under way, connections coming and going, and nothing closed. */
    static final class ExitUnderTraffic {
        private ExitUnderTraffic() {}

        public static void main(String[] args) throws Exception {
            RepSocket rep = RepSocket.open();
            rep.onPipe((event, pipe) -> {});
            String url = rep.listen("tcp://127.0.0.1:0").url();
            for (int i = 0; i < 4; i++) {
                serve(rep.openContext());
                ReqSocket req = ReqSocket.open();
                req.dial(url);
                ask(req.openContext());
            }
            Thread connections = new Thread(() -> {
                while (true) {
                    try (ReqSocket req = ReqSocket.open()) {
                        req.dial(url);
                    }
                }
            });
            connections.setDaemon(true);
            connections.start();
            Thread.sleep(300); // lets traffic flow
            System.out.println("exiting");
            System.exit(7);
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
}
