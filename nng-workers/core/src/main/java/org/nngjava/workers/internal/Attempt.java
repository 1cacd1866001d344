package org.nngjava.workers.internal;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.nngjava.workers.JobError;
import org.nngjava.workers.JobHandler;
import org.nngjava.workers.PermanentFailureException;

/**
 * One attempt at a job, on the worker's side: the handler's view of it, and the means to halt it. The slot's thread runs it;
 * any thread may halt it.
 */
final class Attempt extends Assignment {
    private static final System.Logger LOG = System.getLogger(Attempt.class.getName());

    /** Why an attempt is to end before its handler does. */
    enum Halt {
        /** It is not wanted any more: cancelled, or the lease is lost. Nothing is reported. */
        DROPPED,
        /** It took too long: a failure. */
        TIMED_OUT,
        /** The worker stops, or does not reach the broker any more: the job is given back. */
        GIVEN_BACK
    }

    private final Runnable progressed;
    private final Thread thread = Thread.currentThread();
    private volatile Halt halt;
    private volatile long haltedAt;
    private volatile boolean released;
    private volatile boolean abandoned;
    private volatile Phase phase = Phase.BEGUN;

    private enum Phase {
        BEGUN,
        HANDLING,
        ENDED
    }

    /**
     * For the thread that will run it.
     *
     * @param smallPayload the body of the answer; copied
     * @param progressed told when there is progress
     */
    Attempt(Reply.Run run, ByteBuffer smallPayload, Channel channel, Runnable progressed) {
        super(run, smallPayload, channel);
        this.progressed = progressed;
    }

    // ---- For the handler

    @Override
    public synchronized OutputStream result(String contentType) {
        if (written() != null) {
            throw new IllegalStateException("job " + id() + " has its result already");
        }
        return super.result(contentType);
    }

    @Override
    public boolean cancelled() {
        return halt != null;
    }

    // ---- For the slot

    /**
     * Runs the handler to its end.
     *
     * @return how it ended, or null if nobody wants to know
     */
    Outcome run(JobHandler handler) {
        try {
            begin();
            handler.handle(this);
            clearOwnInterrupt();
            ResultStream written = written();
            if (written != null) {
                written.end();
            }
            return outcome(new Outcome(done(written), written == null ? null : written.smallBytes()));
        } catch (PermanentFailureException e) {
            return outcome(new Outcome(failed(new JobError(e.code(), e.getMessage(), true)), null));
        } catch (Throwable e) {
            if (halt == null) {
                LOG.log(System.Logger.Level.WARNING, "job " + id() + " failed in attempt " + attempt(), e);
            }
            return outcome(new Outcome(failed(new JobError(JobError.EXCEPTION, e.toString(), false)), null));
        }
    }

    /**
     * How an attempt ended, to be reported.
     *
     * @param report the report
     * @param result a small result, or null
     */
    record Outcome(Report report, ByteBuffer result) {}

    /** What is to be reported of an attempt that was halted: null for nothing. */
    Outcome haltedOutcome() {
        return switch (halt) {
            case DROPPED -> null;
            case TIMED_OUT -> new Outcome(timedOut(), null);
            case GIVEN_BACK -> new Outcome(returned(), null);
        };
    }

    // ---- For whoever watches over it

    Halt halted() {
        return halt;
    }

    long haltedAt() {
        return haltedAt;
    }

    /** True from when it is begun until the handler has ended. */
    boolean isRunning() {
        return phase != Phase.ENDED;
    }

    /** True if its lease is not to be kept any more. */
    boolean isReleased() {
        return released;
    }

    /** The lease has ended: it is not to be kept, and the result is not wanted. */
    @Override
    void drop() {
        released = true;
        halt(Halt.DROPPED);
    }

    /** Interrupts the handler. After that the attempt ends as the reason says, whatever the handler does. */
    synchronized void halt(Halt reason) {
        if (phase == Phase.ENDED) {
            return;
        }
        if (halt == null) {
            haltedAt = System.nanoTime();
            halt = reason;
        } else if (reason == Halt.DROPPED) {
            halt = reason;
        }
        if (phase == Phase.HANDLING) {
            thread.interrupt();
        }
    }

    /** The handler is stuck and its thread given up: whatever it does now is for nothing. False if it has just ended. */
    synchronized boolean abandon() {
        abandoned = phase != Phase.ENDED;
        phase = Phase.ENDED;
        return abandoned;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    // ---- For the streams

    @Override
    void progressed() {
        progressed.run();
    }

    @Override
    boolean isOver() {
        return halt != null || phase == Phase.ENDED;
    }

    private synchronized void begin() throws InterruptedException {
        phase = Phase.HANDLING;
        if (halt != null) {
            throw new InterruptedException("halted before it began");
        }
    }

    /** An interrupt that a handler left behind, and that was not meant to halt it, must not spoil its result. */
    private void clearOwnInterrupt() {
        if (Thread.interrupted() && halt != null) {
            thread.interrupt();
        }
    }

    /** The handler has ended: from here on nothing interrupts the thread any more. */
    private synchronized Outcome outcome(Outcome ofHandler) {
        phase = Phase.ENDED;
        Thread.interrupted();
        channel().cancelIfBusy();
        return halt == null ? ofHandler : haltedOutcome();
    }
}
