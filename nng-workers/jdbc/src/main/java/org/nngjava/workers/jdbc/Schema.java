package org.nngjava.workers.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Brings a database to the version of the schema that this code knows. */
final class Schema {
    private Schema() {}

    /** Does what is missing, in one transaction. Refuses a version that is not known. */
    static void migrate(Connection writer, Dialect dialect) throws SQLException {
        List<List<String>> migrations = dialect.migrations();
        Sqlite.run(writer, "CREATE TABLE IF NOT EXISTS nng_schema (version INTEGER NOT NULL PRIMARY KEY)");
        int version = version(writer);
        if (version > migrations.size()) {
            writer.rollback();
            throw new SQLException("its schema has version " + version + ", this program knows those up to "
                    + migrations.size() + ": use a later version of nng-workers-jdbc");
        }
        for (int next = version + 1; next <= migrations.size(); next++) {
            for (String sql : migrations.get(next - 1)) {
                Sqlite.run(writer, sql);
            }
            try (PreparedStatement done = writer.prepareStatement("INSERT INTO nng_schema (version) VALUES (?)")) {
                done.setInt(1, next);
                done.executeUpdate();
            }
        }
        writer.commit();
    }

    private static int version(Connection writer) throws SQLException {
        try (Statement statement = writer.createStatement();
                ResultSet newest = statement.executeQuery("SELECT COALESCE(MAX(version), 0) FROM nng_schema")) {
            newest.next();
            return newest.getInt(1);
        }
    }
}
