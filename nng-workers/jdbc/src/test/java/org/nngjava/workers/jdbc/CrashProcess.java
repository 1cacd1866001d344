package org.nngjava.workers.jdbc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.nngjava.workers.FileBlobStore;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobContext;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobRequest;
import org.nngjava.workers.Parent;
import org.nngjava.workers.Retention;
import org.nngjava.workers.Worker;

/** A broker or a worker in a process of its own, to be killed. It ends by itself when its standard input does. */
final class CrashProcess {
    private static final int SUBMITTERS = 4;
    private static final int MOST_QUEUED = 30;
    private static final int BIG = 60_000;

    private final Process process;
    private final BufferedReader out;
    private String said;

    private CrashProcess(Process process) {
        this.process = process;
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static CrashProcess broker(Path directory, String url, int jobs) throws IOException {
        return start("broker", directory.toString(), url, Integer.toString(jobs));
    }

    /** One that submits nothing, and queues the dead letters again. */
    static CrashProcess requeuer(Path directory, String url) throws IOException {
        return start("requeuer", directory.toString(), url);
    }

    static CrashProcess worker(Path directory, String url, String name) throws IOException {
        return start("worker", directory.toString(), url, name);
    }

    private static CrashProcess start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), CrashProcess.class.getName()));
        command.addAll(List.of(arguments));
        return new CrashProcess(new ProcessBuilder(command)
                .redirectError(Path.of(arguments[1], arguments[0] + ".log").toFile())
                .start());
    }

    /** Waits until a broker is up, and gives back where it listens. Null if it ended instead. */
    String awaitUp() throws IOException {
        if (said == null) {
            said = out.readLine();
        }
        return said;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** What the processes do. */
    public static void main(String[] arguments) throws Exception {
        Parent.haltWithIt();
        Path directory = Path.of(arguments[1]);
        Ledger ledger = new Ledger(directory.resolve("ledger"));
        switch (arguments[0]) {
            case "broker" -> serve(directory, ledger, arguments[2], Integer.parseInt(arguments[3]));
            case "requeuer" -> requeue(open(directory, arguments[2]));
            default -> work(ledger, arguments[2], arguments[3]);
        }
    }

    private static JobQueue open(Path directory, String url) throws IOException {
        return JobQueue.builder()
                .store(JdbcJobStore.sqlite(directory.resolve("jobs.db")))
                .blobs(new FileBlobStore(directory.resolve("blobs")))
                .listen(url)
                .retention(Retention.of(Integer.MAX_VALUE, Duration.ofDays(1)))
                .open();
    }

    private static void requeue(JobQueue queue) {
        queue.deadLetters(Integer.MAX_VALUE, null).forEach(job -> queue.requeue(job.id()));
        System.out.println(queue.workUrls().get(0));
    }

    /** A queue, and submitters that go on with the numbers that no one has tried before. */
    private static void serve(Path directory, Ledger ledger, String url, int jobs) throws IOException {
        JobQueue queue = open(directory, url);
        Set<Integer> tried = Ledger.read(directory.resolve("ledger"), "attempted").stream()
                .map(words -> Integer.parseInt(words[1]))
                .collect(Collectors.toSet());
        Queue<Integer> left = new ConcurrentLinkedQueue<>();
        IntStream.rangeClosed(1, jobs).filter(number -> !tried.contains(number)).forEach(left::add);
        for (int i = 0; i < SUBMITTERS; i++) {
            new Thread(() -> submit(queue, ledger, left), "submitter-" + i).start();
        }
        System.out.println(queue.workUrls().get(0));
    }

    private static void submit(JobQueue queue, Ledger ledger, Queue<Integer> left) {
        try {
            for (Integer number = left.poll(); number != null; number = left.poll()) {
                while (queue.status().queued() > MOST_QUEUED) {
                    Thread.sleep(20);
                }
                ledger.add("attempted", number);
                Job job = queue.submit(JobRequest.builder("work")
                        .payload(payload(number))
                        .options(Map.of("number", number.toString()))
                        .build());
                ledger.add("accepted", number, job.id());
            }
        } catch (InterruptedException | RuntimeException e) {
            ledger.add("refused", e.toString().replace('\n', ' '));
        }
    }

    /** Every tenth is too big to be remembered with its job. */
    static byte[] payload(int number) {
        byte[] payload = new byte[number % 10 == 0 ? BIG : 100];
        new Random(number).nextBytes(payload);
        return payload;
    }

    private static void work(Ledger ledger, String url, String name) {
        Worker.builder()
                .connect(url)
                .name(name)
                .slots(2)
                .handle("work", job -> handle(job, ledger, name))
                .start();
    }

    private static void handle(JobContext job, Ledger ledger, String name) throws Exception {
        ledger.add("started", job.id(), job.attempt(), name);
        int number = Integer.parseInt(job.options().get("number"));
        byte[] payload;
        try (InputStream in = job.payload()) {
            payload = in.readAllBytes();
        }
        if (!Arrays.equals(payload, payload(number))) {
            ledger.add("spoilt", job.id(), HexFormat.of().formatHex(payload, 0, 8));
        }
        Thread.sleep(50 + new Random(number).nextInt(250));
        job.result(payload);
        ledger.add("handled", job.id(), job.attempt(), name);
    }
}
