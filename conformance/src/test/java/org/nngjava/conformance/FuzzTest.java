package org.nngjava.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuzzTest {
    @Test
    void whateverStrangersSendOthersAreServed(@TempDir Path directory) throws Exception {
        try (Fuzz fuzz = new Fuzz(System.nanoTime(), directory)) {
            fuzz.run(Duration.ofSeconds(5));
            assertThat(fuzz.streams()).isPositive();
            assertThat(fuzz.served()).isPositive();
        }
    }
}
