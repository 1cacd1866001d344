package org.nngjava;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Opens two sockets, lets several threads do to them all that can be done, closes them meanwhile, and begins again: nothing may
 * hang, crash or be left behind.
 */
final class LifetimeSoak {
    private static final int THREADS = 5;
    private static final int REPORTS = 10;
    private static final int HANG_SECONDS = 120;
    /** What the process may hold more at the end than after the first tenth of the rounds. */
    private static final int FILES = 20;

    private static final int RESIDENT_KIB = 48 << 10;

    private static final List<Pairing> PAIRINGS = List.of(
            new Pairing("req/rep", ReqSocket::open, RepSocket::open),
            new Pairing("pub/sub", PubSocket::open, LifetimeSoak::subscriber),
            new Pairing("push/pull", PushSocket::open, PullSocket::open),
            new Pairing("pair0", PairSocket::openVersion0, PairSocket::openVersion0),
            new Pairing("pair1", PairSocket::open, PairSocket::open),
            new Pairing("pair1 poly", PairSocket::openPolyamorous, PairSocket::open),
            new Pairing("bus", BusSocket::open, BusSocket::open),
            new Pairing("surveyor/respondent", SurveyorSocket::open, RespondentSocket::open),
            raw(Protocol.REQ, Protocol.REP),
            raw(Protocol.PUB, Protocol.SUB),
            raw(Protocol.PUSH, Protocol.PULL),
            raw(Protocol.PAIR0, Protocol.PAIR0),
            raw(Protocol.PAIR1, Protocol.PAIR1),
            raw(Protocol.BUS, Protocol.BUS),
            raw(Protocol.SURVEYOR, Protocol.RESPONDENT));

    private record Pairing(String name, Supplier<Socket> left, Supplier<Socket> right) {}

    /** What a round came to. */
    record Result(long seed, int rounds, long steps, long received, int files, int moreFiles, int moreResidentKib) {
        boolean isFlat() {
            return moreFiles <= FILES && moreResidentKib <= RESIDENT_KIB;
        }

        @Override
        public String toString() {
            return "lifetimes: %d rounds, seed %d: %d steps, %d messages received; open files %d (%+d), resident memory %+.1f MiB: %s"
                    .formatted(
                            rounds,
                            seed,
                            steps,
                            received,
                            files,
                            moreFiles,
                            moreResidentKib / 1024.0,
                            isFlat() ? "flat" : "NOT FLAT");
        }
    }

