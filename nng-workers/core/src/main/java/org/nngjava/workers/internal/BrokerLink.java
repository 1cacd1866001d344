package org.nngjava.workers.internal;

import org.nngjava.workers.Traffic;

/** A worker's way to its broker. Requests wait while there is none. Safe for use by many threads. */
interface BrokerLink extends AutoCloseable {
    /**
     * The shortest way: none of NNG's threads has to wake up for a broker in the same process.
     *
     * @param url where the broker is
     * @param access how to connect
     */
    static BrokerLink to(String url, Access access) {
        return url.startsWith("inproc://") ? new LocalLink(url, access) : new NngLink(url, access);
    }

    /** Opens a line. */
    Line line();

    /** Opens a line to talk on. */
    default Channel open() {
        return new Channel(line());
    }

    /** Where the broker is. */
    String url();

    /** What the connections to other processes carried. */
    Traffic traffic();

    /** For people: what is known of a connection that does not come about. May be empty. */
    String counts();

    @Override
    void close();
}
