package org.nngjava.workers.internal;

import java.time.Duration;
import org.nngjava.workers.Retention;

/**
 * How a broker behaves.
 *
 * @param lease how long a lease lasts without a heartbeat
 * @param heartbeat how often workers say that they live
 * @param grace how long a worker may take to come back when its connection was closed
 * @param parkTime how long a question for a job may stay open
 * @param capacity how many jobs may be queued
 * @param deaths how many workers a job may take down before it is given up
 * @param retention how long finished jobs are remembered
 */
public record Settings(
        Duration lease,
        Duration heartbeat,
        Duration grace,
        Duration parkTime,
        int capacity,
        int deaths,
        Retention retention) {
    /** What a queue has unless told otherwise. */
    public static final Settings DEFAULTS = new Settings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(20),
            10_000,
            3,
            Retention.of(10_000, Duration.ofDays(1)));

    /** Checks that the times fit together. */
    public Settings {
        if (lease.compareTo(heartbeat.multipliedBy(3)) < 0) {
            throw new IllegalArgumentException(
                    "a lease of " + lease + " is shorter than three heartbeats of " + heartbeat);
        }
        if (heartbeat.toMillis() < 1 || grace.toMillis() < 1 || parkTime.toMillis() < 1) {
            throw new IllegalArgumentException("heartbeat, grace and park time are 1 ms at least");
        }
        if (capacity < 1 || deaths < 1) {
            throw new IllegalArgumentException("capacity and deaths are 1 at least");
        }
    }
}
