package org.nngjava.gifbroker.load;

import org.nngjava.workers.JobContext;
import org.nngjava.workers.Task;

/**
 * One worker's part of a load test.
 *
 * @param request what is sent
 * @param requests how often, in all
 * @param connections how many requests are under way at a time
 * @param perSecond how many are begun in a second, evenly; 0 for as many as are answered
 */
public record LoadShare(LoadRequest request, int requests, int connections, double perSecond)
        implements Task<LoadResult> {
    /** Checks that there is something to do for each connection. */
    public LoadShare {
        if (connections < 1 || requests < connections) {
            throw new IllegalArgumentException(requests + " requests over " + connections + " connections");
        }
    }

    /**
     * A part of this share.
     *
     * @param parts how many there are, at most as many as connections
     * @param number which one, from 0
     */
    public LoadShare part(int parts, int number) {
        return new LoadShare(
                request, part(requests, parts, number), part(connections, parts, number), perSecond / parts);
    }

    private static int part(int whole, int parts, int number) {
        return whole / parts + (number < whole % parts ? 1 : 0);
    }

    @Override
    public LoadResult run(JobContext job) throws Exception {
        try (LoadRun run = new LoadRun(this)) {
            return run.run(job::progress);
        }
    }
}
