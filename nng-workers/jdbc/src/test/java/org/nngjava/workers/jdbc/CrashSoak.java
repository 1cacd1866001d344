package org.nngjava.workers.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.nngjava.workers.Blob;
import org.nngjava.workers.FileBlobStore;
import org.nngjava.workers.JobState;
import org.nngjava.workers.StoredJob;

/**
 * Kills brokers and workers with SIGKILL at random moments while durable jobs run, each process in a JVM of its own, and then
 * balances the books: what was accepted must be completed, once. A trigger in the database counts what is committed. A job that is at hand when three of
 * its workers are killed is set aside; these are requeued in the end, as an operator would.
 */
final class CrashSoak {
    private static final int WORKERS = 3;
    private static final double BROKER = 0.3;
    private static final long SETTLED_MILLIS = 12_000;
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final String COUNT_COMMITS = "CREATE TRIGGER count_commits AFTER UPDATE OF state ON nng_jobs "
            + "WHEN new.state NOT IN ('QUEUED', 'RUNNING') BEGIN INSERT INTO commits (id) VALUES (new.id); END";

    private final Path directory;
    private final int jobs;
    private final Random random;
    private final List<CrashProcess> workers = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final Map<String, Long> killed = new HashMap<>();
    private final List<Long> brokersKilled = new ArrayList<>();
    private CrashProcess broker;
    private String url = "tcp://127.0.0.1:0";
    private List<StoredJob> setAside = List.of();
    private int born;
    private long told = System.nanoTime();

    /**
     * What came of it.
     *
     * @param attempted how many jobs were submitted
     * @param accepted how many of these submissions returned
     * @param completed how many jobs succeeded
     * @param lost accepted and not completed, with the right result
     * @param committedTwice how many jobs have two ends, but for those set aside
     * @param setAside how many were given up since three of their workers were killed, and were requeued
     * @param poisoned how many were given up although fewer were killed
     * @param spoilt how many attempts got a wrong payload, or submissions were refused
     * @param workersKilled how many
     * @param brokersKilled how many
     * @param attempts how often a handler began
     * @param restarts how many attempts of killed workers were followed by another while the broker lived
     * @param slowestRestartMillis the longest time from a kill to the next attempt, among these
     */
    record Books(
            int attempted,
            int accepted,
            int completed,
            int lost,
            int committedTwice,
            int setAside,
            int poisoned,
            int spoilt,
            int workersKilled,
            int brokersKilled,
            int attempts,
            int restarts,
            long slowestRestartMillis) {}

    CrashSoak(Path directory, int jobs, long seed) {
        this.directory = directory;
        this.jobs = jobs;
        random = new Random(seed);
    }

