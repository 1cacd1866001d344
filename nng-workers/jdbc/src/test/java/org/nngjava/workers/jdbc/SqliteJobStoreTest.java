package org.nngjava.workers.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.workers.JobState;
import org.nngjava.workers.JobStoreException;
import org.nngjava.workers.StoredJob;

class SqliteJobStoreTest extends JdbcJobStoreContract {
    @TempDir
    Path directory;

    private Path file;

    @Override
    void empty() {
        file = directory.resolve("jobs.db");
    }

    @Override
    JdbcJobStore openStore() {
        return JdbcJobStore.sqlite(file);
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    @Test
    void eachCommitIsForcedToTheDisk() throws Exception {
        try (Connection writer = new Sqlite(file, Duration.ZERO).openWriter()) {
            assertThat(pragma(writer, "journal_mode")).isEqualTo("wal");
            assertThat(pragma(writer, "synchronous")).isEqualTo("2");
        }
    }

    @Test
    void whatComesDuringACommitIsCommittedAtOnceByTheNext() throws Exception {
        AtomicInteger commits = new AtomicInteger();
        CountDownLatch opened = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Dialect dialect = new Sqlite(directory.resolve("busy.db"), Duration.ofSeconds(5)) {
            @Override
            public Connection openWriter() throws SQLException {
                return onCommit(super.openWriter(), () -> {
                    if (opened.getCount() == 0) {
                        commits.incrementAndGet();
                        goOn.await();
                    }
                });
            }
        };
        try (JdbcJobStore store = JdbcJobStore.open(dialect)) {
            opened.countDown();
            List<CompletableFuture<Void>> saves = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                saves.add(store.save(List.of(job("job-" + i, JobState.QUEUED)), List.of())
                        .toCompletableFuture());
                await().until(() -> commits.get() == 1);
            }
            assertThat(saves).noneMatch(CompletableFuture::isDone);
            goOn.countDown();
            saves.forEach(CompletableFuture::join);
            assertThat(commits).hasValue(2);
            assertThat(store.load()).hasSize(50);
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static Connection onCommit(Connection connection, Step step) {
        return (Connection) Proxy.newProxyInstance(
                SqliteJobStoreTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                    if (method.getName().equals("commit")) {
                        step.run();
                    }
                    return method.invoke(connection, args);
                });
    }

    @Test
    void aDatabaseBelongsToOneStoreAtATime() {
        assertThatThrownBy(() -> JdbcJobStore.sqlite(file))
                .isInstanceOf(JobStoreException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("has it open");
        close();
        assertThatCode(this::open).doesNotThrowAnyException();
    }

    @Test
    void fieldsOfALaterVersionArePassedOver() throws Exception {
        StoredJob job = job("a", JobState.QUEUED);
        save(job);
        execute("UPDATE nng_jobs SET job = '{\"news\":{\"a\":[1]},' || substr(job, 2)");
        assertThat(store().find("a")).contains(job);
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

    private static String pragma(Connection connection, String name) throws Exception {
        try (Statement statement = connection.createStatement();
                ResultSet value = statement.executeQuery("PRAGMA " + name)) {
            value.next();
            return value.getString(1);
        }
    }
}
