package org.nngjava.workers.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** PostgreSQL. */
final class Postgresql implements Dialect {
    /** Two stores in one schema would share out the same jobs twice. The lock ends with the connection that holds it. */
    private static final String LOCK = "SELECT pg_advisory_lock(hashtext('nng_jobs of ' || current_schema()))";

    private final DataSource connections;

    Postgresql(DataSource connections) {
        this.connections = connections;
    }

    @Override
    public Connection openWriter() throws SQLException {
        Connection writer = connections.getConnection();
        try {
            writer.setAutoCommit(true);
            Sqlite.run(writer, "SET synchronous_commit = on");
            Sqlite.run(writer, "SET lock_timeout = '5s'");
            Sqlite.run(writer, LOCK);
            writer.setAutoCommit(false);
            return writer;
        } catch (SQLException e) {
            writer.close();
            throw e;
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
