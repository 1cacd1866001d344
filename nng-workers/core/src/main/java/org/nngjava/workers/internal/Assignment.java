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

/** What a worker was given: a job under a lease, the way to its payload, and the way of its result to the broker. */
abstract class Assignment implements JobContext {
    private static final System.Logger LOG = System.getLogger(Assignment.class.getName());
    private static final Duration CHUNK_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Reply.Run run;
    private final ByteBuffer smallPayload;
    private final Channel channel;
    private final long begun = System.nanoTime();
    private volatile double progress;
    private ResultStream result;

    /**
     * An assignment as it came.
     *
     * @param smallPayload the body of the answer; copied
     */
    Assignment(Reply.Run run, ByteBuffer smallPayload, Channel channel) {
        this.run = run;
        this.smallPayload = SmallBlobs.copy(smallPayload);
        this.channel = channel;
    }

    /** There is progress to tell. Any thread. */
    abstract void progressed();

    /** True if nothing is to be asked of the broker under this lease any more. */
    abstract boolean isOver();

    /** The lease has ended: the result is not wanted. */
    abstract void drop();

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
        InputStream whole = new PayloadStream(this, atHand());
        return run.payloadSha256() == null
                ? whole
                : new CheckedStream(whole, run.payloadSha256(), "the payload of job " + id());
    }

    @Override
    public synchronized OutputStream result(String contentType) {
        if (contentType != null) {
            Limits.name("a media type", contentType);
        }
        result = new ResultStream(this, contentType);
        return result;
    }

    @Override
    public void progress(double fraction) {
        double bounded = Double.isNaN(fraction) ? 0 : Math.max(0, Math.min(1, fraction));
        if (bounded != progress) {
            progress = bounded;
            progressed();
        }
    }

    /** What was begun of the result, or null. */
    synchronized ResultStream written() {
        return result;
    }

    /** What came along with the job: all of a small payload, nothing of a big one. */
    ByteBuffer atHand() {
        return smallPayload.duplicate();
    }

    Channel channel() {
        return channel;
    }

    String token() {
        return run.token();
    }

    /** When it was begun, as {@link System#nanoTime} has it. */
    long begun() {
        return begun;
    }

    /** How long ago that was. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    boolean isOverdue() {
        return age().compareTo(limit()) > 0;
    }

    Duration limit() {
        return Duration.ofMillis(run.timeoutMs());
    }

    Request.Claim claim() {
        return new Request.Claim(run.job(), run.token(), progress);
    }

    Report failed(JobError error) {
        return new Report(run.job(), run.token(), Report.Outcome.FAILED, error, null);
    }

    Report timedOut() {
        return failed(new JobError(JobError.TIMEOUT, "the attempt took longer than " + limit(), false));
    }

    Report returned() {
        return new Report(run.job(), run.token(), Report.Outcome.RETURNED, null, null);
    }

    /** Names the result, which has ended, if there is one. */
    Report done(ResultStream written) {
        Report.Result named = written == null ? null : new Report.Result(written.contentType(), written.uploadId());
        return new Report(run.job(), run.token(), Report.Outcome.DONE, null, named);
    }

    /**
     * Asks the broker until it answers.
     *
     * @throws IOException if it refuses, or nobody wants to know any more
     */
    Answer call(Request request, ByteBuffer body) throws IOException {
        try {
            while (true) {
                if (isOver()) {
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
}
