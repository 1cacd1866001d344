package org.nngjava.workers.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class ExamplesTest {
    @Test
    void twoJobsRunAtOnce() throws Exception {
        long begun = System.nanoTime();
        List<String> printed = printedBy(TwoJobs::run);

        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofSeconds(4), Duration.ofMillis(5_900));
        assertThat(printed).hasSize(3);
        assertThat(printed.get(1)).matches("job of 2 s: SUCCEEDED by (first|second) in 2\\.\\d s");
        assertThat(printed.get(2)).matches("job of 4 s: SUCCEEDED by (first|second) in 4\\.\\d s");
        assertThat(worker(printed.get(1))).isNotEqualTo(worker(printed.get(2)));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 7", "500, 5"})
    void anyNumberOfWorkersRunsAnyNumberOfJobs(int jobs, int workers) throws Exception {
        List<String> printed = printedBy(out -> ManyJobs.run(out, jobs, workers));

        assertThat(printed).hasSize(jobs + workers + 1).endsWith(jobs + " succeeded");
        assertThat(printed.get(0)).matches("SUCCEEDED by worker-\\d in \\d+ ms: 1! has 1 digits");
        assertThat(printed.subList(jobs, jobs + workers)).allMatch(line -> line.matches("worker-\\d finished \\d+"));
        if (jobs == 500) {
            assertThat(printed.get(499)).endsWith("500! has 1135 digits");
        }
    }

    @Test
    void ordersReachOneWorkerAndAll() throws Exception {
        List<String> printed = printedBy(Orders::run);

        assertThat(printed.stream().filter(line -> !line.startsWith("the others work")))
                .containsExactly(
                        "one is told to be quiet: 1",
                        "all are told to be quiet: 3",
                        "nobody works: QUEUED",
                        "all are told to go on: 3",
                        "the job that waited: SUCCEEDED",
                        "one is told to end: 1",
                        "all are told to end: 2");
        // Or one of them alone, while the other is on its way.
        assertThat(printed.get(1)).matches("the others work: (bob, cid|bob|cid)");
        assertThat(printed.get(7)).matches("the others work: (ann, cid|ann|cid)");
    }

    @Test
    void jobsThatThrowHangOrAreHaltedEndAndTheWorkerGoesOn() throws Exception {
        List<String> printed = printedBy(Troubles::run);

        assertThat(printed.stream()
                        .map(line -> line.replaceAll(", \\d+\\.\\d s", "").replaceAll(" +", " ")))
                .containsExactly(
                        "throws FAILED attempt 3 of 3 (exception: java.lang.IllegalStateException: out of paper)",
                        "hopeless FAILED attempt 1 of 3 (bad-input: there is no such thing)",
                        "hangs FAILED attempt 1 of 1 (timeout: the attempt took longer than PT1S)",
                        "halted CANCELLED attempt 1 of 3",
                        "stubborn FAILED attempt 1 of 1 (timeout: the attempt took longer than PT1S)",
                        "works SUCCEEDED attempt 1 of 3",
                        "dead letters: 4",
                        "tried once more: SUCCEEDED by worker");
    }

    @Test
    void theirPagesNameThemAll() throws Exception {
        String pages = Files.readString(Path.of("../../docs/embedded-queue.md"))
                + Files.readString(Path.of("../../docs/distributed-workers.md"));
        try (Stream<Path> files = Files.list(Path.of("src/test/java/org/nngjava/workers/examples"))) {
            List<String> programs = files.filter(ExamplesTest::isProgram)
                    .map(file -> file.getFileName().toString())
                    .toList();
            assertThat(programs).hasSize(5).allMatch(pages::contains);
        }
    }

    private static boolean isProgram(Path source) {
        try {
            return Files.readAllLines(source).stream()
                    .anyMatch(line -> line.startsWith("    public static void main("));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String worker(String line) {
        return line.replaceAll(".* by (\\w+) in .*", "$1");
    }

    private interface Example {
        void run(Consumer<String> out) throws Exception;
    }

    private static List<String> printedBy(Example example) throws Exception {
        List<String> lines = new ArrayList<>();
        example.run(lines::add);
        return lines;
    }
}
