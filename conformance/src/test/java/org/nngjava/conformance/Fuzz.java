package org.nngjava.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Strangers send random and mutated streams to listeners of every protocol on every transport, in pieces, and leave as they like: the
 * process lives, good peers are served meanwhile, no message is longer than the limit, and nothing is left behind.
 */
final class Fuzz implements AutoCloseable {
    /** The longest message that the listeners take. */
    static final int LIMIT = 64 << 10;

    private static final Settings SETTINGS = Settings.usual().withPatience(Duration.ofSeconds(30));
    private static final Duration PATIENCE_OF_STRANGERS = Duration.ofMillis(50);
    private static final int LINGERING = 30;
    private static final int REPORTS = 10;
    private static final int HANG_SECONDS = 120;

    /** What the process may hold more at the end than after the first tenth of the time. */
    private static final int FILES = 20;

    private static final int RESIDENT_KIB = 48 << 10;

    private final long seed;
    private final List<Target> targets = new ArrayList<>();
    private final LongAdder streams = new LongAdder();
    private final LongAdder served = new LongAdder();
    private final AtomicInteger trials = new AtomicInteger();
    private final ExecutorService executor = Executors.newCachedThreadPool();

    private record Target(NngSubject subject, Role role, Address address) {
        /** A stranger that stays would keep good peers away by right: from a PAIR, or with the request that it was given. */
        boolean mayLinger() {
            return !(role instanceof Pair) && !(role instanceof Requester);
        }

        boolean echoes() {
            return role instanceof Pair || role instanceof Replier;
        }
    }

    Fuzz(long seed, Path directory) {
        this.seed = seed;
        for (Protocol protocol : Protocol.values()) {
            for (Transport transport : Transport.values()) {
                NngSubject subject = NngSubject.open(protocol, transport, directory, LIMIT);
                targets.add(new Target(subject, Role.of(protocol), Address.of(subject.url())));
            }
        }
    }

