package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.nngjava.NngException;

/** A conversation with the broker: one request and its answer, then the next. Safe for use by many threads, in turn. */
final class Channel implements AutoCloseable {
    private final Line line;
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private volatile CompletableFuture<Answer> underWay = new CompletableFuture<>();

    Channel(Line line) {
        this.line = line;
    }

    /** Sends a request. Cancelling the future gives it up. Whoever takes the answer closes it. */
    CompletableFuture<Answer> send(Request request, ByteBuffer body) {
        return line.send(request, body);
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @param body what follows the header, or null; stays as it is
     * @throws LinkException if there was no answer, or none that can be read: ask again
     * @throws CancellationException if {@link #cancel} was called meanwhile
     */
    Answer call(Request request, ByteBuffer body, Duration timeout) throws LinkException, InterruptedException {
        turn.lockInterruptibly();
        try {
            CompletableFuture<Answer> future = send(request, body);
            underWay = future;
            try {
                if (cancelled.get()) {
                    future.cancel(true);
                }
                return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                giveUp(future);
                throw new LinkException("no answer within " + timeout, e);
            } catch (InterruptedException e) {
                giveUp(future);
                throw e;
            } catch (ExecutionException e) {
                throw new LinkException("no answer", e.getCause());
            } catch (CancellationException e) {
                cancelled.set(false);
                throw e;
            }
        } catch (NngException e) {
            throw new LinkException("cannot ask", e);
        } finally {
            turn.unlock();
        }
    }

    /** Makes the call that is under way end at once, or the next one if there is none. */
    void cancel() {
        cancelled.set(true);
        underWay.cancel(true);
    }

    /** Makes the call that is under way, if there is one, end at once. */
    void cancelIfBusy() {
        if (turn.isLocked()) {
            cancel();
        }
    }

    @Override
    public void close() {
        line.close();
    }

    /** Ends a request whose answer nobody will take. */
    static void giveUp(CompletableFuture<Answer> future) {
        future.cancel(true);
        future.thenAccept(Answer::close);
    }
}
