package org.nngjava.workers;

/**
 * What a pipeline knows of one of its sinks at one moment.
 *
 * @param url where it listens
 * @param link whether it is connected
 * @param waiting messages that it has and that are not delivered yet
 * @param delivered messages that were delivered to it
 * @param returned messages that were taken back from it, since it went away or did not answer, and given to others
 */
public record SinkStatus(String url, Link link, int waiting, long delivered, long returned) {
    /** Whether a sink is connected. */
    public enum Link {
        /** It is. */
        CONNECTED,
        /** Nobody answers at its address. */
        AWAY,
        /** Somebody answers who is no sink of this kind: no sink at all, or one that acknowledges where it should not, or does not where it should. */
        UNFIT
    }
}