    /** Runs {@code [JOBS [SEED]]}; ends with 1 if the books do not balance. */
    public static void main(String[] arguments) throws Exception {
        int jobs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2_000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        System.out.println("queue: " + jobs + " jobs, seed " + seed);
        Path directory = Files.createTempDirectory("nng-workers-crash");
        long began = System.nanoTime();
        Books books = new CrashSoak(directory, jobs, seed).run();
        System.out.println("queue: " + books + " after " + (System.nanoTime() - began) / 1_000_000_000 + " s");
        boolean well = books.attempted() == jobs
                && books.lost() == 0
                && books.committedTwice() == 0
                && books.poisoned() == 0
                && books.spoilt() == 0
                && books.slowestRestartMillis() < 2_000;
        if (well) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } else {
            System.out.println("queue: the books are in " + directory);
        }
        System.exit(well ? 0 : 1);
    }

    Books run() throws Exception {
        JdbcJobStore.sqlite(directory.resolve("jobs.db")).close();
        execute("CREATE TABLE commits (id TEXT NOT NULL)");
        execute(COUNT_COMMITS);
        Files.createFile(directory.resolve("ledger"));
        try {
            broker = CrashProcess.broker(directory, url, jobs);
            url = broker.awaitUp();
            for (int i = 0; i < WORKERS; i++) {
                workers.add(null);
                names.add(null);
                startWorker(i);
            }
            while (moreToCome()) {
                pause(200 + random.nextInt(600));
                if (random.nextDouble() < BROKER && brokerIsSettled()) {
                    killBroker();
                } else {
                    killWorker(random.nextInt(WORKERS));
                }
            }
            awaitFinished();
            broker.kill();
            setAside = givenUp();
            if (!setAside.isEmpty()) {
                execute("DELETE FROM commits WHERE id IN (SELECT id FROM nng_jobs WHERE state = 'FAILED')");
                broker = CrashProcess.requeuer(directory, url);
                broker.awaitUp();
                awaitFinished();
            }
        } finally {
            for (CrashProcess worker : workers) {
                worker.kill();
            }
            broker.kill();
        }
        return balance();
    }

    /** From time to time. */
    private void tell() throws IOException, SQLException {
        long now = System.nanoTime();
        if (now - told > TELL_NANOS) {
            told = now;
            System.out.printf(
                    "queue: %d of %d accepted, %d unfinished, %d workers and %d brokers killed%n",
                    ledger("accepted").size(), jobs, unfinished(), killed.size(), brokersKilled.size());
        }
    }

    private void awaitFinished() throws Exception {
        while (unfinished() > 0) {
            pause(100);
        }
    }

    private void pause(int millis) throws Exception {
        if (!broker.isAlive()) {
            throw new IOException("the broker ended by itself: " + Files.readString(directory.resolve("broker.log")));
        }
        Thread.sleep(millis);
        tell();
    }

    private boolean moreToCome() throws IOException {
        return ledger("attempted").size() < jobs;
    }

    private List<StoredJob> givenUp() throws IOException {
        try (JdbcJobStore store = JdbcJobStore.sqlite(directory.resolve("jobs.db"))) {
            return store.load().stream()
                    .filter(job -> job.job().state() == JobState.FAILED)
                    .toList();
        }
    }

    /** A new broker gives the workers of the old one a lease to come back. Killed within, it would never miss those that are dead. */
    private boolean brokerIsSettled() {
        int count = brokersKilled.size();
        return count == 0 || System.currentTimeMillis() - brokersKilled.get(count - 1) > SETTLED_MILLIS;
    }

    private void killBroker() throws Exception {
        if (random.nextBoolean()) {
            broker.awaitUp(); // Otherwise it may be killed while it starts.
        }
        brokersKilled.add(System.currentTimeMillis());
        broker.kill();
        broker = CrashProcess.broker(directory, url, jobs);
    }

    private void startWorker(int i) throws IOException {
        names.set(i, "worker-" + ++born);
        workers.set(i, CrashProcess.worker(directory, url, names.get(i)));
    }

    /** Waits first until all have begun something, so that there are always others to take over; at the end some may find nothing to begin. */
    private void killWorker(int i) throws Exception {
        while (moreToCome()
                && !ledger("started").stream().map(words -> words[3]).toList().containsAll(names)) {
            pause(50);
        }
        killed.put(names.get(i), System.currentTimeMillis());
        workers.get(i).kill();
        startWorker(i);
    }

    private Books balance() throws Exception {
        Map<String, StoredJob> stored = new HashMap<>();
        Map<String, Integer> accepted = new HashMap<>();
        ledger("accepted").forEach(words -> accepted.put(words[2], Integer.parseInt(words[1])));
        int lost = 0;
        int completed;
        try (JdbcJobStore store = JdbcJobStore.sqlite(directory.resolve("jobs.db"));
                FileBlobStore blobs = new FileBlobStore(directory.resolve("blobs"))) {
            store.load().forEach(job -> stored.put(job.job().id(), job));
            completed = (int) stored.values().stream()
                    .filter(job -> job.job().state() == JobState.SUCCEEDED)
                    .count();
            for (Map.Entry<String, Integer> entry : accepted.entrySet()) {
                if (!isWell(stored.get(entry.getKey()), entry.getValue(), blobs)) {
                    System.out.println("lost: " + entry + " " + stored.get(entry.getKey()));
                    lost++;
                }
            }
        }
        List<Long> restarts = restarts();
        return new Books(
                ledger("attempted").size(),
                accepted.size(),
                completed,
                lost,
                (int) count("SELECT COUNT(*) FROM (SELECT id FROM commits GROUP BY id HAVING COUNT(*) > 1)"),
                setAside.size(),
                (int) setAside.stream().filter(job -> job.deaths().size() < 3).count(),
                ledger("spoilt").size() + ledger("refused").size(),
                killed.size(),
                brokersKilled.size(),
                ledger("started").size(),
                restarts.size(),
                restarts.stream().mapToLong(Long::longValue).max().orElse(0));
    }

    /** The result is the payload: with the job if it is small, else in the blob store. */
    private static boolean isWell(StoredJob stored, int number, FileBlobStore blobs) throws IOException {
        if (stored == null || stored.job().state() != JobState.SUCCEEDED) {
            return false;
        }
        byte[] expected = CrashProcess.payload(number);
        Blob result = stored.job().result();
        if (stored.smallResult() != null) {
            return stored.smallResult().equals(ByteBuffer.wrap(expected));
        }
        try (var in = blobs.open(result)) {
            return Arrays.equals(in.readAllBytes(), expected);
        }
    }

    /**
     * From the death of a worker to the next attempt at what it was at. Not of those that it had just finished, and not while
     * there was no broker, or one that had not been up for long.
     */
    private List<Long> restarts() throws IOException {
        Map<String, List<String[]>> attempts = new HashMap<>();
        ledger("started")
                .forEach(words -> attempts.computeIfAbsent(words[1], id -> new ArrayList<>())
                        .add(words));
        Set<String> handled = new HashSet<>();
        ledger("handled").forEach(words -> handled.add(words[1] + " " + words[3]));
        List<Long> restarts = new ArrayList<>();
        for (List<String[]> ofJob : attempts.values()) {
            for (int i = 0; i + 1 < ofJob.size(); i++) {
                String[] words = ofJob.get(i);
                Long death = killed.get(words[3]);
                long next = Long.parseLong(ofJob.get(i + 1)[4]);
                boolean counts = death != null
                        && death <= next
                        && !handled.contains(words[1] + " " + words[3])
                        && brokersKilled.stream().noneMatch(time -> time >= Long.parseLong(words[4]) && time <= next);
                if (counts) {
                    restarts.add(next - death);
                }
            }
        }
        return restarts;
    }

    private List<String[]> ledger(String first) throws IOException {
        return Ledger.read(directory.resolve("ledger"), first);
    }

    private long unfinished() throws SQLException {
        return count("SELECT COUNT(*) FROM nng_jobs WHERE state IN ('QUEUED', 'RUNNING')");
    }

    private long count(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery(sql)) {
            count.next();
            return count.getLong(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect()) {
            Sqlite.run(connection, sql);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("jobs.db"));
    }
}
