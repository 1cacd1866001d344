package org.nngjava.workers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Sends one big payload to a worker and has it come back as the result, while small jobs go the same way. Queue and worker are in processes of
 * their own with little memory; blobs are files.
 */
final class PayloadSoak {
    private static final long LARGEST_RESIDENT = 300_000_000;
    private static final double LARGEST_RATIO = 2;
    private static final int SMALL_JOBS = 500;

    private PayloadSoak() {}

    /**
     * What was seen.
     *
     * @param intact whether payload and result have the SHA-256 of what was submitted
     * @param seconds from submission to end of the big job
     * @param queueResident the most memory that the queue's process ever had resident, in bytes
     * @param workerResident and the worker's
     * @param before how small jobs were dispatched before, in microseconds
     * @param meanwhile and meanwhile
     */
    record Seen(
            boolean intact,
            double seconds,
            long queueResident,
            long workerResident,
            Percentiles before,
            Percentiles meanwhile) {}

    /** Of the times from before a job is submitted to when its handler begins, in microseconds. */
    record Percentiles(int count, long p50, long p99) {
        private static Percentiles of(List<Long> nanos) {
            List<Long> sorted = nanos.stream().sorted().toList();
            int count = sorted.size();
            return new Percentiles(count, sorted.get(count / 2) / 1_000, sorted.get(count * 99 / 100) / 1_000);
        }

        private static Percentiles parse(String count, String p50, String p99) {
            return new Percentiles(Integer.parseInt(count), Long.parseLong(p50), Long.parseLong(p99));
        }

        @Override
        public String toString() {
            return count + " " + p50 + " " + p99;
        }
    }

    /** Runs {@code [MIB]}; ends with 1 if a digest is wrong, a process was too big, or others waited too long. */
    public static void main(String[] arguments) throws Exception {
        int mebibytes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2_048;
        Seen seen = run(mebibytes, "-Xmx64m");
        double ratio = (double) seen.meanwhile().p99() / seen.before().p99();
        System.out.printf(
                "payload: %d MiB in and out in %.1f s, intact: %b%n", mebibytes, seen.seconds(), seen.intact());
        System.out.printf(
                "payload: resident at most: queue %d MB, worker %d MB (aim: below 300)%n",
                seen.queueResident() / 1_000_000, seen.workerResident() / 1_000_000);
        System.out.printf(
                "payload: dispatch of small jobs, us: before p50 %d, p99 %d (%d jobs); meanwhile p50 %d, p99 %d (%d jobs);"
                        + " p99 x %.2f (aim: at most 2)%n",
                seen.before().p50(),
                seen.before().p99(),
                seen.before().count(),
                seen.meanwhile().p50(),
                seen.meanwhile().p99(),
                seen.meanwhile().count(),
                ratio);
        boolean well = seen.intact()
                && seen.queueResident() < LARGEST_RESIDENT
                && seen.workerResident() < LARGEST_RESIDENT
                && ratio <= LARGEST_RATIO;
        System.exit(well ? 0 : 1);
    }

