package org.nngjava.workers.examples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.Worker;

/** Orders to one worker, and to all: take no more jobs, take some again, end. */
public final class Orders {
    private static final Duration TO_FINISH = Duration.ofSeconds(10);

    private Orders() {}

    public static void main(String[] args) throws Exception {
        run(System.out::println);
    }

    static void run(Consumer<String> out) throws Exception {
        List<Worker> workers = new ArrayList<>();
        try (JobQueue queue = JobQueue.builder().open()) {
            for (String name : List.of("ann", "bob", "cid")) {
                workers.add(Worker.builder()
                        .queue(queue)
                        .name(name)
                        .handle("work", job -> {})
                        .start());
            }

            queue.await(queue.submit("work", new byte[0]).id()).get(); // from now on some are known
            awaitWorkers(queue, 3);
            out.accept("one is told to be quiet: "
                    + queue.quiet(worker -> worker.name().equals("ann")));
            out.accept("the others work: " + whoWorks(queue, 10));

            out.accept("all are told to be quiet: " + queue.quiet(worker -> true));
            Job waits = queue.submit("work", new byte[0]);
            out.accept("nobody works: " + queue.job(waits.id()).orElseThrow().state());

            out.accept("all are told to go on: " + queue.resume(worker -> true));
            out.accept("the job that waited: " + queue.await(waits.id()).get().state());

            out.accept(
                    "one is told to end: " + queue.halt(worker -> worker.name().equals("bob"), TO_FINISH));
            workers.get(1).awaitEnd();
            awaitWorkers(queue, 2);
            out.accept("the others work: " + whoWorks(queue, 10));

            out.accept("all are told to end: " + queue.halt(worker -> true, TO_FINISH));
            for (Worker worker : workers) {
                worker.awaitEnd();
            }
        } finally {
            workers.forEach(Worker::close);
        }
    }

    private static String whoWorks(JobQueue queue, int jobs) throws Exception {
        List<Job> done = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            done.add(queue.await(queue.submit("work", new byte[0]).id()).get());
        }
        return done.stream().map(Job::worker).sorted().distinct().collect(Collectors.joining(", "));
    }

    private static void awaitWorkers(JobQueue queue, int number) throws InterruptedException {
        while (queue.workers().size() != number) {
            Thread.sleep(10);
        }
    }
}
