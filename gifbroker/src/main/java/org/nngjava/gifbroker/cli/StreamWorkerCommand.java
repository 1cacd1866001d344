package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.nngjava.gifbroker.http.WorkLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Workers that take jobs from streams over HTTP, and producers that make jobs for them. */
@Command(
        name = "stream-worker",
        description = {
            "Take jobs from a server over HTTP, and make some.",
            "A producer submits counters, one after the other. A worker reads them from a stream and gives each back as its result. Both print "
                    + "a line for each: who, and which counter; a worker does when the server has confirmed the result. They go on until Ctrl-C, and wait "
                    + "for a server that goes away.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        abbreviateSynopsis = true,
        sortOptions = false)
final class StreamWorkerCommand implements Callable<Integer> {
    private static final int MOST = 1_000;
    private static final int MOST_CREDIT = 256;
    private static final Duration LONGEST_LEASE = Duration.ofHours(1);

    @Option(
            names = {"-n", "--stream-workers"},
            paramLabel = "N",
            defaultValue = "1",
            description = "How many workers. Default: ${DEFAULT-VALUE}")
    private int workers;

    @Option(
            names = {"-p", "--producers"},
            paramLabel = "N",
            defaultValue = "0",
            description = "How many producers. Default: ${DEFAULT-VALUE}")
    private int producers;

    @Option(
            names = {"-c", "--count"},
            paramLabel = "N",
            description =
                    "End when so many counters are submitted, if there are producers, and done, if there are workers.")
    private Long count;

    @Mixin
    private ServerOptions options;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            defaultValue = "counter",
            description = "The type of the jobs. Default: ${DEFAULT-VALUE}")
    private String type;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "",
            description = "What the names of the workers begin with; a number follows.")
    private String name;

    @Option(
            names = "--credit",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many jobs a worker may have, 1 to 256. Default: ${DEFAULT-VALUE}")
    private int credit;

    @Option(
            names = "--lease",
            paramLabel = "TIME",
            defaultValue = "30s",
            description =
                    "How long a worker may let hear nothing before its jobs go to others, in seconds, 1s to 1h. Default: ${DEFAULT-VALUE}")
    private Duration lease;

    @Option(
            names = "--work-time",
            paramLabel = "TIME",
            defaultValue = "0",
            description = "How long a worker takes for each job. Default: ${DEFAULT-VALUE}")
    private Duration workTime;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "1s",
            description = "How long a producer waits after each counter. Default: ${DEFAULT-VALUE}")
    private Duration every;

    @Spec
    private CommandSpec spec;

    private final List<StreamWorker> running = new ArrayList<>();
    private final AtomicLong done = new AtomicLong();
    private final AtomicInteger connected = new AtomicInteger();

    @Override
    public Integer call() throws Exception {
        check();
        Server server = options.server();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        StreamWorker.Manner manner = new StreamWorker.Manner(type, credit, lease, workTime);
        Workers watcher = new Workers();
        for (int i = 1; i <= workers; i++) {
            running.add(new StreamWorker(server, name + i, manner, watcher));
        }
        running.forEach(worker -> all.add(start(worker::run, "worker")));
        AtomicLong last = new AtomicLong();
        LongSupplier counters = () -> {
            long next = last.incrementAndGet();
            return count == null || next <= count ? next : -1;
        };
        for (int i = 1; i <= producers; i++) {
            int number = i;
            CounterProducer producer = new CounterProducer(
                    server,
                    type,
                    every,
                    counters,
                    (counter, job) -> say("accepted", "producer", number, counter, job.id()));
            all.add(start(producer::run, "producer"));
        }
        try {
            await(all);
            return 0;
        } finally {
            running.forEach(StreamWorker::stop);
        }
    }

    private void check() {
        Usage.require(
                spec,
                workers >= 0 && producers >= 0 && workers + producers >= 1 && workers <= MOST && producers <= MOST,
                "-n and -p are 0 to " + MOST + ", and one of them is 1 at least");
        Usage.require(spec, count == null || count >= 1, "--count is 1 at least");
        Usage.require(spec, credit >= 1 && credit <= MOST_CREDIT, "--credit is 1 to " + MOST_CREDIT);
        Usage.require(
                spec,
                lease.toSeconds() >= 1 && lease.compareTo(LONGEST_LEASE) <= 0 && lease.toMillis() % 1_000 == 0,
                "--lease is 1s to 1h, in whole seconds");
    }

    /** Something that runs to its end. */
    @FunctionalInterface
    private interface Run {
        void run() throws IOException, InterruptedException;
    }

    private static CompletableFuture<Void> start(Run run, String what) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        run.run();
                        ended.complete(null);
                    } catch (IOException | InterruptedException | RuntimeException e) {
                        ended.completeExceptionally(e);
                    }
                },
                what);
        thread.setDaemon(true);
        thread.start();
        return ended;
    }

    /** Waits for the end of all, or the first failure. */
    private static void await(List<CompletableFuture<Void>> all) throws Exception {
        CompletableFuture<Void> end = new CompletableFuture<>();
        CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).thenAccept(end::complete);
        all.forEach(one -> one.exceptionally(failure -> {
            end.completeExceptionally(failure);
            return null;
        }));
        try {
            end.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private synchronized void say(String event, String who, Object number, Object counter, String job) {
        if (!options.json()) {
            spec.commandLine().getOut().println(who + " " + number + ": " + counter);
            spec.commandLine().getOut().flush();
            return;
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", event);
        line.put(who, number.toString());
        line.put("counter", counter.toString());
        line.put("job", job);
        Role.say(spec.commandLine().getOut(), line);
    }

    private synchronized void complain(String sentence) {
        spec.commandLine().getErr().println("gifbroker: " + sentence);
    }

    private final class Workers implements StreamWorker.Watcher {
        @Override
        public void connected(String worker) {
            if (connected.incrementAndGet() == workers && options.json()) {
                Map<String, Object> ready = new LinkedHashMap<>();
                ready.put("event", "ready");
                ready.put("server", options.server().toString());
                ready.put("pid", ProcessHandle.current().pid());
                Role.say(spec.commandLine().getOut(), ready);
            }
        }

        @Override
        public void done(String worker, WorkLine job) {
            say("done", "worker", worker, job.payload() == null ? job.job() : job.payload(), job.job());
            if (count != null && done.incrementAndGet() == count) {
                running.forEach(StreamWorker::stop);
            }
        }

        @Override
        public void lost(String worker, WorkLine job) {
            complain("worker " + worker + " has lost job " + job.job());
        }

        @Override
        public void troubled(String worker, Exception why) {
            complain("worker " + worker + ": " + Failures.sentence(why));
        }
    }
}
