package org.nngjava.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class ConformanceTest {
    private static final ExecutorService EXECUTOR = Executors.newFixedThreadPool(Matrix.AT_ONCE);

    /** The programs do something for these only now and then, so that all cases would take a minute. */
    private static final Set<Protocol> SLOW =
            EnumSet.of(Protocol.REQ, Protocol.SURVEYOR, Protocol.PUB, Protocol.PUSH, Protocol.BUS);

    @TempDir
    static Path directory;

    @AfterAll
    static void stop() {
        EXECUTOR.shutdownNow();
    }

    /** What is said of our own sockets must be true; others may have been mended where they are installed. */
    @TestFactory
    Stream<DynamicNode> nngJavaDoesWhatTheRfcsSay() {
        List<Matrix.Run> runs = Matrix.judge(Implementation.NNG_JAVA, (protocol, some) -> true, directory, EXECUTOR);
        return Stream.concat(
                containers(runs),
                Stream.of(dynamicTest(
                        "the known deviations are seen",
                        () -> assertThat(seenDeviations(runs))
                                .containsExactlyInAnyOrderElementsOf(knownDeviations(runs)))));
    }

    @TestFactory
    Stream<DynamicNode> nngcatDoesWhatTheRfcsSay() {
        return judge(Implementation.NNGCAT, ConformanceTest::inShort);
    }

    @TestFactory
    Stream<DynamicNode> nanocatDoesWhatTheRfcsSay() {
        return judge(Implementation.NANOCAT, ConformanceTest::inShort);
    }

    @Test
    void aSocketWithoutALimitSurvivesAbsurdLengths(@TempDir Path own) throws Exception {
        Suite suite = new Suite(Implementation.NNG_JAVA.known(), Settings.usual());
        for (Transport transport : List.of(Transport.TCP, Transport.IPC)) {
            List<Result> results = suite.run(
                    () -> NngSubject.open(Protocol.PULL, transport, own, 0),
                    some -> some.name().equals("frame.absurd"),
                    result -> {});
            assertThat(results)
                    .extracting(Result::verdict)
                    .isNotEmpty()
                    .allMatch(verdict -> verdict.kind() == Verdict.Kind.PASS);
        }
    }

    private static boolean inShort(Protocol protocol, Case some) {
        return !SLOW.contains(protocol) || some.name().startsWith(protocol + ".");
    }

    private static Stream<DynamicNode> judge(Implementation implementation, BiPredicate<Protocol, Case> which) {
        assumeTrue(implementation.isInstalled(), implementation.program() + " is not installed");
        return containers(Matrix.judge(implementation, which, directory, EXECUTOR));
    }

    private static Stream<DynamicNode> containers(List<Matrix.Run> runs) {
        return runs.stream().map(run -> dynamicContainer(run.toString(), tests(run)));
    }

    private static Stream<DynamicTest> tests(Matrix.Run run) {
        return IntStream.range(0, run.cases().size())
                .mapToObj(i -> dynamicTest(
                        run.cases().get(i).name() + ": " + run.cases().get(i).expectation(),
                        () -> check(run.results().join().get(i))));
    }

    private static Set<String> knownDeviations(List<Matrix.Run> runs) {
        return runs.stream()
                .flatMap(run -> run.cases().stream()
                        .flatMap(some -> some.deviation(run.implementation().known(), run.transport()).stream()))
                .map(Case.Deviation::name)
                .collect(Collectors.toSet());
    }

    private static Set<String> seenDeviations(List<Matrix.Run> runs) {
        return runs.stream()
                .flatMap(run -> run.results().join().stream())
                .flatMap(result -> result.verdict().deviation().stream())
                .collect(Collectors.toSet());
    }

    private static void check(Result result) {
        Verdict verdict = result.verdict();
        assumeTrue(verdict.kind() != Verdict.Kind.NOT_APPLICABLE, verdict.detail());
        assertThat(verdict.kind()).as(verdict.detail()).isNotEqualTo(Verdict.Kind.FAIL);
    }
}
