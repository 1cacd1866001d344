package org.nngjava.workers.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobContext;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.Worker;
import org.nngjava.workers.WorkerStatus;

/** As many jobs and as many workers as you like: {@code ManyJobs [JOBS [WORKERS]]}. Job n works out n!, and shows how many digits that has. */
public final class ManyJobs {
    private static final int MOST_PENDING = 1000;

    private ManyJobs() {}

    public static void main(String[] args) throws Exception {
        int jobs = args.length > 0 ? Integer.parseInt(args[0]) : 20;
        int workers = args.length > 1 ? Integer.parseInt(args[1]) : 4;
        run(System.out::println, jobs, workers);
    }

    static void run(Consumer<String> out, int jobs, int workers) throws Exception {
        List<Worker> started = new ArrayList<>();
        try (JobQueue queue =
                JobQueue.builder().capacity(Math.max(MOST_PENDING, jobs)).open()) {
            for (int i = 1; i <= workers; i++) {
                Worker.Builder worker = Worker.builder().queue(queue).name("worker-" + i);
                started.add(worker.handle("factorial", ManyJobs::factorial).start());
            }
            while (queue.workers().size() < workers) { // so that each is in the report, however quick the others are
                Thread.sleep(10);
            }
            List<Job> submitted = new ArrayList<>();
            for (int n = 1; n <= jobs; n++) {
                submitted.add(queue.submit("factorial", Integer.toString(n).getBytes(UTF_8)));
            }
            for (Job job : submitted) {
                Job done = queue.await(job.id()).get();
                out.accept(done.state() + " by " + done.worker() + " in "
                        + done.runTime().toMillis() + " ms: " + result(queue, done));
            }
            for (WorkerStatus worker : queue.workers()) {
                out.accept(worker.name() + " finished " + worker.finished());
            }
            out.accept(queue.figures().succeeded() + " succeeded");
        } finally {
            started.forEach(Worker::close);
        }
    }

    private static void factorial(JobContext job) throws IOException {
        int n;
        try (InputStream payload = job.payload()) {
            n = Integer.parseInt(new String(payload.readAllBytes(), UTF_8));
        }
        BigInteger product = BigInteger.ONE;
        for (int factor = 2; factor <= n; factor++) {
            product = product.multiply(BigInteger.valueOf(factor));
            job.progress((double) factor / n);
        }
        job.result((n + "! has " + product.toString().length() + " digits").getBytes(UTF_8));
    }

    private static String result(JobQueue queue, Job job) throws IOException {
        try (InputStream result = queue.blobs().open(job.result().id())) {
            return new String(result.readAllBytes(), UTF_8);
        }
    }
}
