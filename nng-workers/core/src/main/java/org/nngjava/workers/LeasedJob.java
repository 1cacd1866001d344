package org.nngjava.workers;

import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One attempt at a job that an {@link AsyncWorker} has. Its lease is kept until somebody says how it ended: once, on any thread; what is
 * said later is not heard. Reading the payload and writing the result may block, and is for one thread at a time.
 */
public interface LeasedJob extends JobContext {
    /**
     * Names the lease: nobody can guess it.
     *
     * @return as in {@link Lease#token()}
     */
    String token();

    /**
     * How long the attempt may take, from when it was given. Then it has failed, and is {@linkplain LeaseHolder#lost lost}.
     *
     * @return as in {@link Job#timeout()}
     */
    Duration timeout();

    /**
     * The payload, if it came along with the job: one of at most 16 KiB that was submitted as bytes.
     *
     * @return a copy; empty if it has to be fetched from {@link #payload}
     */
    Optional<byte[]> smallPayload();

    /**
     * Begins the result. What was written of one that was begun before is thrown away.
     *
     * @param contentType the media type of what is written, at most 128 characters, or null
     * @return where to write it
     */
    @Override
    OutputStream result(String contentType);

    /**
     * Says that the work is done. The result is what was written to {@link #result}, if anything. Blocks while the rest of a result over
     * 16 KiB is sent.
     *
     * @return completes, on a thread that must not block, with true when the queue has committed it, with false if the lease or the
     *     attempt had ended before; fails with an {@link java.io.IOException} if the rest of the result could not be stored: then the
     *     attempt goes on, and with a {@link QueueClosedException} if the worker is closed first
     */
    CompletableFuture<Boolean> succeed();

    /**
     * Says that the attempt has failed.
     *
     * @param error what went wrong, and whether trying again can help
     * @return as for {@link #succeed}
     */
    CompletableFuture<Boolean> fail(JobError error);

    /**
     * Gives the job back: the attempt does not count, and another worker can have it at once.
     *
     * @return as for {@link #succeed}
     */
    CompletableFuture<Boolean> giveBack();
}
