package org.nngjava.gifbroker.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nngjava.gifbroker.http.JobResource;
import org.nngjava.gifbroker.http.Json;
import org.nngjava.workers.JobState;
import org.nngjava.workers.QueueStatus;
import org.nngjava.workers.StoredJob;
import org.nngjava.workers.jdbc.JdbcJobStore;
import tools.jackson.databind.JsonNode;

/**
 * Has counters done by workers that speak HTTP: first in peace, which gives a figure, then while workers are killed with SIGKILL and frozen
 * at random moments. Then it balances the books: what was accepted must be committed, once, with the right result. A trigger in the
 * database counts what is committed.
 */
final class StreamSoak {
    /** How often it strikes at least. */
    static final int FEWEST_STRIKES = 3;

    private static final int SUBMITTERS = 8;
    private static final int PROCESSES = 3;
    private static final String STREAMS = "4";
    private static final String CREDIT = "16";
    private static final String LEASE = "5s";
    private static final double FROZEN = 0.25;
    private static final int THAW_SECONDS = 15;
    private static final int JOBS_A_STRIKE = 250;
    private static final int PAGE = 200;
    private static final String COUNT_COMMITS = "CREATE TRIGGER count_commits AFTER UPDATE OF state ON nng_jobs "
            + "WHEN new.state = 'SUCCEEDED' BEGIN INSERT INTO commits (id) VALUES (new.id); END";

    private final Path directory;
    private final int jobs;
    private final Random random;
    private final Map<String, Integer> accepted = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> confirmed = new ConcurrentHashMap<>();
    private final List<RoleProcess> workers = new ArrayList<>();
    private final List<RoleProcess> frozen = new ArrayList<>();
    private final List<CompletableFuture<Void>> thawed = new ArrayList<>();
    private final List<Thread> readers = new ArrayList<>();
    private RoleProcess server;
    private int born;
    private int killed;
    private int setAside;

    /**
     * What came of it.
     *
     * @param accepted how many submissions were answered with 202
     * @param committed how many of these jobs have succeeded with the right result
     * @param committedTwice how many jobs have two ends
     * @param confirmed how many results were answered with 204
     * @param confirmedTwice how many jobs have two results that were confirmed
     * @param killed how many processes were killed, with four workers each
     * @param frozen how many were stopped, and went on when others had their jobs
     * @param repeated how many jobs had more than one attempt that counts
     * @param setAside how many had three workers die with them, and were requeued as an operator would
     */
    record Books(
            int accepted,
            int committed,
            int committedTwice,
            int confirmed,
            int confirmedTwice,
            int killed,
            int frozen,
            int repeated,
            int setAside) {
        boolean balance(int jobs) {
            return accepted == jobs && committed == jobs && committedTwice == 0 && confirmedTwice == 0;
        }
    }

    StreamSoak(Path directory, int jobs, long seed) {
        this.directory = directory;
        this.jobs = jobs;
        random = new Random(seed);
    }

