package org.nngjava.workers.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.workers.JobState;
import org.nngjava.workers.JobStore;
import org.nngjava.workers.JobStoreContract;
import org.nngjava.workers.JobStoreException;
import org.nngjava.workers.StoredJob;

class SqliteJobStoreTest extends JobStoreContract {
    @TempDir
    Path directory;

    private Path file;
    private JdbcJobStore store;

    @BeforeEach
    void open() {
        file = directory.resolve("jobs.db");
        store = JdbcJobStore.sqlite(file);
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
        open();
        assertThat(store.load()).containsExactly(job);
    }

    @Test
    void eachCommitIsForcedToTheDisk() throws Exception {
        try (Connection writer = new Sqlite(file, Duration.ZERO).openWriter()) {
            assertThat(pragma(writer, "journal_mode")).isEqualTo("wal");
            assertThat(pragma(writer, "synchronous")).isEqualTo("2");
        }
    }

    @Test
    void aDatabaseBelongsToOneStoreAtATime() {
        assertThatThrownBy(() -> JdbcJobStore.sqlite(file))
                .isInstanceOf(JobStoreException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("has it open");
        store.close();
        assertThatCode(this::open).doesNotThrowAnyException();
    }

    @Test
    void aDatabaseOfALaterVersionIsRefusedAndLeftAsItIs() throws Exception {
        store.close();
        execute("INSERT INTO nng_schema (version) VALUES (99)");
        assertThatThrownBy(() -> JdbcJobStore.sqlite(file))
                .isInstanceOf(JobStoreException.class)
                .hasMessageContaining("version 99")
                .hasMessageContaining("use a later version");
        execute("DELETE FROM nng_schema WHERE version = 99");
        open();
    }

    @Test
    void fieldsOfALaterVersionArePassedOver() throws Exception {
        StoredJob job = job("a", JobState.QUEUED);
        save(job);
        execute("UPDATE nng_jobs SET job = '{\"news\":{\"a\":[1]},' || substr(job, 2)");
        assertThat(store.find("a")).contains(job);
    }

    @Test
    void aFileThatIsNoDatabaseIsSaid() throws Exception {
        Path other = directory.resolve("other.db");
        Files.writeString(other, "This is not a database. ".repeat(100));
        assertThatThrownBy(() -> JdbcJobStore.sqlite(other))
                .isInstanceOf(JobStoreException.class)
                .hasMessageContaining(other.toString())
                .hasMessageContaining("not a database");
        assertThatThrownBy(() -> JdbcJobStore.sqlite(directory.resolve("missing/jobs.db")))
                .isInstanceOf(JobStoreException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void aClosedStoreSaysSo() {
        store.close();
        store.close();
        assertThatThrownBy(() -> save(job("a", JobState.QUEUED))).hasCauseInstanceOf(JobStoreException.class);
        assertThatThrownBy(() -> store.find("a"))
                .isInstanceOf(JobStoreException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> store.list(1, null)).isInstanceOf(JobStoreException.class);
    }

    @Test
    void whatWaitsWhenTheStoreIsClosedIsStillWritten() {
        var saved = store.save(List.of(job("a", JobState.QUEUED)), List.of());
        store.close();
        assertThat(saved.toCompletableFuture()).isCompleted();
        open();
        assertThat(store.find("a")).isPresent();
    }

    private static String pragma(Connection connection, String name) throws Exception {
        try (Statement statement = connection.createStatement();
                ResultSet value = statement.executeQuery("PRAGMA " + name)) {
            value.next();
            return value.getString(1);
        }
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            Sqlite.run(connection, sql);
        }
    }
}
