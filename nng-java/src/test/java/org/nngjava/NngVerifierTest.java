package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NngVerifierTest {

    private record Run(int exit, List<String> lines) {}

    @Test
    void thisPlatformWorks() {
        List<String> lines = new ArrayList<>();
        assertThat(NngVerifier.verify(Duration.ZERO, lines::add))
                .as(lines.toString())
                .isTrue();
        assertThat(lines)
                .anyMatch(line -> line.startsWith("NNG " + Nng.version() + ", " + Nng.origin() + ", mbed TLS"))
                .anyMatch(line -> line.matches("ok +request/reply over tcp +1 message, \\d+ KiB"))
                .anyMatch(line -> line.matches("ok +closing ends a receive"))
                .noneMatch(line -> line.contains("FAILED"));
    }

    @Test
    void eachProtocolIsVerifiedOnEachTransport() {
        List<String> lines = new ArrayList<>();
        NngVerifier.verify(Duration.ZERO, lines::add);
        for (VerifiedTransport transport : VerifiedTransport.values()) {
            for (VerifiedPattern pattern : VerifiedPattern.values()) {
                assertThat(lines).anyMatch(line -> line.contains(pattern + " over " + transport + " "));
            }
        }
    }

    @Test
    void asAProgramItExitsWithZeroWhenAllIsWell() throws Exception {
        Run run = run(List.of(), "0");
        assertThat(run.lines()).last().asString().matches("All is well: \\d+ checks");
        assertThat(run.exit()).isZero();
    }

    @Test
    void asAProgramItExitsWithOneWhereLibnngCannotBeLoaded() throws Exception {
        Run run = run(List.of("-Dorg.nngjava.library=/nowhere/libnng.so"), "0");
        assertThat(run.lines()).anyMatch(line -> line.startsWith("FAILED  load libnng: No usable libnng"));
        assertThat(run.exit()).isEqualTo(1);
    }

    @Test
    void asAProgramItExitsWithTwoWhenItIsCalledWrongly() throws Exception {
        assertThat(run(List.of(), "soon").exit()).isEqualTo(2);
        assertThat(run(List.of(), "-1").exit()).isEqualTo(2);
        assertThat(run(List.of(), "1", "2").exit()).isEqualTo(2);
    }

    private static Run run(List<String> properties, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(properties);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), NngVerifier.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output.lines().toList());
    }
}
