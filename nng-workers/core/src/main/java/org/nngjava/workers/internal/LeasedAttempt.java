package org.nngjava.workers.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.nngjava.workers.JobError;
import org.nngjava.workers.LeasedJob;

/** One attempt at a job that is done elsewhere, on the worker's side. It ends once. Safe for use by many threads. */
final class LeasedAttempt extends Assignment implements LeasedJob {
    private final Desk desk;
    private volatile boolean released;
    private boolean over; // guarded by this

    /** Where it is told how an attempt ended. */
    interface Desk {
        /**
         * It ended by itself.
         *
         * @param result a small one, or null
         * @param confirmed to be completed when the broker has answered
         */
        void ended(LeasedAttempt attempt, Report report, ByteBuffer result, CompletableFuture<Boolean> confirmed);

        /** Its lease has ended before. */
        void dropped(LeasedAttempt attempt);
    }

    LeasedAttempt(Reply.Run run, ByteBuffer smallPayload, Channel channel, Desk desk) {
        super(run, smallPayload, channel);
        this.desk = desk;
    }

    // ---- For the holder

    @Override
    public String token() {
        return super.token();
    }

    @Override
    public Duration timeout() {
        return limit();
    }

    @Override
    public Optional<byte[]> smallPayload() {
        ByteBuffer bytes = atHand();
        if (bytes.remaining() < payloadSize()) {
            return Optional.empty();
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return Optional.of(copy);
    }

    @Override
    public boolean cancelled() {
        return isOver();
    }

    @Override
    public CompletableFuture<Boolean> succeed() {
        ResultStream written = written();
        try {
            if (written != null && !isOver()) {
                written.end();
            }
        } catch (IOException e) {
            if (!isOver()) {
                return CompletableFuture.failedFuture(e);
            }
        }
        return end(done(written), written == null ? null : written.smallBytes());
    }

    @Override
    public CompletableFuture<Boolean> fail(JobError error) {
        return end(failed(error), null);
    }

    @Override
    public CompletableFuture<Boolean> giveBack() {
        return end(returned(), null);
    }

    // ---- For the worker

    /** Ends it if it takes too long. True if it did not end before. */
    boolean endIfOverdue() {
        boolean overdue = isOverdue() && !isOver();
        if (overdue) {
            end(timedOut(), null);
        }
        return overdue;
    }

    /** True if its lease is not to be kept any more. */
    boolean isReleased() {
        return released;
    }

    @Override
    void drop() {
        released = true;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        desk.dropped(this);
    }

    // ---- For the streams

    /** Progress goes with the next heartbeat. */
    @Override
    void progressed() {}

    @Override
    synchronized boolean isOver() {
        return over;
    }

    private CompletableFuture<Boolean> end(Report report, ByteBuffer result) {
        synchronized (this) {
            if (over) {
                return CompletableFuture.completedFuture(false);
            }
            over = true;
        }
        CompletableFuture<Boolean> confirmed = new CompletableFuture<>();
        desk.ended(this, report, result, confirmed);
        return confirmed.copy();
    }
}
