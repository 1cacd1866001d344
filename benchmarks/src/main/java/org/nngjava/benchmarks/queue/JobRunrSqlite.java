package org.nngjava.benchmarks.queue;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Duration;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.configuration.JobRunrConfiguration;
import org.jobrunr.scheduling.JobScheduler;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.sql.sqlite.SqLiteStorageProvider;
import org.jobrunr.utils.mapper.jackson3.Jackson3JsonMapper;

/** JobRunr on SQLite, that looks for jobs as often as it lets itself be told. One at a time: JobRunr is static. */
public final class JobRunrSqlite implements Subject {
    private static final Duration POLL = Duration.ofSeconds(5);

    private static volatile Runnable noop;

    private final HikariDataSource connections;
    private JobScheduler scheduler;

    JobRunrSqlite(Path directory) {
        connections = Databases.sqlite(directory);
    }

    /** What the jobs do. JobRunr calls it by its name. */
    public static void run() {
        noop.run();
    }

    @Override
    public void submit() {
        scheduler.enqueue(() -> JobRunrSqlite.run());
    }

    @Override
    public int leastJobs() {
        return 2_000;
    }

    @Override
    public boolean takesJobsBeforeItWorks() {
        return false;
    }

    @Override
    public void work(int workers, Runnable job) {
        noop = job;
        JobRunrConfiguration configuration = JobRunr.configure()
                .useJsonMapper(new Jackson3JsonMapper())
                .useStorageProvider(new SqLiteStorageProvider(connections))
                .useBackgroundJobServer(BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                        .andPollInterval(POLL)
                        .andWorkerCount(workers)
                        .andInterruptJobsAwaitDurationOnStopBackgroundJobServer(Duration.ofSeconds(1)));
        scheduler = configuration.initialize().getJobScheduler();
    }

    @Override
    public void close() {
        JobRunr.destroy();
        connections.close();
    }
}
