package org.nngjava;

import java.util.concurrent.locks.LockSupport;

/** An operation for whose end a thread waits. */
final class BlockingOperation implements Operation {
    // Between two looks at a quiet aio. Its pipe is busy for the moment that NNG takes to send, or as long as its peer
    // does not read.
    private static final long SHORTEST_PAUSE_NANOS = 20_000;
    private static final long LONGEST_PAUSE_NANOS = 10_000_000;

    private final Conduit conduit;
    private final String verb;
    private final Thread waiter = Thread.currentThread();
    private boolean interrupted;
    private int result;
    private long message;
    private volatile boolean ended;

    BlockingOperation(Conduit conduit, String verb) {
        this.conduit = conduit;
        this.verb = verb;
        if (NngThread.isCurrent()) {
            throw new IllegalStateException(verb + " on " + conduit
                    + ": must not block NNG's thread; use the asynchronous form, or an executor of your own");
        }
        if (waiter.isInterrupted()) {
            throw new NngInterruptedException(verb + " on " + conduit);
        }
    }

    @Override
    public void ended(int result, long message) {
        this.result = result;
        this.message = message;
        this.ended = true;
        LockSupport.unpark(waiter);
    }

    /** Waits; an interrupt cancels the operation, whose end is awaited all the same, so that no message is lost. */
    void await(Aio aio) {
        for (long pause = SHORTEST_PAUSE_NANOS; !hasEnded(aio); pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS)) {
            if (aio.quiet) {
                LockSupport.parkNanos(this, pause);
            } else {
                LockSupport.park(this);
            }
            if (Thread.interrupted()) {
                interrupted = true;
                aio.cancel(this);
            }
        }
        if (interrupted) {
            waiter.interrupt();
        }
    }

    private boolean hasEnded(Aio aio) {
        if (aio.quiet && !ended) {
            aio.look();
        }
        return ended;
    }

    int result() {
        return result;
    }

    long message() {
        return message;
    }

    NngException failure() {
        if (interrupted && result == NngError.ECANCELED.code()) {
            return new NngInterruptedException(verb + " on " + conduit);
        }
        return conduit.failure(verb, result);
    }
}
