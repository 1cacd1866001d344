package org.nngjava.gifbroker.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Makes a body the result of a job, as it comes. */
final class ResultSink implements RequestBody.Sink<Void> {
    private final WorkLease lease;
    private final OutputStream result;
    private final long limit;
    private long size;

    /**
     * @param contentType the body's media type, or null
     * @param limit bytes that a result may have
     */
    ResultSink(WorkLease lease, String contentType, long limit) {
        this.lease = lease;
        this.limit = limit;
        result = lease.job().result(contentType);
    }

    @Override
    public void write(ByteBuffer bytes) {
        size += bytes.remaining();
        if (size > limit) {
            throw tooLarge(limit);
        }
        lease.renew();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        try {
            result.write(copy);
        } catch (IOException e) {
            throw lease.job().cancelled() ? WorkHandlers.stale(lease.job().id()) : MovieSink.notStored(e);
        }
    }

    @Override
    public Void finish() {
        return null;
    }

    /** What was written of it is thrown away with the lease, or when the result is begun again. */
    @Override
    public void abort() {}

    static ProblemException tooLarge(long limit) {
        return new ProblemException(ProblemType.TOO_LARGE, "A body may have " + limit + " bytes here");
    }
}
