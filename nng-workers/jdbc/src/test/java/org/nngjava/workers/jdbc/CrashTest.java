package org.nngjava.workers.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The small form of {@code ci/soak queue}. */
class CrashTest {
    private static final int JOBS = 100;
    private static final long LEASE_MILLIS = 10_000;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    @Timeout(240)
    void noJobIsLostOrDoneTwiceWhateverIsKilled() throws Exception {
        long seed = System.nanoTime();
        CrashSoak.Books books = new CrashSoak(directory, JOBS, seed).run();
        System.out.println("measured: seed " + seed + ": " + books);
        assertThat(books.attempted()).isEqualTo(JOBS);
        assertThat(books.lost()).isZero();
        assertThat(books.committedTwice()).isZero();
        assertThat(books.poisoned()).isZero();
        assertThat(books.spoilt()).isZero();
        assertThat(books.slowestRestartMillis())
                .as("a worker's death is noticed by its connection, not by its lease")
                .isLessThan(LEASE_MILLIS / 2);
    }
}
