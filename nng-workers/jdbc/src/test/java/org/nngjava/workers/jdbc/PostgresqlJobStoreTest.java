package org.nngjava.workers.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nngjava.workers.JobState;
import org.nngjava.workers.JobStoreException;
import org.nngjava.workers.StoredJob;

/** The same contract on PostgreSQL, where Debian's package of it is installed. */
@Timeout(120)
class PostgresqlJobStoreTest extends JdbcJobStoreContract {
    private static PostgresqlServer server;

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

    @Override
    void empty() throws Exception {
        execute("DROP TABLE IF EXISTS nng_jobs, nng_schema");
    }

    @Override
    JdbcJobStore openStore() {
        return JdbcJobStore.postgresql(server.connections());
    }

    @Override
    Connection connect() throws SQLException {
        return server.connections().getConnection();
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
        assertThat(store().find("a")).contains(before);
        server.kill();
        assertThatThrownBy(() -> save(job("b", JobState.QUEUED))).hasCauseInstanceOf(JobStoreException.class);
        assertThatThrownBy(() -> store().find("a")).isInstanceOf(JobStoreException.class);
        server.start();
        StoredJob after = job("c", JobState.QUEUED);
        save(after);
        assertThat(store().load()).containsExactly(before, after);
    }
}
