package org.nngjava.benchmarks;

import java.util.Collection;
import java.util.stream.DoubleStream;

/** The middle of what was measured. */
public final class Median {
    private Median() {}

    /** Of at least one value. */
    public static double of(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Of at least one value. */
    public static double of(Collection<Double> values) {
        return of(values.stream().mapToDouble(Double::doubleValue));
    }

    /** Of at least one value. */
    public static double of(double... values) {
        return of(DoubleStream.of(values));
    }
}
