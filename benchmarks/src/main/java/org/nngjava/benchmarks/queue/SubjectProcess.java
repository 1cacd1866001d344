package org.nngjava.benchmarks.queue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.nngjava.benchmarks.Trees;

/**
 * A subject in a process of its own, which measures it when it is told so. The process stays, so that it is compiled when it counts; what it
 * measures is opened anew each time. For one thread.
 */
final class SubjectProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 120;
    private static final int PAUSE_MILLIS = 2;
    private static final double SECONDS = 1.5;
    private static final int AHEAD = 64;

    private final Process process;
    private final BufferedReader answers;
    private final PrintStream commands;

    /**
     * Starts a process.
     *
     * @param subject its name: as in {@link #open}
     * @param directory where it may write
     */
    SubjectProcess(String subject, Path directory) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.nngjava.library=" + System.getProperty("org.nngjava.library"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SubjectProcess.class.getName(),
                        subject,
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /**
     * How many jobs a second.
     *
     * @param submitters threads that submit, each the next when the last is accepted
     * @param workers how many jobs run at once
     * @param waiting how many other jobs wait meanwhile
     */
    double throughput(int submitters, int workers, int waiting) throws IOException {
        return call("throughput", submitters, workers, waiting)[0];
    }

    /** From before one job is submitted to when it runs, with nothing else to do: the median and the 99th percentile, in microseconds. */
    double[] latency(int jobs) throws IOException {
        return call("latency", jobs);
    }

    /** The same with a number of workers of which all wait. */
    double[] parked(int workers, int jobs) throws IOException {
        return call("parked", workers, jobs);
    }

    private double[] call(String command, int... arguments) throws IOException {
        StringBuilder line = new StringBuilder(command);
        Arrays.stream(arguments).forEach(argument -> line.append(' ').append(argument));
        commands.println(line);
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("it ended at '" + line + "'");
        }
        return Arrays.stream(answer.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    @Override
    public void close() {
        commands.close();
        process.destroy();
        process.onExit().join();
    }

    // ---- In the process

    private static double rate = 500;

    /** Measures what it reads, until its input ends. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        System.setOut(System.err);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Path directory = Path.of(arguments[1]);
        int opened = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            int[] numbers =
                    Arrays.stream(words).skip(1).mapToInt(Integer::parseInt).toArray();
            Path fresh = Files.createDirectories(directory.resolve(Integer.toString(opened++)));
            double[] measured = switch (words[0]) {
                case "throughput" -> {
                    try (Subject subject = open(arguments[0], fresh)) {
                        yield new double[] {measure(subject, numbers[0], numbers[1], numbers[2])};
                    }
                }
                case "latency" -> {
                    try (Subject subject = open(arguments[0], fresh)) {
                        yield oneByOne(subject, numbers[0]);
                    }
                }
                default -> ParkedWorkers.latency(numbers[0], numbers[1]);
            };
            Trees.delete(fresh);
            out.println(String.join(
                    " ", Arrays.stream(measured).mapToObj(Double::toString).toList()));
            out.flush();
        }
        Runtime.getRuntime().halt(0); // some libraries leave threads
    }

    private static Subject open(String subject, Path directory) throws IOException, InterruptedException {
        return switch (subject) {
            case "embedded" -> new NngWorkers(directory, false);
            case "tcp" -> new NngWorkers(directory, true);
            case "db-scheduler" -> DbScheduler.sqlite(directory);
            case "jobrunr" -> new JobRunrSqlite(directory);
            case "beanstalkd" -> new Beanstalkd(directory);
            case "fsync" -> new Fsync(directory, false);
            case "fsync-grouped" -> new Fsync(directory, true);
            default -> DbScheduler.postgresql(subject);
        };
    }

    /**
     * As many jobs as take a few seconds, by what was seen before. The time begins when the first of a few that are ahead runs: who looks for
     * work every few seconds looks on from then.
     */
    private static double measure(Subject subject, int submitters, int workers, int waiting) throws Exception {
        int jobs = Math.max((int) (rate * SECONDS), subject.leastJobs()) + AHEAD;
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch ran = new CountDownLatch(jobs);
        Runnable job = () -> {
            first.countDown();
            ran.countDown();
        };
        if (subject.takesJobsBeforeItWorks()) {
            subject.fill(waiting + AHEAD);
            subject.work(workers, job);
        } else {
            subject.work(workers, job);
            subject.fill(AHEAD);
        }
        await(first);
        AtomicInteger left = new AtomicInteger(jobs - AHEAD);
        AtomicReference<Exception> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        long begun = System.nanoTime();
        for (int i = 0; i < submitters; i++) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            while (left.getAndDecrement() > 0) {
                                subject.submit();
                            }
                        } catch (IOException | RuntimeException e) {
                            failure.set(e);
                        }
                    },
                    "submitter-" + i);
            thread.start();
            threads.add(thread);
        }
        await(ran);
        double seconds = (System.nanoTime() - begun) / 1e9;
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        double measured = jobs / seconds;
        if (submitters == workers && waiting == 0) {
            rate = measured;
        }
        return measured;
    }

    private static void await(CountDownLatch latch) throws IOException, InterruptedException {
        if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException(latch.getCount() + " jobs did not run in " + PATIENCE_SECONDS + " s");
        }
    }

    private static double[] oneByOne(Subject subject, int jobs) throws Exception {
        BlockingQueue<Long> runs = new LinkedBlockingQueue<>();
        subject.work(8, () -> runs.add(System.nanoTime()));
        return Latency.measure(jobs, PAUSE_MILLIS, () -> {
            try {
                subject.submit();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return runs;
        });
    }
}