    /** Runs a queue and a worker with these options of the JVM. */
    static Seen run(int mebibytes, String... jvmOptions) throws IOException {
        Path directory = Files.createTempDirectory("nng-workers-payload");
        Process queue = start(List.of(jvmOptions), "queue", directory.toString(), Integer.toString(mebibytes));
        Process worker = null;
        try {
            BufferedReader said = new BufferedReader(new InputStreamReader(queue.getInputStream(), UTF_8));
            worker = start(List.of(jvmOptions), "worker", next(said, queue));
            String[] words = next(said, queue).split(" ", -1);
            return new Seen(
                    Boolean.parseBoolean(words[0]),
                    Double.parseDouble(words[1]),
                    mostResident(queue),
                    mostResident(worker),
                    Percentiles.parse(words[2], words[3], words[4]),
                    Percentiles.parse(words[5], words[6], words[7]));
        } finally {
            end(queue);
            if (worker != null) {
                end(worker);
            }
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String next(BufferedReader said, Process queue) throws IOException {
        String line = said.readLine();
        if (line == null) {
            throw new IOException(
                    "the queue ended with " + queue.onExit().join().exitValue());
        }
        return line;
    }

    private static void end(Process process) {
        process.destroyForcibly().onExit().join();
    }

    private static Process start(List<String> jvmOptions, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Role.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static long mostResident(Process process) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> 1_024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** What the processes do, until their standard input ends. */
    static final class Role {
        private static final int BLOCK = 1 << 16;

        private Role() {}

        public static void main(String[] arguments) throws Exception {
            Parent.haltWithIt();
            if (arguments[0].equals("queue")) {
                serve(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
            } else {
                work(arguments[1]);
            }
        }

        private static void work(String url) {
            Worker.builder()
                    .connect(url)
                    .slots(2)
                    .handle("echo", job -> {
                        try (InputStream in = job.payload();
                                OutputStream out = job.result("application/octet-stream")) {
                            in.transferTo(out);
                        }
                    })
                    .handle(
                            "now",
                            job -> job.result(Long.toString(System.nanoTime()).getBytes(UTF_8)))
                    .start();
        }

        private static void serve(Path directory, int mebibytes) throws Exception {
            try (FileBlobStore blobs = new FileBlobStore(directory.resolve("blobs"));
                    JobQueue queue = JobQueue.builder()
                            .blobs(blobs)
                            .listen("tcp://127.0.0.1:0")
                            .open()) {
                System.out.println(queue.workUrls().get(0));
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> queue.status().idle() == 2);
                Blob payload = payload(queue.blobs(), mebibytes);
                dispatch(queue, SMALL_JOBS); // compiles
                List<Long> before = dispatch(queue, SMALL_JOBS);
                long begun = System.nanoTime();
                Job big = queue.submit(JobRequest.builder("echo")
                        .payload(payload)
                        .timeout(Duration.ofHours(1))
                        .build());
                CompletableFuture<Job> done = queue.await(big.id());
                List<Long> meanwhile = new ArrayList<>();
                do {
                    meanwhile.addAll(dispatch(queue, 1));
                } while (!done.isDone());
                double seconds = (System.nanoTime() - begun) / 1e9;
                Blob result = done.join().result();
                boolean intact = result != null
                        && result.sha256().equals(payload.sha256())
                        && digest(queue.blobs().open(result.id())).equals(payload.sha256());
                System.out.println(
                        intact + " " + seconds + " " + Percentiles.of(before) + " " + Percentiles.of(meanwhile));
                Thread.sleep(Long.MAX_VALUE); // the parent looks at this process, and ends it
            }
        }

        private static Blob payload(BlobStore blobs, int mebibytes) throws IOException {
            Random random = new Random(mebibytes);
            byte[] block = new byte[BLOCK];
            try (BlobWriter writer = blobs.create()) {
                for (long i = 0; i < mebibytes * (1L << 20) / BLOCK; i++) {
                    random.nextBytes(block);
                    writer.write(block);
                }
                return writer.commit("application/octet-stream");
            }
        }

        /** One job after the other. Nanoseconds mean the same in all processes of a machine. */
        private static List<Long> dispatch(JobQueue queue, int jobs) throws Exception {
            List<Long> nanos = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                long begun = System.nanoTime();
                Job done = queue.await(queue.submit("now", new byte[0]).id()).get();
                try (InputStream in = queue.blobs().open(done.result().id())) {
                    nanos.add(Long.parseLong(new String(in.readAllBytes(), UTF_8)) - begun);
                }
                Thread.sleep(2);
            }
            return nanos;
        }

        private static String digest(InputStream bytes) throws Exception {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            try (DigestInputStream in = new DigestInputStream(bytes, sha256)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(sha256.digest());
        }
    }
}
