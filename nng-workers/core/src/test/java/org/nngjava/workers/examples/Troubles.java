package org.nngjava.workers.examples;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.nngjava.workers.Backoff;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobContext;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobRequest;
import org.nngjava.workers.PermanentFailureException;
import org.nngjava.workers.Worker;

/** Jobs that throw, that hang and that are halted: each ends, its worker goes on, and it can be seen what happened. */
public final class Troubles {
    private static final Backoff SOON = new Backoff(Duration.ofMillis(10), Duration.ofMillis(100));

    private Troubles() {}

    public static void main(String[] args) throws Exception {
        run(System.out::println);
    }

    static void run(Consumer<String> out) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch repaired = new CountDownLatch(1);
        try (JobQueue queue = JobQueue.builder().open();
                Worker worker = Worker.builder()
                        .queue(queue)
                        .name("worker")
                        .handle("throws", job -> throwUnless(repaired))
                        .handle("hopeless", job -> {
                            throw new PermanentFailureException("bad-input", "there is no such thing");
                        })
                        .handle("hangs", job -> new CountDownLatch(1).await())
                        .handle("stubborn", Troubles::ignoreAll)
                        .handle("halted", job -> {
                            begun.countDown();
                            new CountDownLatch(1).await();
                        })
                        .handle("works", job -> {})
                        .start()) {
            Job thrown = ended(queue, JobRequest.builder("throws").retries(2).backoff(SOON), out);
            ended(queue, JobRequest.builder("hopeless").retries(2), out);
            ended(queue, JobRequest.builder("hangs").retries(0).timeout(Duration.ofSeconds(1)), out);

            Job halted = queue.submit(JobRequest.builder("halted").build());
            begun.await();
            queue.cancel(halted.id());
            tell(queue.await(halted.id()).get(), out);

            // Interrupts do not help: after five seconds its slot gets another thread.
            ended(queue, JobRequest.builder("stubborn").retries(0).timeout(Duration.ofSeconds(1)), out);
            ended(queue, JobRequest.builder("works"), out);

            out.accept("dead letters: " + queue.deadLetters(10, null).size());
            repaired.countDown();
            queue.requeue(thrown.id());
            out.accept("tried once more: " + queue.await(thrown.id()).get().state() + " by " + worker.name());
        }
    }

    private static void throwUnless(CountDownLatch repaired) {
        if (repaired.getCount() > 0) {
            throw new IllegalStateException("out of paper");
        }
    }

    private static void ignoreAll(JobContext job) {
        long end = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static Job ended(JobQueue queue, JobRequest.Builder request, Consumer<String> out) throws Exception {
        Job job = queue.await(queue.submit(request.build()).id()).get();
        tell(job, out);
        return job;
    }

    private static void tell(Job job, Consumer<String> out) {
        String why = job.error() == null
                ? ""
                : " (" + job.error().code() + ": " + job.error().message() + ")";
        out.accept(String.format(
                Locale.ROOT,
                "%-8s  %-9s  attempt %d of %d, %.1f s%s",
                job.type(),
                job.state(),
                job.attempt(),
                job.maxAttempts(),
                job.runTime().toMillis() / 1000.0,
                why));
    }
}
