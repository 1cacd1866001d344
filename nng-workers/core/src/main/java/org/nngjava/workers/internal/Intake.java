package org.nngjava.workers.internal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.nngjava.Listener;
import org.nngjava.Message;
import org.nngjava.NngClosedException;
import org.nngjava.NngException;
import org.nngjava.NngInterruptedException;
import org.nngjava.NngOptions;
import org.nngjava.NngTimeoutException;
import org.nngjava.PullSocket;
import org.nngjava.Receiver;
import org.nngjava.RepSocket;
import org.nngjava.Size;
import org.nngjava.Socket;
import org.nngjava.workers.PipelineHandler;

/** One end of a pipeline: a thread that takes a message, has it handled, acknowledges it if that is asked for, and takes the next. */
public final class Intake implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Intake.class.getName());

    /** How often it looks whether it is to stop, and how long nothing has to come for all to have come. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private static final Duration TO_BE_INTERRUPTED = Duration.ofSeconds(1);

    private final PipelineHandler handler;
    private final PullSocket plain;
    private final RepSocket acknowledging;
    private final String url;
    private final Thread thread;
    private final AtomicLong handled = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile boolean stopping;
    private volatile boolean closed;

    /**
     * Listens, and starts.
     *
     * @param url where
     * @param access who may connect
     * @param acknowledges whether each message is acknowledged
     * @param handler what handles them
     */
    public Intake(String url, Access access, boolean acknowledges, PipelineHandler handler) {
        this.handler = handler;
        plain = acknowledges ? null : PullSocket.open();
        acknowledging = acknowledges ? RepSocket.open() : null;
        try {
            // With room for SP's own header.
            socket().set(NngOptions.RECV_MAX_SIZE, new Size(Limits.MESSAGE));
            Listener listener = socket().listener(url);
            access.startEvents(listener);
            this.url = listener.url();
        } catch (RuntimeException e) {
            socket().close();
            throw e;
        }
        thread = new Thread(this::run, "nng-pipeline-sink");
        thread.setDaemon(false);
        thread.start();
    }

    /**
     * Where it listens.
     *
     * @return as bound
     */
    public String url() {
        return url;
    }

    /**
     * What was handled.
     *
     * @return messages
     */
    public long handled() {
        return handled.get();
    }

    /**
     * What was handled badly.
     *
     * @return messages
     */
    public long failed() {
        return failed.get();
    }

    /**
     * Handles what is at hand, or without acknowledgement what has arrived, and closes.
     *
     * @param timeout for that
     * @return whether it was done in time
     * @throws InterruptedException if the caller is interrupted; it is closed then
     */
    public boolean stop(Duration timeout) throws InterruptedException {
        stopping = true;
        try {
            join(timeout);
            return !thread.isAlive();
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        stopping = true;
        closed = true;
        thread.interrupt();
        try {
            join(TO_BE_INTERRUPTED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        socket().close();
    }

    private void join(Duration timeout) throws InterruptedException {
        if (Thread.currentThread() != thread && timeout.toMillis() > 0) {
            thread.join(timeout.toMillis());
        }
    }

    private Socket socket() {
        return acknowledging == null ? plain : acknowledging;
    }

    private Receiver receiver() {
        return acknowledging == null ? plain : acknowledging;
    }

    private void run() {
        boolean more = true;
        while (!closed && (!stopping || more)) {
            try {
                // What is not acknowledged yet is not lost.
                more = takeOne() && acknowledging == null;
            } catch (NngClosedException | NngInterruptedException e) {
                return;
            } catch (NngException e) {
                LOG.log(System.Logger.Level.WARNING, "cannot receive at " + url, e);
            }
        }
    }

    private boolean takeOne() {
        byte[] message;
        try (Message received = receiver().receive(LOOK)) {
            message = received.toByteArray();
        } catch (NngTimeoutException e) {
            return false;
        }
        if (isHandled(message) && acknowledging != null) {
            acknowledging.send(new byte[0]);
        }
        return true;
    }

    private boolean isHandled(byte[] message) {
        try {
            handler.handle(message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (Exception e) {
            failed.incrementAndGet();
            LOG.log(System.Logger.Level.WARNING, "a message was not handled", e);
        }
        handled.incrementAndGet();
        return true;
    }
}
