package org.nngjava.workers.examples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobContext;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobRequest;
import org.nngjava.workers.Worker;

/** Two jobs, of 2 s and of 4 s, and two workers: both run at once, so that all is done after 4 s. */
public final class TwoJobs {
    private TwoJobs() {}

    public static void main(String[] args) throws Exception {
        run(System.out::println);
    }

    static void run(Consumer<String> out) throws Exception {
        try (JobQueue queue = JobQueue.builder().open();
                Worker first = worker(queue, "first");
                Worker second = worker(queue, "second")) {
            out.accept("workers: " + first.name() + ", " + second.name());
            List<Job> jobs = new ArrayList<>();
            for (int seconds : new int[] {2, 4}) {
                Map<String, String> options = Map.of("seconds", Integer.toString(seconds));
                jobs.add(queue.submit(
                        JobRequest.builder("sleep").options(options).build()));
            }
            for (Job job : jobs) {
                Job done = queue.await(job.id()).get();
                out.accept("job of " + job.options().get("seconds") + " s: " + done.state() + " by " + done.worker()
                        + " in " + seconds(done.runTime()));
            }
        }
    }

    private static Worker worker(JobQueue queue, String name) {
        return Worker.builder()
                .queue(queue)
                .name(name)
                .handle("sleep", TwoJobs::sleep)
                .start();
    }

    private static void sleep(JobContext job) throws InterruptedException {
        Thread.sleep(1000 * Long.parseLong(job.options().get("seconds")));
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
}
