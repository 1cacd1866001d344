package org.nngjava;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Connects a socket to one address and connects it again whenever the connection is lost. Safe for use by several threads; closes
 * with its socket.
 */
public final class Dialer extends Endpoint {
    private static final int NONBLOCK = 2;

    Dialer(Socket socket, String url) {
        super(socket, "dial", url, NNG::nng_dialer_create, OptionFunctions.DIALER, NNG::nng_dialer_close);
    }

    /**
     * Connects, waiting for the first connection. NNG waits as long as the system tries to reach the address, and then 10 s for the
     * peer to speak; {@link #start(Duration)} sets a limit, and so does an interrupt. Both close the dialer.
     *
     * @throws NngRefusedException if nobody listens there now; the dialer can be started again
     * @throws NngInterruptedException if the thread is interrupted
     * @throws NngException if the connection cannot be made; with {@link NngError#ESTATE} if the dialer has started already
     */
    public void start() {
        start(NngOptions.INFINITE);
    }

    /**
     * {@link #start()} with a limit of its own.
     *
     * @throws NngTimeoutException if there is no connection after that time; the dialer is closed
     */
    public void start(Duration timeout) {
        long millis = Timeouts.millis(timeout);
        if (NngThread.isCurrent()) {
            throw new IllegalStateException(attempt() + ": must not block NNG's thread");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new NngInterruptedException(attempt());
        }
        markStarted();
        // NNG's own waiting can neither be interrupted nor cut short, and would pin the carrier of a virtual thread.
        FutureTask<Integer> dial = new FutureTask<>(() -> NNG.nng_dialer_start(id(), 0));
        NngThread.HANDED_OVER.execute(dial);
        int code;
        try {
            code = millis < 0 ? dial.get() : dial.get(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new NngInterruptedException(attempt());
        } catch (TimeoutException e) {
            close();
            throw NngException.of(attempt(), NngError.ETIMEDOUT.code());
        } catch (ExecutionException e) { // NNG's function throws nothing
            throw new IllegalStateException(attempt(), e.getCause());
        }
        if (code != 0) {
            markNotStarted();
            throw isClosed() ? new NngClosedException(attempt()) : NngException.of(attempt(), code);
        }
    }

    /**
     * Connects in the background and keeps trying.
     *
     * @throws NngException with {@link NngError#ESTATE} if the dialer has started already
     */
    public void startAsync() {
        markStarted();
        NngException.check(NNG.nng_dialer_start(id(), NONBLOCK), attempt());
    }
}
