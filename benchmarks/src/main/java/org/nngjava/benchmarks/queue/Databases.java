package org.nngjava.benchmarks.queue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;

/** Pools of connections to what the libraries keep their jobs in. All of them wait for the disk at each commit. */
final class Databases {
    private Databases() {}

    /** A new SQLite database: with one connection, since SQLite has one writer, and others would only wait for its lock. */
    static HikariDataSource sqlite(Path directory) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:sqlite:" + directory.resolve("jobs.db"));
        config.addDataSourceProperty("journal_mode", "WAL");
        config.addDataSourceProperty("synchronous", "FULL");
        config.addDataSourceProperty("busy_timeout", "10000");
        config.setMaximumPoolSize(1);
        return new HikariDataSource(config);
    }

    static HikariDataSource postgresql(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(20);
        return new HikariDataSource(config);
    }
}