    /** Runs for some seconds, and measures what the process holds after a tenth of the time and at the end. */
    public static void main(String[] args) throws Exception {
        int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 600;
        long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
        System.out.println("fuzz: " + seconds + " s, seed " + seed);
        Thread watchdog = new Thread(() -> haltAfter(seconds + HANG_SECONDS), "watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        boolean flat;
        try (Fuzz fuzz = new Fuzz(seed, Files.createTempDirectory("fuzz"))) {
            Duration tenth = Duration.ofMillis(seconds * 1000L / REPORTS);
            fuzz.run(tenth);
            int files = openFiles();
            int resident = residentKib();
            System.out.println(fuzz);
            for (int i = 1; i < REPORTS; i++) {
                fuzz.run(tenth);
                System.out.println(fuzz);
            }
            // The other end of a connection is closed a moment after ours.
            for (int i = 0; i < 100 && openFiles() > files + FILES; i++) {
                Thread.sleep(50);
            }
            flat = openFiles() <= files + FILES && residentKib() <= resident + RESIDENT_KIB;
            System.out.printf(
                    "fuzz: %+d open files, resident memory %+.1f MiB: %s%n",
                    openFiles() - files, (residentKib() - resident) / 1024.0, flat ? "flat" : "NOT FLAT");
        }
        System.exit(flat ? 0 : 1);
    }

    /**
     * Goes on for this time, and until every listener has served a good peer.
     *
     * @throws Exception if one did not, or cannot be connected to, or took a message that is too long
     */
    void run(Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        List<Future<?>> parts = new ArrayList<>();
        for (Transport transport : Transport.values()) {
            List<Target> some = targets.stream()
                    .filter(target -> target.address.transport() == transport)
                    .toList();
            Random random = new Random(seed + streams.sum() + parts.size());
            parts.add(executor.submit(() -> {
                attack(some, random, end);
                return null;
            }));
        }
        parts.add(executor.submit(() -> {
            serve(end);
            return null;
        }));
        for (Future<?> part : parts) {
            part.get();
        }
    }

    private void attack(List<Target> some, Random random, long end) throws IOException {
        Mutator mutator = new Mutator(random, LIMIT);
        Deque<Wire> lingering = new ArrayDeque<>();
        try {
            while (System.nanoTime() - end < 0) {
                Target target = some.get(random.nextInt(some.size()));
                Wire wire = Wire.connect(target.address);
                streams.increment();
                lingering.add(wire);
                talk(wire, target, mutator, random);
                if (!target.mayLinger() || lingering.size() > LINGERING) {
                    leave(target.mayLinger() ? lingering.removeFirst() : lingering.removeLast(), random);
                }
            }
        } finally {
            lingering.forEach(Wire::close);
        }
    }

    private static void talk(Wire wire, Target target, Mutator mutator, Random random) throws IOException {
        try {
            if (target.role instanceof Asker && random.nextBoolean()) {
                answer(wire, target, mutator);
            } else {
                byte[] stream = mutator.stream(target.subject.protocol(), target.address);
                int cut = random.nextInt(stream.length + 1);
                wire.write(Arrays.copyOf(stream, cut), PATIENCE_OF_STRANGERS);
                if (random.nextBoolean()) {
                    wire.readable(PATIENCE_OF_STRANGERS);
                }
                wire.write(Arrays.copyOfRange(stream, cut, stream.length), PATIENCE_OF_STRANGERS);
            }
            if (random.nextInt(4) == 0) {
                wire.halfClose();
            }
        } catch (IOException | Unexpected e) {
            return; // it has had enough of this one, or did not ask it anything
        }
    }

    private static void answer(Wire wire, Target target, Mutator mutator) throws IOException {
        SpConnection peer = SpConnection.introduce(
                wire,
                target.address,
                target.subject.protocol(),
                target.subject.protocol().peer(),
                PATIENCE_OF_STRANGERS);
        int id = Asker.question(peer).id();
        wire.write(mutator.answer(target.address.transport(), id), PATIENCE_OF_STRANGERS);
    }

    private static void leave(Wire wire, Random random) throws IOException {
        if (random.nextBoolean()) {
            wire.close();
        } else {
            wire.abort();
        }
    }

    private void serve(long end) throws IOException {
        do {
            for (Target target : targets) {
                try (Trial trial =
                        new Trial(target.subject, target.role, target.echoes(), SETTINGS, trials.incrementAndGet())) {
                    target.role.serves(trial);
                    served.increment();
                } catch (IOException | Unexpected e) {
                    throw new IOException(
                            "seed " + seed + ": " + target.subject.url() + ", " + target.subject.protocol()
                                    + ", does not serve a good peer: " + e.getMessage(),
                            e);
                }
                Received received = target.subject.received().orElseThrow();
                received.next(message -> false, Duration.ZERO);
                if (received.longest() > LIMIT) {
                    throw new IOException("seed " + seed + ": " + target.subject.url() + " took a message of "
                            + received.longest() + " bytes");
                }
            }
        } while (System.nanoTime() - end < 0);
    }

    long streams() {
        return streams.sum();
    }

    long served() {
        return served.sum();
    }

    @Override
    public String toString() {
        try {
            return "fuzz: %d streams, %d good peers served; %d open files, %d KiB resident"
                    .formatted(streams(), served(), openFiles(), residentKib());
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
        targets.forEach(target -> target.subject.close());
    }

    private static void haltAfter(int seconds) {
        try {
            Thread.sleep(seconds * 1000L);
        } catch (InterruptedException e) {
            return;
        }
        System.out.println("fuzz: HANGS");
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            System.out.println(thread);
            for (StackTraceElement element : stack) {
                System.out.println("    " + element);
            }
        });
        Runtime.getRuntime().halt(1);
    }

    private static int openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        }
    }

    private static int residentKib() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Integer.parseInt(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no VmRSS in /proc/self/status");
    }
}
