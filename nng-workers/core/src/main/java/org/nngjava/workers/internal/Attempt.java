package org.nngjava.workers.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.nngjava.workers.JobContext;
import org.nngjava.workers.JobError;
import org.nngjava.workers.JobHandler;
import org.nngjava.workers.PermanentFailureException;

/**
 * One attempt at a job, on the worker's side: the handler's view of it, and the means to halt it. The slot's thread runs it;
 * any thread may halt it.
 */
final class Attempt implements JobContext {
    private static final System.Logger LOG = System.getLogger(Attempt.class.getName());
    private static final Duration CHUNK_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Why an attempt is to end before its handler does. */
    enum Halt {
        /** It is not wanted any more: cancelled, or the lease is lost. Nothing is reported. */
        DROPPED,
        /** It took too long: a failure. */
        TIMED_OUT,
        /** The worker stops, or does not reach the broker any more: the job is given back. */
        GIVEN_BACK
    }

    private final Reply.Run run;
    private final ByteBuffer smallPayload;
    private final Channel channel;
    private final Runnable progressed;
    private final Thread thread = Thread.currentThread();
    private final long begun = System.nanoTime();
    private volatile double progress;
    private volatile Halt halt;
    private volatile long haltedAt;
    private volatile boolean released;
    private volatile boolean abandoned;
    private volatile Phase phase = Phase.BEGUN;
    private ResultStream result;

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
        this.run = run;
        this.smallPayload = ByteBuffer.allocate(smallPayload.remaining())
                .put(smallPayload.duplicate())
                .flip();
        this.channel = channel;
        this.progressed = progressed;
    }

    // ---- For the handler

    @Override
    public String id() {
        return run.job();
    }

    @Override
    public String type() {
        return run.type();
    }

    @Override
    public int attempt() {
        return run.attempt();
    }

    @Override
    public Map<String, String> options() {
        return run.options();
    }

    @Override
    public Set<String> labels() {
        return run.labels();
    }

    @Override
    public long payloadSize() {
        return run.payloadSize();
    }

    @Override
    public InputStream payload() {
        InputStream whole = new PayloadStream(this, smallPayload.duplicate());
        return run.payloadSha256() == null
                ? whole
                : new CheckedStream(whole, run.payloadSha256(), "the payload of job " + id());
    }

    @Override
    public synchronized OutputStream result(String contentType) {
        if (contentType != null) {
            Limits.name("a media type", contentType);
        }
        if (result != null) {
            throw new IllegalStateException("job " + id() + " has its result already");
        }
        result = new ResultStream(this, contentType);
        return result;
    }

    @Override
    public void progress(double fraction) {
        double bounded = Double.isNaN(fraction) ? 0 : Math.max(0, Math.min(1, fraction));
        if (bounded != progress) {
            progress = bounded;
            progressed.run();
        }
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
            ResultStream written = result();
            if (written != null) {
                written.end();
            }
            return outcome(new Outcome(report(Report.Outcome.DONE, null, written), bytes(written)));
        } catch (PermanentFailureException e) {
            return outcome(failed(new JobError(e.code(), e.getMessage(), true)));
        } catch (Throwable e) {
            if (halt == null) {
                LOG.log(System.Logger.Level.WARNING, "job " + id() + " failed in attempt " + attempt(), e);
            }
            return outcome(failed(new JobError(JobError.EXCEPTION, e.toString(), false)));
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
            case TIMED_OUT ->
                failed(new JobError(
                        JobError.TIMEOUT, "the attempt took longer than " + Duration.ofMillis(run.timeoutMs()), false));
            case GIVEN_BACK -> new Outcome(report(Report.Outcome.RETURNED, null, null), null);
        };
    }

    // ---- For whoever watches over it

    Request.Claim claim() {
        return new Request.Claim(run.job(), run.token(), progress);
    }

    String token() {
        return run.token();
    }

    long begun() {
        return begun;
    }

    boolean isOverdue() {
        return System.nanoTime() - begun > Duration.ofMillis(run.timeoutMs()).toNanos();
    }

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

    String leaseToken() {
        return run.token();
    }

    /**
     * Asks the broker until it answers.
     *
     * @throws IOException if it refuses, or the attempt is halted
     */
    Answer call(Request request, ByteBuffer body) throws IOException {
        try {
            while (true) {
                if (halt != null || phase == Phase.ENDED) {
                    throw new InterruptedIOException("job " + id() + " is halted");
                }
                try {
                    Answer answer = channel.call(request, body, CHUNK_TIMEOUT);
                    if (!(answer.reply() instanceof Reply.Refused refused)) {
                        return answer;
                    }
                    answer.close();
                    refused(refused);
                } catch (LinkException | CancellationException e) {
                    LOG.log(System.Logger.Level.DEBUG, "asking again", e);
                }
                Thread.sleep(PAUSE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("job " + id() + " is interrupted");
        }
    }

    private void refused(Reply.Refused refused) throws IOException {
        switch (refused.code()) {
            case Reply.Refused.BUSY -> LOG.log(System.Logger.Level.DEBUG, "the broker is busy");
            case Reply.Refused.STALE -> {
                drop();
                throw new IOException("the lease of job " + id() + " has ended");
            }
            default -> throw new IOException(refused.message());
        }
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

    private synchronized ResultStream result() {
        return result;
    }

    /** The handler has ended: from here on nothing interrupts the thread any more. */
    private synchronized Outcome outcome(Outcome ofHandler) {
        phase = Phase.ENDED;
        Thread.interrupted();
        channel.cancelIfBusy();
        return halt == null ? ofHandler : haltedOutcome();
    }

    private Outcome failed(JobError error) {
        return new Outcome(report(Report.Outcome.FAILED, error, null), null);
    }

    private Report report(Report.Outcome outcome, JobError error, ResultStream written) {
        Report.Result named = written == null ? null : new Report.Result(written.contentType(), written.uploadId());
        return new Report(run.job(), run.token(), outcome, error, named);
    }

    private static ByteBuffer bytes(ResultStream written) {
        return written == null ? null : written.smallBytes();
    }
}
