package org.nngjava.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/** All protocols of an implementation on all transports, several at a time. */
final class Matrix {
    /** The trials mostly wait: for what must not happen, and for programs that do something once a second. */
    static final int AT_ONCE = 16;

    /** The programs do what they do once a second. */
    private static final Duration PROGRAMS = Duration.ofSeconds(4);

    /** What stands before it in the document is written by hand. */
    private static final String MARK = "<!-- What follows is written by ci/conformance --all. -->\n";

    private Matrix() {}

    /** Judges all implementations by all cases, and writes the tables into this document. */
    public static void main(String[] args) throws IOException {
        Path document = Path.of(args[0]);
        Path directory = Files.createTempDirectory("conformance");
        ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE);
        ResultTable table = new ResultTable();
        boolean failed = false;
        for (Implementation implementation : Implementation.values()) {
            if (!implementation.isInstalled()) {
                System.err.println(implementation.program() + " is not installed: ci/setup test");
                System.exit(2);
            }
            List<Result> results = new ArrayList<>();
            for (Run run : judge(implementation, (protocol, some) -> true, directory, executor)) {
                for (Result result : run.results().join()) {
                    results.add(result);
                    if (result.verdict().kind() == Verdict.Kind.FAIL) {
                        failed = true;
                        System.out.println(run + ": " + Report.line(result) + "\n" + Report.expectation(result));
                    }
                }
            }
            System.out.println(implementation.title() + ": " + Report.summary(results));
            table.add(implementation, results);
        }
        String text = Files.readString(document);
        Files.writeString(document, text.substring(0, text.indexOf(MARK) + MARK.length()) + table.markdown());
        System.exit(failed ? 1 : 0);
    }

    /** Starts to judge an implementation by these cases. */
    static List<Run> judge(
            Implementation implementation, BiPredicate<Protocol, Case> which, Path directory, Executor executor) {
        // Our own sockets have one chance; the programs end now and then for reasons of their own.
        Settings settings = implementation == Implementation.NNG_JAVA
                ? Settings.usual()
                : Settings.usual().withPatience(PROGRAMS).withAttempts(2);
        Suite suite = new Suite(implementation.known(), settings);
        List<Run> runs = new ArrayList<>();
        for (Protocol protocol : implementation.protocols()) {
            for (Transport transport : Transport.values()) {
                List<Case> cases = Suite.cases(protocol, transport).stream()
                        .filter(some -> which.test(protocol, some))
                        .toList();
                Suite.Opener opener = () -> implementation.open(protocol, transport, directory);
                CompletableFuture<List<Result>> results =
                        CompletableFuture.supplyAsync(() -> results(suite, opener, cases), executor);
                runs.add(new Run(implementation, protocol, transport, cases, results));
            }
        }
        return runs;
    }

    private static List<Result> results(Suite suite, Suite.Opener opener, List<Case> cases) {
        Set<String> names = cases.stream().map(Case::name).collect(Collectors.toSet());
        try {
            return suite.run(opener, some -> names.contains(some.name()), result -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One protocol on one transport, its cases, and their results, which are to come. */
    record Run(
            Implementation implementation,
            Protocol protocol,
            Transport transport,
            List<Case> cases,
            CompletableFuture<List<Result>> results) {
        @Override
        public String toString() {
            return protocol + " on " + transport;
        }
    }
}
