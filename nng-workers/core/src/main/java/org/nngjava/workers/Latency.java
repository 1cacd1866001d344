package org.nngjava.workers;

/**
 * How long something took, lately: in the last one to two minutes. Percentiles are exact to an eighth.
 *
 * @param count how often it was measured
 * @param p50Micros half of them took no longer, in microseconds
 * @param p99Micros 99 of 100 took no longer, in microseconds
 * @param maxMicros the longest, in microseconds
 */
public record Latency(long count, long p50Micros, long p99Micros, long maxMicros) {
    /** Of something that did not happen. */
    public static final Latency NONE = new Latency(0, 0, 0, 0);
}
