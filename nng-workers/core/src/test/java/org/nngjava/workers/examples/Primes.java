package org.nngjava.workers.examples;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.nngjava.TlsConfig;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobContext;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.Task;
import org.nngjava.workers.Worker;

/**
 * Counts primes: in one process, in several, or on several hosts, as its configuration says and the code does not know.
 *
 * <pre>
 * Primes                     queue and two workers in this process
 * Primes FILE                as the file of properties says:
 *
 *   listen=URL               the queue, open to workers elsewhere
 *   workers=N                how many workers are in this process (2, beside a queue that listens 0)
 *   expect=N                 how many workers must be there before it begins
 *
 *   connect=URL              a worker for the queue there
 *   name=NAME                what it is called
 *
 *   token=SECRET             both ends, beyond loopback: tls+tcp
 *   certificate=, key=       of the queue, in PEM format
 *   authority=, server=      whom workers trust, and what the queue's certificate calls it
 * </pre>
 */
public final class Primes {
    private static final long BELOW = 1_000_000;
    private static final long PIECE = 20_000;

    private Primes() {}

    /**
     * Counts the primes among some numbers.
     *
     * @param from the first of them
     * @param to the first beyond them
     */
    public record Count(long from, long to) implements Task<Long> {
        @Override
        public Long run(JobContext job) {
            return LongStream.range(from, to).filter(Primes::isPrime).count();
        }
    }

    /**
     * Runs it.
     *
     * @param args no file or one
     */
    public static void main(String[] args) throws Exception {
        Properties settings = new Properties();
        for (String file : args) {
            try (Reader reader = Files.newBufferedReader(Path.of(file))) {
                settings.load(reader);
            }
        }
        if (settings.containsKey("connect")) {
            work(settings);
        } else {
            count(settings);
        }
    }

    private static void count(Properties settings) throws Exception {
        try (JobQueue queue = queue(settings)) {
            int own = number(settings, "workers", settings.containsKey("listen") ? 0 : 2);
            for (int i = 1; i <= own; i++) {
                Worker.builder()
                        .queue(queue)
                        .name("own-" + i)
                        .handle(Count.class)
                        .start();
            }
            while (queue.status().workers() < number(settings, "expect", 1)) {
                Thread.sleep(10);
            }
            List<CompletableFuture<Long>> pieces = new ArrayList<>();
            for (long from = 0; from < BELOW; from += PIECE) {
                pieces.add(queue.defer(new Count(from, from + PIECE)));
            }
            long primes = 0;
            for (CompletableFuture<Long> piece : pieces) {
                primes += piece.get();
            }
            System.out.println(primes + " primes below " + BELOW + ", counted by " + workers(queue));
            queue.halt(worker -> true, Duration.ofSeconds(5));
            while (queue.status().workers() > 0) {
                Thread.sleep(10);
            }
        }
    }

    private static void work(Properties settings) throws InterruptedException {
        Worker.Builder worker = Worker.builder().connect(settings.getProperty("connect"));
        worker.name(
                settings.getProperty("name", "worker-" + ProcessHandle.current().pid()));
        if (settings.containsKey("token")) {
            worker.token(settings.getProperty("token"));
            worker.tls(TlsConfig.builder()
                    .ca(Path.of(settings.getProperty("authority")))
                    .serverName(settings.getProperty("server"))
                    .build());
        }
        worker.handle(Count.class).start().awaitEnd();
    }

    private static JobQueue queue(Properties settings) throws IOException {
        JobQueue.Builder queue = JobQueue.builder();
        if (settings.containsKey("listen")) {
            queue.listen(settings.getProperty("listen"));
        }
        if (settings.containsKey("token")) {
            queue.token(settings.getProperty("token"));
            queue.tls(TlsConfig.builder()
                    .certificate(Path.of(settings.getProperty("certificate")), Path.of(settings.getProperty("key")))
                    .build());
        }
        return queue.open();
    }

    private static String workers(JobQueue queue) {
        return queue.jobs(Integer.MAX_VALUE, null).stream()
                .map(Job::worker)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static int number(Properties settings, String name, int otherwise) {
        return Integer.parseInt(settings.getProperty(name, Integer.toString(otherwise)));
    }

    private static boolean isPrime(long number) {
        return number > 1
                && LongStream.rangeClosed(2, (long) Math.sqrt((double) number))
                        .noneMatch(divisor -> number % divisor == 0);
    }
}
