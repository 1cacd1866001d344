package org.nngjava.workers;

/** The README's smallest example of a queue. */
final class FiveLines {
    private FiveLines() {}

    public static void main(String[] args) throws Exception {
        try (JobQueue queue = JobQueue.builder().open()) {
            Worker.Builder workers = Worker.builder().queue(queue);
            Worker worker = workers.handle("greet", FiveLines::greet).start();
            Job job = queue.submit("greet", new byte[0]);
            System.out.println(queue.await(job.id()).get().state() + " by " + worker.name());
            worker.close();
        }
    }

    private static void greet(JobContext job) {
        System.out.println("hello from " + job.type());
    }
}
