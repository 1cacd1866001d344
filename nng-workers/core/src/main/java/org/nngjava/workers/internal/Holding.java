package org.nngjava.workers.internal;

import org.nngjava.workers.Lease;

/** A lease in force: who has it, and whether the holder said so. */
final class Holding {
    private final Lease lease;
    private final String question;
    private final boolean recovered;
    private boolean claimed;
    private double progress;

    private Holding(Lease lease, String question, boolean recovered) {
        this.lease = lease;
        this.question = question;
        this.recovered = recovered;
    }

    /** A lease given in answer to a question. */
    static Holding given(Lease lease, String question) {
        return new Holding(lease, question, false);
    }

    /** A lease that an earlier start of the broker gave. */
    static Holding recovered(Lease lease) {
        return new Holding(lease, "", true);
    }

    Lease lease() {
        return lease;
    }

    /** The id of the question that it answers. */
    String question() {
        return question;
    }

    /** True until the worker has shown that it received the job. */
    boolean isUnclaimed() {
        return !claimed;
    }

    /** True if the broker was restarted and the worker was not heard of since. */
    boolean isUnclaimedSinceRestart() {
        return recovered && !claimed;
    }

    /** The holder says that it has the lease. True if the progress is new. */
    boolean claim(double newProgress) {
        boolean news = newProgress != progress;
        claimed = true;
        progress = newProgress;
        return news;
    }
}
