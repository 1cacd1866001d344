package org.nngjava.workers.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** All in which databases differ. Its text form names the database. */
interface Dialect {
    /** Puts a row in place of the one of the same id: id, state, job. */
    String SAVE = "INSERT INTO nng_jobs (id, state, job) VALUES (?, ?, ?) "
            + "ON CONFLICT (id) DO UPDATE SET state = excluded.state, job = excluded.job";

    /** Removes the row of an id. */
    String FORGET = "DELETE FROM nng_jobs WHERE id = ?";

    /** Makes sure that no other store has the database open. */
    default void lock() throws SQLException {}

    /** Lets others open the database. Only after {@link #lock}. */
    default void unlock() {}

    /** A connection for the one thread that writes, without auto-commit; whatever it commits is on disk. */
    Connection openWriter() throws SQLException;

    /** A connection to read what is committed. */
    Connection openReader() throws SQLException;

    /** What has to be done for each version of the schema, beginning with version 1. Never change what was released. */
    List<List<String>> migrations();
}
