package org.nngjava.workers.jdbc;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;
import org.nngjava.workers.JobStore;
import org.nngjava.workers.JobStoreException;
import org.nngjava.workers.StoredJob;

/**
 * Remembers jobs in a SQL database. What is saved is on disk: one thread writes, and commits all that waits for it in one
 * transaction, so that any number of jobs share one wait for the disk.
 *
 * <p>The table {@code nng_jobs} has a row per job, with all that is known of it in JSON; payloads and results up to 16 KiB are
 * part of that, bigger ones are in a {@link org.nngjava.workers.BlobStore}. Give the queue one that lasts as well.
 *
 * <p>A store is for one queue at a time, and so is the database: a second store on it is refused.
 */
public final class JdbcJobStore implements JobStore {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Dialect dialect;
    private final GroupCommit writer;
    private final Readers readers;
    private boolean closed;

    private JdbcJobStore(Dialect dialect, GroupCommit writer, Readers readers) {
        this.dialect = dialect;
        this.writer = writer;
        this.readers = readers;
    }

    /**
     * Opens a SQLite database, with a write-ahead log and {@code synchronous=FULL}.
     *
     * @param file made if it is missing, in a directory that exists; beside it lie files of the same name that end in
     *     {@code -wal}, {@code -shm} and {@code .lock}
     * @return the store, to be closed by the caller, after the queue
     * @throws JobStoreException if it cannot be opened, another store has it open, or a later version has written it
     */
    public static JdbcJobStore sqlite(Path file) {
        return open(new Sqlite(file, PATIENCE));
    }

    /**
     * Opens a PostgreSQL database. The tables are made in the first schema of the search path.
     *
     * @param connections gives new connections; the store holds one for writing and some for reading, and opens others when
     *     they are lost
     * @return the store, to be closed by the caller, after the queue
     * @throws JobStoreException if it cannot be opened, another store has it open, or a later version has written it
     */
    public static JdbcJobStore postgresql(DataSource connections) {
        return open(new Postgresql(connections, PATIENCE));
    }

    static JdbcJobStore open(Dialect dialect) {
        try {
            dialect.lock();
            return new JdbcJobStore(dialect, connect(dialect), new Readers(dialect));
        } catch (SQLException e) {
            throw new JobStoreException("cannot open " + dialect + ": " + e.getMessage(), e);
        }
    }

    private static GroupCommit connect(Dialect dialect) throws SQLException {
        try {
            GroupCommit writer = new GroupCommit(dialect);
            writer.start();
            return writer;
        } catch (SQLException e) {
            dialect.unlock();
            throw e;
        }
    }

    @Override
    public List<StoredJob> load() {
        return readers.query("SELECT job FROM nng_jobs ORDER BY id");
    }

    @Override
    public CompletionStage<Void> save(Collection<StoredJob> changed, Collection<String> forgotten) {
        return writer.write(changed, forgotten);
    }

    @Override
    public Optional<StoredJob> find(String id) {
        return readers.query("SELECT job FROM nng_jobs WHERE id = ?", id).stream()
                .findFirst();
    }

    @Override
    public List<StoredJob> list(int limit, String beforeId) {
        return beforeId == null
                ? readers.query("SELECT job FROM nng_jobs ORDER BY id DESC LIMIT ?", limit)
                : readers.query("SELECT job FROM nng_jobs WHERE id < ? ORDER BY id DESC LIMIT ?", beforeId, limit);
    }

    /** Writes what still waits, and closes all connections. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        writer.close();
        readers.close();
        dialect.unlock();
    }
}
