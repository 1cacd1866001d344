package org.nngjava.benchmarks.load;

import java.util.List;

/**
 * What one run of a load tester says; times in milliseconds.
 *
 * @param perSecond answers in a second
 */
record Measured(double perSecond, double mean, double p50, double p90, double p99) {
    static final List<String> NAMES = List.of("answers/s", "mean ms", "50 % ms", "90 % ms", "99 % ms");

    List<Double> values() {
        return List.of(perSecond, mean, p50, p90, p99);
    }
}
