package org.nngjava.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ResourceLock(Resources.SYSTEM_OUT)
class ReadmeTest {
    private interface Main {
        void run(String[] arguments) throws Exception;
    }

    @ParameterizedTest
    @ValueSource(strings = {"FiveLines", "TenLines"})
    void theReadmeShowsTheExamplesThatAreTested(String name) throws Exception {
        String source = Files.readString(Path.of("src/test/java/org/nngjava/workers", name + ".java"));
        String body = source.substring(
                        source.indexOf("        try (JobQueue"), source.indexOf("\n    }\n\n    private static"))
                .stripIndent();
        assertThat(Files.readString(Path.of("../../README.md"))).contains(body);
    }

    @Test
    void theSmallestExampleRuns() throws Exception {
        assertThat(printedBy(FiveLines::main)).contains("hello from greet", "SUCCEEDED by worker-");
    }

    @Test
    void theOtherExampleRuns() throws Exception {
        assertThat(printedBy(TenLines::main)).contains("HELLO", "SUCCEEDED, null, ", "succeeded=1", "name=worker-");
    }

    private static String printedBy(Main main) throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            main.run(new String[0]);
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
