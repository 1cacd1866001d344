/**
 * Jobs that outlive their queue's process, in a SQL database: {@link org.nngjava.workers.jdbc.JdbcJobStore} on SQLite or
 * PostgreSQL.
 *
 * <p>A store writes with one thread of its own and reads with the threads that ask; it may be used by any number of threads.
 */
package org.nngjava.workers.jdbc;
