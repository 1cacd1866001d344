package org.nngjava.workers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Locale;

/** The README's example of what a queue does. */
final class TenLines {
    private TenLines() {}

    public static void main(String[] args) throws Exception {
        try (JobQueue queue = JobQueue.builder().listen("tcp://127.0.0.1:0").open()) {
            Worker.Builder workers = Worker.builder().connect(queue.workUrls().get(0)); // here or elsewhere
            Worker worker = workers.handle("shout", TenLines::shout).slots(4).start();
            JobRequest.Builder request = JobRequest.builder("shout").payload("hello".getBytes(UTF_8));
            Job job = queue.submit(request.priority(5).retries(3).build());
            Job done = queue.await(job.id()).get(); // or cancel(id), or events(listener)
            System.out.println(new String(queue.blobs().open(done.result().id()).readAllBytes(), UTF_8));
            System.out.println(done.state() + ", " + done.error() + ", " + done.startedAt() + ", " + done.runTime());
            System.out.println(queue.status() + " " + queue.workers() + " " + queue.deadLetters(10, null));
            queue.halt(any -> any.name().equals(worker.name()), Duration.ofSeconds(10)); // or a group, or all
            worker.awaitEnd();
        }
    }

    private static void shout(JobContext job) throws Exception {
        String text = new String(job.payload().readAllBytes(), UTF_8);
        job.progress(0.5);
        job.result(text.toUpperCase(Locale.ROOT).getBytes(UTF_8));
    }
}