    private final long seed;
    private final int rounds;
    private final boolean verbose;
    private final List<Thread> threads = new ArrayList<>();
    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread);
    private final LongAdder steps = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final AtomicInteger round = new AtomicInteger();

    private LifetimeSoak(long seed, int rounds, boolean verbose) {
        this.seed = seed;
        this.rounds = rounds;
        this.verbose = verbose;
        executor.prestartAllCoreThreads(); // the threads are all there before one interrupts another
    }

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
        System.out.println("lifetimes: " + rounds + " rounds, seed " + seed);
        LifetimeSoak soak = new LifetimeSoak(seed, rounds, true);
        Thread watchdog = new Thread(soak::watch, "watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        Result result = soak.run();
        System.out.println(result);
        System.exit(result.isFlat() ? 0 : 1);
    }

    /** Plays a number of rounds and measures what they leave. */
    static Result run(long seed, int rounds) throws Exception {
        return new LifetimeSoak(seed, rounds, false).run();
    }

    private Result run() throws Exception {
        try {
            int warmUp = Math.max(rounds / 10, PAIRINGS.size());
            play(warmUp);
            int files = OpenFiles.count();
            int resident = residentKib();
            report("after %d rounds: %d open files, %d KiB resident", warmUp, files, resident);
            for (int i = 1; i < REPORTS; i++) {
                play(warmUp + (rounds - warmUp) * i / (REPORTS - 1));
                report(
                        "after %d rounds: %d open files, %d KiB resident",
                        round.get(), OpenFiles.count(), residentKib());
            }
            int moreFiles = OpenFiles.count() - files;
            // NNG closes the connections of a closed socket on a thread of its own.
            for (int i = 0; i < 100 && moreFiles > FILES; i++) {
                Thread.sleep(50);
                moreFiles = OpenFiles.count() - files;
            }
            return new Result(
                    seed, rounds, steps.sum(), received.sum(), OpenFiles.count(), moreFiles, residentKib() - resident);
        } finally {
            executor.shutdownNow();
        }
    }

    private void report(String format, Object... args) {
        if (verbose) {
            System.out.printf(format + "%n", args);
        }
    }

    private void play(int until) throws Exception {
        while (round.get() < until) {
            int number = round.get();
            Pairing pairing = PAIRINGS.get(number % PAIRINGS.size());
            try {
                new Round(pairing, new Random(seed + number)).play();
            } catch (Exception | Error e) {
                throw new AssertionError("round " + number + " of seed " + seed + ", " + pairing.name() + ": " + e, e);
            }
            round.incrementAndGet();
        }
    }

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task, "soak-" + threads.size());
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    /** Ends the process, with the stacks of all threads, when a round does not end. */
    private void watch() {
        int last = -1;
        while (true) {
            try {
                Thread.sleep(HANG_SECONDS * 1000L);
            } catch (InterruptedException e) {
                return;
            }
            if (round.get() == last) {
                System.out.println("lifetimes: round " + last + " of seed " + seed + " HANGS");
                Thread.getAllStackTraces().forEach((thread, stack) -> {
                    System.out.println(thread);
                    for (StackTraceElement element : stack) {
                        System.out.println("    " + element);
                    }
                });
                Runtime.getRuntime().halt(1);
            }
            last = round.get();
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

    private static Pairing raw(Protocol left, Protocol right) {
        return new Pairing("raw " + left + "/" + right, () -> RawSocket.open(left), () -> RawSocket.open(right));
    }

    private static SubSocket subscriber() {
        SubSocket sub = SubSocket.open();
        sub.subscribe("");
        return sub;
    }

    private interface Step {
        void run() throws Exception;
    }

    /** Two sockets, from their opening to their end. */
    private final class Round {
        private final Random random;
        private final Socket left;
        private final Socket right;
        private final Queue<Pipe> pipes = new ConcurrentLinkedQueue<>();
        private final List<Listener> listeners = new ArrayList<>();

        Round(Pairing pairing, Random random) {
            this.random = random;
            this.left = pairing.left().get();
            this.right = pairing.right().get();
        }

        void play() throws Exception {
            boolean closesInPipeListener = random.nextInt(20) == 0;
            left.onPipe((event, pipe) -> {
                pipes.add(pipe);
                if (closesInPipeListener && event == PipeEvent.REM_POST) {
                    left.close();
                }
            });
            right.set(NngOptions.RECONNECT_MIN, Duration.ofMillis(1));
            listeners.add(left.listen(address(random)));
            right.dial(listeners.get(0).url());

            List<Future<?>> acts = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random own = new Random(random.nextLong());
                acts.add(executor.submit(() -> act(own)));
            }
            Thread.sleep(random.nextInt(4)); // the moment of closing is what varies
            List<Socket> sockets = random.nextBoolean() ? List.of(left, right) : List.of(right, left);
            sockets.forEach(Socket::close);
            for (Future<?> act : acts) {
                act.get();
            }
            sockets.forEach(Socket::close);
            listeners.forEach(Listener::close);
        }

        private void act(Random random) {
            try (Poller poller = Poller.open()) {
                for (int i = random.nextInt(20); i > 0; i--) {
                    Socket socket = random.nextBoolean() ? left : right;
                    steps.increment();
                    attempt(() -> step(socket, poller, random));
                    Thread.interrupted(); // the interrupts of others are for one step
                }
            }
        }

        /** Lets go what closing, cancelling, interrupting and wrong turns bring, and nothing else. */
        private void attempt(Step step) {
            try {
                step.run();
            } catch (CancellationException | InterruptedException | TimeoutException e) {
                // asked for
            } catch (CompletionException | ExecutionException e) {
                requireExpected(e.getCause());
            } catch (Exception e) {
                requireExpected(e);
            }
        }

        private void requireExpected(Throwable thrown) {
            boolean expected =
                    thrown instanceof TimeoutException || (thrown instanceof NngException e && !isDefect(e.error()));
            if (!expected) {
                throw new AssertionError(thrown);
            }
        }

        private static boolean isDefect(NngError error) {
            return error == NngError.EINTERNAL || error == NngError.ENOMEM || error == NngError.EINVAL;
        }

        private void step(Socket socket, Poller poller, Random random) throws Exception {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> send(socket, random);
                case 3, 4, 5 -> receive(socket, random);
                case 6, 7 -> converse(socket, random);
                case 8 -> connect(socket, random);
                case 9 -> {
                    Pipe pipe = pipes.poll();
                    if (pipe != null && random.nextBoolean()) {
                        pipe.close();
                    } else if (pipe != null) {
                        pipe.remoteAddress();
                    }
                }
                case 10 -> poll(socket, poller, random);
                default -> {
                    if (random.nextInt(8) == 0) {
                        socket.close();
                    } else if (random.nextBoolean()) {
                        threads.get(random.nextInt(THREADS)).interrupt();
                    } else {
                        socket.set(NngOptions.RECV_TIMEOUT, Duration.ofSeconds(10));
                        socket.get(NngOptions.SOCKET_NAME);
                    }
                }
            }
        }

        private void send(Socket socket, Random random) throws Exception {
            if (!(socket instanceof Sender sender)) {
                return;
            }
            switch (random.nextInt(5)) {
                case 0 -> {
                    try (Message message = message(random)) {
                        sender.send(message, Duration.ofMillis(random.nextInt(5)));
                    }
                }
                case 1 -> {
                    try (Message message = message(random)) {
                        sender.trySend(message);
                    }
                }
                case 2 -> sender.send(new byte[random.nextInt(100)]);
                case 3 -> giveUp(sender.sendAsync(message(random)), random);
                default -> {
                    AtomicInteger left = new AtomicInteger(random.nextInt(50));
                    Transfer transfer = sender.sendAll(() -> left.getAndDecrement() > 0 ? Message.allocate(50) : null);
                    Thread.sleep(random.nextInt(2)); // lets it begin
                    transfer.close();
                }
            }
        }

        private void receive(Socket socket, Random random) throws Exception {
            if (!(socket instanceof Receiver receiver)) {
                return;
            }
            switch (random.nextInt(6)) {
                case 0 -> take(receiver.receive());
                case 1 -> take(receiver.receive(Duration.ofMillis(random.nextInt(5))));
                case 2 -> receiver.tryReceive().ifPresent(this::take);
                case 3 -> {
                    CompletableFuture<Message> future = receiver.receiveAsync();
                    if (!future.cancel(true)) {
                        take(future.join());
                    }
                }
                case 4 -> {
                    boolean closes = random.nextInt(8) == 0;
                    CompletableFuture<Message> future = receiver.receiveAsync();
                    future.thenAccept(message -> {
                        take(message);
                        if (closes) {
                            socket.close();
                        }
                    });
                    giveUp(future, random);
                }
                default -> {
                    Transfer transfer = receiver.onReceive(this::take);
                    Thread.sleep(random.nextInt(2)); // lets it receive
                    transfer.close();
                }
            }
        }

        /** By contexts, where the protocol has them. */
        private void converse(Socket socket, Random random) throws Exception {
            if (socket instanceof ReqSocket req) {
                CompletableFuture<Message> reply = req.requestAsync(message(random));
                if (random.nextBoolean()) {
                    reply.orTimeout(5, TimeUnit.MILLISECONDS);
                } else {
                    reply.cancel(true);
                }
                take(reply.join());
            } else if (socket instanceof RepSocket rep) {
                try (Request request = rep.receiveRequest(Duration.ofMillis(5))) {
                    if (random.nextInt(4) > 0) {
                        giveUp(request.reply(request.message().toByteArray()), random);
                    }
                }
            } else if (socket instanceof SurveyorSocket surveyor) {
                Message survey = message(random);
                try (survey;
                        Stream<Message> answers = surveyor.survey(survey, Duration.ofMillis(5))) {
                    answers.limit(3).forEach(this::take);
                }
            } else if (socket instanceof RespondentSocket respondent) {
                try (Survey survey = respondent.receiveSurvey(Duration.ofMillis(5))) {
                    if (random.nextInt(4) > 0) {
                        survey.respond(survey.message().toByteArray());
                    }
                }
            } else if (socket instanceof SubSocket sub) {
                try (SubContext context = sub.openContext()) {
                    context.subscribe("");
                    take(context.receive(Duration.ofMillis(random.nextInt(5))));
                }
            } else {
                Optional.of(socket)
                        .filter(Receiver.class::isInstance)
                        .flatMap(receiver -> ((Receiver) receiver).tryReceive())
                        .ifPresent(this::take);
            }
        }

        private void connect(Socket socket, Random random) throws Exception {
            switch (random.nextInt(3)) {
                case 0 -> socket.listen(address(random)).close();
                case 1 -> socket.dialAsync(listeners.get(0).url()).close();
                default -> {
                    try (Dialer dialer = socket.dial(listeners.get(0).url())) {
                        dialer.get(NngOptions.URL);
                    }
                }
            }
        }

        private void poll(Socket socket, Poller poller, Random random) {
            Readiness readiness = random.nextBoolean() ? Readiness.RECEIVE : Readiness.SEND;
            PollKey key = poller.register(socket, readiness);
            poller.select(Duration.ofMillis(random.nextInt(3)));
            if (random.nextBoolean()) {
                key.cancel();
            } else {
                poller.keys().forEach(PollKey::cancel);
            }
        }

        private void giveUp(CompletableFuture<?> future, Random random) throws Exception {
            switch (random.nextInt(4)) {
                case 0 -> future.cancel(true);
                case 1 -> future.orTimeout(1, TimeUnit.MILLISECONDS).get();
                case 2 -> future.get(5, TimeUnit.MILLISECONDS);
                default -> {
                    // whatever becomes of it
                }
            }
        }

        private void take(Message message) {
            received.increment();
            message.close();
        }

        private Message message(Random random) {
            Message message = Message.allocate(random.nextInt(random.nextInt(8) == 0 ? 100_000 : 1000));
            if (left instanceof RawSocket raw && random.nextInt(8) > 0) {
                message.setHeader(new byte[] {(byte) (raw.protocol() == Protocol.PAIR1 ? 0 : 0x80), 0, 0, 1});
            }
            return message;
        }

        private String address(Random random) {
            return switch (random.nextInt(3)) {
                case 0 -> "inproc://" + UUID.randomUUID();
                case 1 -> "ipc:///tmp/nng-java-soak-" + UUID.randomUUID();
                default -> "tcp://127.0.0.1:0";
            };
        }
    }
}
