package org.nngjava.workers.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/** PostgreSQL. */
final class Postgresql implements Dialect {
    /** Two stores in one schema would share out the same jobs twice. The lock ends with the connection that holds it. */
    private static final String LOCK = "SELECT pg_advisory_lock(hashtext('nng_jobs of ' || current_schema()))";

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final DataSource connections;
    private final Duration patience;

    /**
     * Names a database.
     *
     * @param patience how long to wait for locks of others
     */
    Postgresql(DataSource connections, Duration patience) {
        this.connections = connections;
        this.patience = patience;
    }

    @Override
    public Connection openWriter() throws SQLException {
        Connection writer = connections.getConnection();
        try {
            writer.setAutoCommit(true);
            Sqlite.run(writer, "SET synchronous_commit = on");
            Sqlite.run(writer, "SET lock_timeout = " + patience.toMillis());
            lock(writer);
            writer.setAutoCommit(false);
            return writer;
        } catch (SQLException e) {
            writer.close();
            throw e;
        }
    }

    private static void lock(Connection writer) throws SQLException {
        try {
            Sqlite.run(writer, LOCK);
        } catch (SQLException e) {
            throw LOCK_NOT_AVAILABLE.equals(e.getSQLState()) ? new SQLException("another store has it open", e) : e;
        }
    }

    @Override
    public Connection openReader() throws SQLException {
        Connection reader = connections.getConnection();
        reader.setAutoCommit(true);
        return reader;
    }

    /** Ids sort by their bytes, whatever the database's language. */
    @Override
    public List<List<String>> migrations() {
        return List.of(
                List.of(
                        "CREATE TABLE nng_jobs (id TEXT COLLATE \"C\" NOT NULL PRIMARY KEY, state TEXT NOT NULL, job TEXT NOT NULL)"));
    }

    @Override
    public String toString() {
        return "the PostgreSQL database";
    }
}
