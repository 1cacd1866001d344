package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    @Test
    void theReadmeShowsTheExampleThatIsTested() throws Exception {
        String source = Files.readString(Path.of("src/test/java/org/nngjava/QuickStart.java"));
        String body = source.substring(source.indexOf("        try (RepSocket"), source.lastIndexOf("    }\n}"))
                .stripTrailing()
                .stripIndent();
        assertThat(Files.readString(Path.of("../README.md"))).contains(body);
    }

    @Test
    void theExampleRuns() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            QuickStart.main(new String[0]);
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("early and late\n");
    }
}
