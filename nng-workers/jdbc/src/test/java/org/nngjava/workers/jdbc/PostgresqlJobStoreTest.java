package org.nngjava.workers.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nngjava.workers.JobState;
import org.nngjava.workers.JobStore;
import org.nngjava.workers.JobStoreContract;
import org.nngjava.workers.JobStoreException;
import org.nngjava.workers.StoredJob;

/** The same contract on PostgreSQL, where Debian's package of it is installed. */
@Timeout(120)
class PostgresqlJobStoreTest extends JobStoreContract {
    private static PostgresqlServer server;
    private JdbcJobStore store;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> programs = PostgresqlServer.programs();
        assumeThat(programs)
                .as("PostgreSQL, for which 'ci/setup test' installs the package postgresql")
                .isPresent();
        server = new PostgresqlServer(programs.get());
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        try (Connection connection = server.connections().getConnection()) {
            Sqlite.run(connection, "DROP TABLE IF EXISTS nng_jobs, nng_schema");
        }
        store = JdbcJobStore.postgresql(server.connections());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    protected JobStore store() {
        return store;
    }

    @Test
    void whatIsSavedIsThereWhenTheStoreIsOpenedAgain() {
        StoredJob job = job("a", JobState.RUNNING);
        save(job);
        store.close();
        store = JdbcJobStore.postgresql(server.connections());
        assertThat(store.load()).containsExactly(job);
    }

    @Test
    void aSchemaBelongsToOneStoreAtATime() {
        assertThatThrownBy(() -> JdbcJobStore.open(new Postgresql(server.connections(), Duration.ofMillis(100))))
                .isInstanceOf(JobStoreException.class)
                .hasMessageContaining("another store has it open");
    }

    @Test
    void aServerThatWasKilledIsSaidAndAllGoesOnOnceItIsBack() throws Exception {
        StoredJob before = job("a", JobState.QUEUED);
        save(before);
        assertThat(store.find("a")).contains(before);
        server.kill();
        assertThatThrownBy(() -> save(job("b", JobState.QUEUED))).hasCauseInstanceOf(JobStoreException.class);
        assertThatThrownBy(() -> store.find("a")).isInstanceOf(JobStoreException.class);
        server.start();
        StoredJob after = job("c", JobState.QUEUED);
        save(after);
        assertThat(store.load()).containsExactly(before, after);
    }
}
