package org.nngjava.gifbroker.media;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.gifbroker.ProcessesBelow;

class ChildProcessTest {
    private static final Deadline SOON = Deadline.after(Duration.ofMinutes(1));

    @TempDir
    Path directory;

    @Test
    void itHasItsOwnDirectoryAndEnvironmentAndNothingToRead() throws Exception {
        Excerpt output = new Excerpt();

        ChildProcess.Exit exit = start("/usr/bin/env; pwd; cat; echo problem >&2; exit 3", Map.of("A", "1"), output)
                .await(SOON, () -> {});

        assertThat(exit.code()).isEqualTo(3);
        assertThat(exit.errors()).isEqualTo("problem\n");
        // The shell itself adds PWD and the like.
        assertThat(output.text()
                        .lines()
                        .filter(line -> line.matches("[A-Z]+=.*"))
                        .toList())
                .contains("A=1")
                .noneMatch(line -> line.startsWith("PATH=") || line.startsWith("HOME="));
        assertThat(output.text()).endsWith(directory.toRealPath() + "\n");
    }

    @Test
    void bothItsOutputsAreDrainedHoweverMuchItWrites() throws Exception {
        Excerpt output = new Excerpt(1000);

        ChildProcess.Exit exit = start(
                        "head -c 5000000 /dev/zero | tr '\\0' e >&2; head -c 5000000 /dev/zero | tr '\\0' o; echo; echo end",
                        Map.of(),
                        output)
                .await(SOON, () -> {});

        assertThat(exit.code()).isZero();
        assertThat(exit.errors()).startsWith("eeee").contains("\n...\n").hasSizeLessThan(10_000);
        assertThat(output.text()).startsWith("oooo").endsWith("o\nend\n").hasSizeLessThan(1100);
    }

    @Test
    void atTheDeadlineItIsKilledWithItsDescendantsAlthoughTheyHoldItsOutput() throws Exception {
        long began = System.nanoTime();

        ChildProcess.Exit exit = start(
                        "(trap '' TERM; sleep 300) & echo $! > pid; trap '' TERM; sleep 300; sleep 300",
                        Map.of(),
                        quiet())
                .await(Deadline.after(Duration.ofMillis(300)), () -> {});

        assertThat(exit.timedOut()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        ends(writtenPid());
    }

    @Test
    void aDescendantThatKeepsTheOutputOpenDoesNotDelayTheEnd() throws Exception {
        long began = System.nanoTime();

        ChildProcess.Exit exit =
                start("sleep 300 & echo $! > pid; exit 7", Map.of(), quiet()).await(SOON, () -> {});

        assertThat(exit.code()).isEqualTo(7);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        writtenPid().ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void anInterruptKillsIt() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread waiting = new Thread(() -> {
            try {
                start("echo $$ > pid; sleep 300 & wait", Map.of(), quiet()).await(SOON, () -> {});
            } catch (IOException | InterruptedException e) {
                thrown.set(e);
            }
        });
        waiting.start();
        await().until(() -> Files.exists(directory.resolve("pid")) && Files.size(directory.resolve("pid")) > 1);
        Optional<ProcessHandle> shell = writtenPid();
        assertThat(shell).isPresent();

        waiting.interrupt();
        waiting.join(5000);

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(shell.get().isAlive()).isFalse();
    }

    @Test
    void aThreadThatIsInterruptedAlreadyLeavesNoProcess() throws Exception {
        Thread.currentThread().interrupt();
        ChildProcess process = start("echo $$ > pid; exec sleep 300", Map.of(), quiet());

        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> process.await(SOON, () -> {}));

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(ProcessesBelow.directory(directory)).isEmpty();
    }

    @Test
    void whatIsThrownMeanwhileKillsIt() throws Exception {
        ChildProcess process = start("echo $$ > pid; exec sleep 300", Map.of(), quiet());

        assertThatThrownBy(() -> process.await(SOON, () -> {
                    if (Files.exists(directory.resolve("pid"))) {
                        throw new IllegalStateException("enough");
                    }
                }))
                .hasMessage("enough");

        assertThat(writtenPid().filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void aSignalShowsInTheExit() throws Exception {
        assertThat(start("kill -SEGV $$", Map.of(), quiet())
                        .await(SOON, () -> {})
                        .signal())
                .isEqualTo(11);
        assertThat(start("exit 183", Map.of(), quiet()).await(SOON, () -> {}).signal())
                .isZero();
    }

    @Test
    void aProgramThatDoesNotExistIsAnError() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> ChildProcess.start(List.of("/no/such/program"), Map.of(), directory, quiet()))
                .withMessageContaining("/no/such/program");
    }

    @Test
    void linesAreCutWhereverThePiecesEndAndLongOnesAreShortened() {
        List<String> lines = new ArrayList<>();
        LineSink sink = new LineSink(lines::add);
        for (String piece : List.of("on", "e\ntwo\n\nth", "ree\n" + "x".repeat(5000), "\nunfinished")) {
            sink.accept(piece.getBytes(US_ASCII), piece.length());
        }

        assertThat(lines).containsExactly("one", "two", "", "three", "x".repeat(1024));
    }

    private ChildProcess start(String script, Map<String, String> environment, OutputSink output) throws IOException {
        return ChildProcess.start(List.of("/bin/sh", "-c", script), environment, directory, output);
    }

    private static OutputSink quiet() {
        return (bytes, length) -> {};
    }

    private Optional<ProcessHandle> writtenPid() throws IOException {
        return ProcessHandle.of(
                Long.parseLong(Files.readString(directory.resolve("pid")).strip()));
    }

    private static void ends(Optional<ProcessHandle> process) {
        process.ifPresent(handle -> await().atMost(Duration.ofSeconds(5)).until(() -> !handle.isAlive()));
    }
}
