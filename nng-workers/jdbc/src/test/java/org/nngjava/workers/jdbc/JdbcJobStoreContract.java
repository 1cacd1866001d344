package org.nngjava.workers.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nngjava.workers.JobState;
import org.nngjava.workers.JobStore;
import org.nngjava.workers.JobStoreContract;
import org.nngjava.workers.JobStoreException;
import org.nngjava.workers.StoredJob;

/** What every job store in a database does besides: it is closed, and opened again. */
abstract class JdbcJobStoreContract extends JobStoreContract {
    private JdbcJobStore store;

    /** Makes the database anew. */
    abstract void empty() throws Exception;

    abstract JdbcJobStore openStore();

    /** A connection of the test's own to the database. */
    abstract Connection connect() throws Exception;

    @BeforeEach
    final void openEmpty() throws Exception {
        empty();
        open();
    }

    @AfterEach
    final void close() {
        store.close();
    }

    @Override
    protected final JobStore store() {
        return store;
    }

    final void open() {
        store = openStore();
    }

    final void execute(String sql) throws Exception {
        try (Connection connection = connect()) {
            Sqlite.run(connection, sql);
        }
    }

    @Test
    void whatIsSavedIsThereWhenTheStoreIsOpenedAgain() {
        StoredJob job = job("a", JobState.RUNNING);
        save(job);
        close();
        open();
        assertThat(store.load()).containsExactly(job);
    }

    @Test
    void aDatabaseOfALaterVersionIsRefusedAndLeftAsItIs() throws Exception {
        close();
        execute("INSERT INTO nng_schema (version) VALUES (99)");
        assertThatThrownBy(this::openStore)
                .isInstanceOf(JobStoreException.class)
                .hasMessageContaining("version 99")
                .hasMessageContaining("use a later version");
        execute("DELETE FROM nng_schema WHERE version = 99");
        open();
    }

    @Test
    void aClosedStoreSaysSo() {
        close();
        close();
        assertThatThrownBy(() -> save(job("a", JobState.QUEUED))).hasCauseInstanceOf(JobStoreException.class);
        assertThatThrownBy(() -> store.find("a"))
                .isInstanceOf(JobStoreException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> store.list(1, null)).isInstanceOf(JobStoreException.class);
    }

    @Test
    void whatWaitsWhenTheStoreIsClosedIsStillWritten() {
        var saved = store.save(List.of(job("a", JobState.QUEUED)), List.of());
        close();
        assertThat(saved.toCompletableFuture()).isCompleted();
        open();
        assertThat(store.find("a")).isPresent();
    }
}
