package org.nngjava.benchmarks.queue;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** db-scheduler, told to look for what is due as soon as something is submitted. */
final class DbScheduler implements Subject {
    private static final Duration POLL = Duration.ofMillis(100);

    private final AtomicLong submitted = new AtomicLong();
    private final HikariDataSource connections;
    private final boolean postgresql;
    private volatile Runnable job;
    private final OneTimeTask<Void> task = Tasks.oneTime("noop").execute((instance, context) -> job.run());
    private SchedulerClient client;
    private Scheduler scheduler;

    private DbScheduler(HikariDataSource connections, boolean postgresql) throws IOException {
        this.connections = connections;
        this.postgresql = postgresql;
        String bytes = postgresql ? "BYTEA" : "BLOB";
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS scheduled_tasks");
            statement.execute("CREATE TABLE scheduled_tasks (task_name TEXT NOT NULL, task_instance TEXT NOT NULL, "
                    + "task_data " + bytes + ", execution_time TIMESTAMP WITH TIME ZONE, picked BOOLEAN NOT NULL, "
                    + "picked_by TEXT, last_success TIMESTAMP WITH TIME ZONE, last_failure TIMESTAMP WITH TIME ZONE, "
                    + "consecutive_failures INT, last_heartbeat TIMESTAMP WITH TIME ZONE, version BIGINT NOT NULL, "
                    + "priority SMALLINT, state TEXT, PRIMARY KEY (task_name, task_instance))");
            statement.execute("CREATE INDEX due ON scheduled_tasks (execution_time)");
            statement.execute("CREATE INDEX alive ON scheduled_tasks (last_heartbeat)");
        } catch (SQLException e) {
            throw new IOException(e);
        }
        client = SchedulerClient.Builder.create(connections, task).build();
    }

    static DbScheduler sqlite(Path directory) throws IOException {
        return new DbScheduler(Databases.sqlite(directory), false);
    }

    static DbScheduler postgresql(String url) throws IOException {
        return new DbScheduler(Databases.postgresql(url), true);
    }

    @Override
    public void submit() {
        client.scheduleIfNotExists(task.instance(Long.toString(submitted.incrementAndGet())), Instant.now());
    }

    @Override
    public void work(int workers, Runnable job) {
        this.job = job;
        var builder = Scheduler.create(connections, task)
                .threads(workers)
                .pollingInterval(POLL)
                .shutdownMaxWait(Duration.ofSeconds(2))
                .enableImmediateExecution();
        if (postgresql) {
            builder.pollUsingLockAndFetch(0.5, 4);
        }
        scheduler = builder.build();
        client = scheduler;
        scheduler.start();
    }

    @Override
    public void close() {
        if (scheduler != null) {
            scheduler.stop();
        }
        connections.close();
    }
}
