package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that are closed while they are made, at whatever moment, end and leave nothing, on every transport. */
@Isolated("counts the open files of this process")
class TransportLifetimeTest {
    private static final int ROUNDS = Integer.getInteger("rounds", 60);

    @ParameterizedTest
    @EnumSource
    @Timeout(600)
    void closingWhileConnectingNeitherHangsNorCrashesNorLeaks(Transport transport) throws Exception {
        assumeTrue(transport.isAvailable());
        Patches.assume("unmatched-pipes-are-freed");
        Patches.assume("tls-operations-end");
        Patches.assume("ws-listener-closes");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        rounds(transport, threads, random, ROUNDS / 4);
        int before = OpenFiles.count();
        rounds(transport, threads, random, ROUNDS);
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS))
                .as("seed %d", seed)
                .isTrue();
        // NNG closes the connections of a closed socket on a thread of its own.
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(OpenFiles.count())
                        .as("open files, seed %d", seed)
                        .isLessThan(before + 20));
    }

    private static void rounds(Transport transport, ExecutorService threads, Random random, int rounds)
            throws Exception {
        for (int i = 0; i < rounds; i++) {
            RepSocket rep = RepSocket.open();
            ReqSocket req = ReqSocket.open();
            Listener listener = transport.listen(rep);
            String url = listener.url();
            List<Future<?>> tasks = new ArrayList<>();
            tasks.add(threads.submit(() -> {
                try {
                    transport.dial(req, url);
                } catch (NngException closed) {
                    // the end of this round
                }
            }));
            Dialer dialer = random.nextBoolean() ? transport.dialAsync(req, url) : null;
            if (random.nextInt(4) != 0) {
                Thread.sleep(0, random.nextInt(1_000_000)); // the moment of closing is what varies
            }
            if (random.nextInt(8) == 0) {
                Thread.sleep(random.nextInt(20));
            }
            tasks.add(threads.submit(random.nextBoolean() ? listener::close : rep::close));
            tasks.add(threads.submit(dialer != null && random.nextBoolean() ? dialer::close : req::close));
            if (random.nextBoolean()) {
                req.close();
                rep.close();
            } else {
                rep.close();
                req.close();
            }
            for (Future<?> task : tasks) {
                task.get(20, TimeUnit.SECONDS);
            }
        }
    }
}