    /** Runs {@code [JOBS [SEED]]}, at most 10,000 jobs; ends with 1 if the books do not balance. */
    public static void main(String[] arguments) throws Exception {
        int jobs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        System.out.println("streams: " + jobs + " counters, seed " + seed);
        Path directory = Files.createTempDirectory("gifbroker-streams");
        new StreamSoak(directory.resolve("peace"), jobs, seed).measure();
        long began = System.nanoTime();
        Books books = new StreamSoak(directory.resolve("kills"), jobs, seed).run("100ms");
        System.out.println("streams: " + books + " after " + (System.nanoTime() - began) / 1_000_000_000 + " s");
        boolean well = books.balance(jobs) && books.killed() > 0 && books.repeated() > 0;
        if (well) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } else {
            System.out.println("streams: the books are in " + directory);
        }
        System.exit(well ? 0 : 1);
    }

    /** Says how many counters a second are accepted, and done by workers whom nobody disturbs. */
    void measure() throws Exception {
        try {
            startServer();
            long began = System.nanoTime();
            submitAll();
            System.out.println("measured: " + rate(began) + " counters a second accepted");
            began = System.nanoTime();
            for (int i = 0; i < PROCESSES; i++) {
                workers.add(worker("0"));
            }
            awaitLeft(0);
            System.out.println("measured: " + rate(began) + " counters a second done by " + PROCESSES + " processes of "
                    + STREAMS + " workers with " + CREDIT + " jobs each, from their start");
        } finally {
            end();
        }
    }

    /**
     * Runs all.
     *
     * @param workTime that a counter takes
     */
    Books run(String workTime) throws Exception {
        try {
            prepareBooks();
            startServer();
            submitAll();
            for (int i = 0; i < PROCESSES; i++) {
                workers.add(worker(workTime));
            }
            int strikes = Math.max(FEWEST_STRIKES, jobs / JOBS_A_STRIKE);
            for (int i = 1; i <= strikes; i++) {
                awaitLeft(jobs - i * jobs / (strikes + 1));
                TimeUnit.MILLISECONDS.sleep(random.nextInt(100));
                strike(random.nextInt(PROCESSES), workTime);
                System.out.printf("streams: struck %d times of %d, %d counters left%n", i, strikes, unfinished());
            }
            while (unfinished() > 0) {
                setAside += requeuePoisoned();
                TimeUnit.MILLISECONDS.sleep(100);
            }
            thawed.forEach(CompletableFuture::join);
        } finally {
            end();
        }
        return balance();
    }

    private void prepareBooks() throws Exception {
        Files.createDirectories(directory.resolve("data"));
        JdbcJobStore.sqlite(directory.resolve("data/jobs.db")).close();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE commits (id TEXT NOT NULL)");
            statement.execute(COUNT_COMMITS);
        }
    }

    private void startServer() throws IOException {
        server = RoleProcess.start(
                directory.resolve("server"),
                "broker",
                "--http",
                "127.0.0.1:0",
                "--listen",
                "tcp://127.0.0.1:0",
                "--events",
                "tcp://127.0.0.1:0",
                "--data",
                directory.resolve("data").toString(),
                "--capacity",
                Integer.toString(jobs));
    }

    /** A process with some workers. What they are told of their results goes into the books. */
    private RoleProcess worker(String workTime) throws IOException {
        String name = "w" + ++born + "-";
        RoleProcess process = RoleProcess.start(
                directory.resolve(name),
                "stream-worker",
                "--server",
                server.http().toString(),
                "-n",
                STREAMS,
                "--name",
                name,
                "--credit",
                CREDIT,
                "--lease",
                LEASE,
                "--work-time",
                workTime);
        Thread reader = new Thread(
                () -> process.lines().forEach(line -> {
                    JsonNode said = Json.read(line.getBytes(UTF_8), JsonNode.class);
                    if (said.path("event").asString().equals("done")) {
                        confirmed
                                .computeIfAbsent(said.get("job").asString(), job -> new LongAdder())
                                .increment();
                    }
                }),
                "reader");
        reader.start();
        readers.add(reader);
        return process;
    }

    /** Kills a process, or freezes it until others have what it had, and puts another one in its place. */
    private void strike(int which, String workTime) throws Exception {
        RoleProcess victim = workers.get(which);
        if (random.nextDouble() < FROZEN) {
            victim.signal("STOP");
            frozen.add(victim);
            thawed.add(CompletableFuture.runAsync(
                    () -> thaw(victim), CompletableFuture.delayedExecutor(THAW_SECONDS, TimeUnit.SECONDS)));
        } else {
            victim.signal("KILL");
            killed++;
        }
        workers.set(which, worker(workTime));
    }

    private static void thaw(RoleProcess victim) {
        try {
            victim.signal("CONT");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void submitAll() throws Exception {
        ExecutorService submitters = Executors.newFixedThreadPool(SUBMITTERS);
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < SUBMITTERS; i++) {
            all.add(submitters.submit(() -> {
                for (int counter = next.incrementAndGet(); counter <= jobs; counter = next.incrementAndGet()) {
                    HttpResponse<byte[]> answer = server.sendAsync(server.request("/v1/work?type=counter")
                                    .POST(BodyPublishers.ofString(Integer.toString(counter)))
                                    .build())
                            .join();
                    if (answer.statusCode() == 202) {
                        accepted.put(Json.read(answer.body(), JobResource.class).id(), counter);
                    }
                }
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        submitters.shutdown();
    }

    private void awaitLeft(int most) throws InterruptedException {
        while (unfinished() > most) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Jobs that are not finished, and those that were set aside. */
    private int unfinished() {
        QueueStatus status = get("/healthz", QueueStatus.class);
        return status.queued() + status.running() + status.failed();
    }

    /** A page may be empty and yet have a next one. */
    private int requeuePoisoned() {
        int requeued = 0;
        String next = "/v1/jobs?type=counter&state=failed&limit=" + PAGE;
        while (next != null) {
            JsonNode page = get(next, JsonNode.class);
            for (JsonNode job : page.get("jobs")) {
                server.sendAsync(server.request("/v1/jobs/" + job.get("id").asString() + "/retry")
                                .POST(BodyPublishers.noBody())
                                .build())
                        .join();
                requeued++;
            }
            next = page.path("next").asString(null);
        }
        return requeued;
    }

    private <T> T get(String path, Class<T> type) {
        return Json.read(server.sendAsync(server.request(path).build()).join().body(), type);
    }

    private void end() throws InterruptedException {
        workers.forEach(RoleProcess::close);
        frozen.forEach(RoleProcess::close);
        if (server != null) {
            server.close();
        }
        for (Thread reader : readers) {
            reader.join();
        }
    }

    private Books balance() throws Exception {
        Map<String, StoredJob> stored;
        try (JdbcJobStore store = JdbcJobStore.sqlite(directory.resolve("data/jobs.db"))) {
            stored = store.load().stream()
                    .collect(Collectors.toMap(job -> job.job().id(), job -> job));
        }
        Map<String, Integer> commits = commits();
        int committed = 0;
        for (Map.Entry<String, Integer> one : accepted.entrySet()) {
            if (isWell(stored.get(one.getKey()), one.getValue())) {
                committed++;
            } else {
                System.out.println("lost: " + one + " " + stored.get(one.getKey()));
            }
        }
        return new Books(
                accepted.size(),
                committed,
                (int) commits.values().stream().filter(times -> times > 1).count(),
                confirmed.values().stream().mapToInt(LongAdder::intValue).sum(),
                (int) confirmed.values().stream()
                        .filter(times -> times.intValue() > 1)
                        .count(),
                killed,
                frozen.size(),
                (int) stored.values().stream()
                        .filter(job -> job.job().attempt() > 1)
                        .count(),
                setAside);
    }

    private static boolean isWell(StoredJob stored, int counter) {
        return stored != null
                && stored.job().state() == JobState.SUCCEEDED
                && UTF_8.decode(stored.smallResult().duplicate()).toString().equals(Integer.toString(counter));
    }

    private Map<String, Integer> commits() throws SQLException {
        Map<String, Integer> commits = new HashMap<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id, COUNT(*) FROM commits GROUP BY id")) {
            while (rows.next()) {
                commits.put(rows.getString(1), rows.getInt(2));
            }
        }
        return commits;
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("data/jobs.db"));
    }

    private long rate(long began) {
        return jobs * 1_000_000_000L / (System.nanoTime() - began);
    }
}
