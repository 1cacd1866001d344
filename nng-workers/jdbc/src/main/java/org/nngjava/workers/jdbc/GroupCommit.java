package org.nngjava.workers.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.nngjava.workers.JobStoreException;
import org.nngjava.workers.StoredJob;

/**
 * The one thread that writes. Whatever waits when it is free is committed in one transaction, then those who wait are told. A
 * failure is one of all that waits: what was to be saved after it is not saved without it. It goes on with a new connection, so that nothing of
 * what is broken stays.
 */
final class GroupCommit implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(GroupCommit.class.getName());
    private static final int LARGEST_GROUP = 1_000;

    /** What is saved or not as a whole. */
    private record Write(List<Row> changed, Collection<String> forgotten, CompletableFuture<Void> done, boolean last) {}

    private record Row(String id, String state, String job) {
        static Row of(StoredJob job) {
            return new Row(job.job().id(), job.job().state().name(), JobJson.write(job));
        }
    }

    private final Dialect dialect;
    private final BlockingQueue<Write> waiting = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "nng-workers-store");
    private Connection connection;
    private PreparedStatement save;
    private PreparedStatement forget;
    private boolean closed;

    /** Connects, and brings the schema up to date. */
    GroupCommit(Dialect dialect) throws SQLException {
        this.dialect = dialect;
        try {
            connect();
        } catch (SQLException e) {
            disconnect();
            throw e;
        }
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Completes once it is committed. Jobs become rows on the caller's thread, which has time while this one waits for the disk. */
    CompletableFuture<Void> write(Collection<StoredJob> changed, Collection<String> forgotten) {
        List<Row> rows = changed.stream().map(Row::of).toList();
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (waiting) {
            if (closed) {
                done.completeExceptionally(new JobStoreException(dialect + " is closed", null));
            } else {
                waiting.add(new Write(rows, forgotten, done, false));
            }
        }
        return done;
    }

    /** Writes what still waits, and disconnects. Idempotent. */
    @Override
    public void close() {
        synchronized (waiting) {
            if (!closed) {
                closed = true;
                waiting.add(new Write(List.of(), List.of(), new CompletableFuture<>(), true));
            }
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean open = true;
        while (open) {
            List<Write> group = nextGroup();
            try {
                commit(group);
                group.forEach(write -> write.done().complete(null));
            } catch (SQLException | RuntimeException | Error e) {
                disconnect();
                waiting.drainTo(group);
                JobStoreException failure =
                        new JobStoreException("cannot write to " + dialect + ": " + e.getMessage(), e);
                group.forEach(write -> write.done().completeExceptionally(failure));
            }
            open = group.stream().noneMatch(Write::last);
        }
        disconnect();
    }

    private List<Write> nextGroup() {
        List<Write> group = new ArrayList<>();
        while (group.isEmpty()) {
            try {
                group.add(waiting.take());
            } catch (InterruptedException e) {
                LOG.log(System.Logger.Level.DEBUG, "interrupted by nobody that should");
            }
        }
        waiting.drainTo(group, LARGEST_GROUP - 1);
        return group;
    }

    private void commit(List<Write> group) throws SQLException {
        if (connection == null) {
            connect();
        }
        for (Write write : group) {
            add(write);
        }
        connection.commit();
    }

    private void add(Write write) throws SQLException {
        for (Row row : write.changed()) {
            save.setString(1, row.id());
            save.setString(2, row.state());
            save.setString(3, row.job());
            save.addBatch();
        }
        save.executeBatch();
        for (String id : write.forgotten()) {
            forget.setString(1, id);
            forget.addBatch();
        }
        forget.executeBatch();
    }

    private void connect() throws SQLException {
        connection = dialect.openWriter();
        Schema.migrate(connection, dialect);
        save = connection.prepareStatement(Dialect.SAVE);
        forget = connection.prepareStatement(Dialect.FORGET);
    }

    /** What is not committed is rolled back. */
    private void disconnect() {
        if (connection == null) {
            return;
        }
        try (Connection ended = connection) {
            connection = null;
            ended.rollback();
        } catch (SQLException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "a connection to " + dialect + " ends", e);
        }
    }
}
