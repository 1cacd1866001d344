package org.nngjava.workers.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.nngjava.workers.JobStoreException;
import org.nngjava.workers.StoredJob;

/** Connections for reading, as many as there are threads that read at once; some are kept. Those that fail are not used again. */
final class Readers implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Readers.class.getName());
    private static final int KEPT = 4;

    private final Dialect dialect;
    private final BlockingQueue<Reader> idle = new ArrayBlockingQueue<>(KEPT);
    private volatile boolean closed;

    private record Reader(Connection connection, Map<String, PreparedStatement> prepared) {}

    Readers(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Reads jobs: the only column of the answer. */
    List<StoredJob> query(String sql, Object... parameters) {
        for (Reader kept = idle.poll(); kept != null; kept = idle.poll()) {
            try {
                return query(kept, sql, parameters);
            } catch (SQLException e) {
                LOG.log(System.Logger.Level.DEBUG, "a connection that was kept is broken", e);
            }
        }
        try {
            return query(new Reader(open(), new HashMap<>()), sql, parameters);
        } catch (SQLException e) {
            throw new JobStoreException("cannot read from " + dialect + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Reader reader = idle.poll(); reader != null; reader = idle.poll()) {
            close(reader);
        }
    }

    private Connection open() throws SQLException {
        if (closed) {
            throw new SQLException("it is closed");
        }
        return dialect.openReader();
    }

    private void keep(Reader reader) {
        if (!idle.offer(reader)) {
            close(reader);
        } else if (closed) {
            close();
        }
    }

    /** Takes over the reader: keeps it if all is well, closes it otherwise. */
    private List<StoredJob> query(Reader reader, String sql, Object... parameters) throws SQLException {
        boolean well = false;
        try {
            List<StoredJob> jobs = jobs(reader, sql, parameters);
            well = true;
            return jobs;
        } finally {
            if (well) {
                keep(reader);
            } else {
                close(reader);
            }
        }
    }

    private static List<StoredJob> jobs(Reader reader, String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = reader.prepared().get(sql);
        if (statement == null) {
            statement = reader.connection().prepareStatement(sql);
            reader.prepared().put(sql, statement);
        }
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        try (ResultSet rows = statement.executeQuery()) {
            List<StoredJob> jobs = new ArrayList<>();
            while (rows.next()) {
                jobs.add(JobJson.read(rows.getString(1)));
            }
            return jobs;
        }
    }

    private static void close(Reader reader) {
        try {
            reader.connection().close();
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "a connection ends", e);
        }
    }
}
