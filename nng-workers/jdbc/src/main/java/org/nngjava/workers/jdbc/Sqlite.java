package org.nngjava.workers.jdbc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** SQLite, in a file. */
class Sqlite implements Dialect {
    private static final String LARGEST_LOG_KEPT = "PRAGMA journal_size_limit=67108864";

    /** The system's locks are the process's: closing any file of the same name would end the lock of another store here. */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final Duration patience;
    private FileChannel lock;

    /**
     * Names a database.
     *
     * @param patience how long to wait for locks of other programs
     */
    Sqlite(Path file, Duration patience) {
        this.file = file.toAbsolutePath();
        this.patience = patience;
    }

    /** A lock on a file beside the database: SQLite would lose its own locks if the database itself was opened and closed here. */
    @Override
    public void lock() throws SQLException {
        if (!OPEN.add(file)) {
            throw new SQLException("another store of this process has it open");
        }
        Path path = file.resolveSibling(file.getFileName() + ".lock");
        try {
            lock = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock.tryLock() == null) {
                throw new SQLException("another store has it open");
            }
        } catch (OverlappingFileLockException e) { // by another name of its directory
            unlock();
            throw new SQLException("another store of this process has it open", e);
        } catch (IOException e) {
            unlock();
            throw new SQLException("cannot lock " + path + ": " + e, e);
        } catch (SQLException e) {
            unlock();
            throw e;
        }
    }

    @Override
    public void unlock() {
        try {
            if (lock != null) {
                lock.close();
                lock = null;
            }
        } catch (IOException e) {
            System.getLogger(Sqlite.class.getName()).log(System.Logger.Level.WARNING, "cannot unlock " + file, e);
        }
        OPEN.remove(file);
    }

    @Override
    public Connection openWriter() throws SQLException {
        Connection writer = open();
        try {
            run(writer, "PRAGMA journal_mode=WAL");
            run(writer, "PRAGMA synchronous=FULL");
            run(writer, LARGEST_LOG_KEPT);
            writer.setAutoCommit(false);
            return writer;
        } catch (SQLException e) {
            writer.close();
            throw e;
        }
    }

    @Override
    public Connection openReader() throws SQLException {
        Connection reader = open();
        try {
            run(reader, "PRAGMA query_only=ON");
            return reader;
        } catch (SQLException e) {
            reader.close();
            throw e;
        }
    }

    @Override
    public List<List<String>> migrations() {
        return List.of(List.of(
                "CREATE TABLE nng_jobs (id TEXT NOT NULL PRIMARY KEY, state TEXT NOT NULL, job TEXT NOT NULL)"));
    }

    private Connection open() throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("busy_timeout", Long.toString(patience.toMillis()));
        return DriverManager.getConnection("jdbc:sqlite:" + file, settings);
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public String toString() {
        return "the SQLite database " + file;
    }
}
