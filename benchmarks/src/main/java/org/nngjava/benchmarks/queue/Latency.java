package org.nngjava.benchmarks.queue;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Measures how long single jobs take to run. */
final class Latency {
    private static final int PATIENCE_SECONDS = 30;

    private Latency() {}

    /**
     * Submits one job after the other.
     *
     * @param jobs how many count; a third as many run before
     * @param pauseMillis how long to wait after each
     * @param submit submits a job, and says where the time comes when it runs
     * @return the median and the 99th percentile, in microseconds
     */
    static double[] measure(int jobs, int pauseMillis, Supplier<BlockingQueue<Long>> submit)
            throws IOException, InterruptedException {
        double[] micros = new double[jobs];
        for (int i = -jobs / 3; i < jobs; i++) {
            long begun = System.nanoTime();
            Long ran = submit.get().poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (ran == null) {
                throw new IOException("a job did not run");
            }
            if (i >= 0) {
                micros[i] = (ran - begun) / 1e3;
            }
            Thread.sleep(pauseMillis);
        }
        Arrays.sort(micros);
        return new double[] {micros[jobs / 2], micros[jobs * 99 / 100]};
    }
}
