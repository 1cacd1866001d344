package org.nngjava;

import org.nngjava.internal.NngApi;
import org.nngjava.internal.NngLibrary;

/**
 * One {@code nng_aio} for sends and receives that do not wait. It has no callback, so that NNG ends them on the caller's thread: no
 * other thread takes part, which is a hundred times faster than an {@link Aio} whose time-out is 0.
 */
final class Attempt {
    private static final NngApi NNG = NngLibrary.api();
    private static final int NO_WAIT = 0;

    private final long address;
    private boolean stopped;

    Attempt(Conduit conduit) {
        long[] out = new long[1];
        int code = NNG.nng_aio_alloc(out, null, 0);
        if (code != 0) {
            throw NngException.of("use " + conduit, code);
        }
        address = out[0];
        NNG.nng_aio_set_timeout(address, NO_WAIT);
    }

    /** Receives: the message, or 0 if none is there. */
    synchronized long receive(Conduit conduit) {
        requireOpen(conduit);
        conduit.startReceive(address);
        NNG.nng_aio_wait(address);
        int result = NNG.nng_aio_result(address);
        long message = NNG.nng_aio_get_msg(address);
        NNG.nng_aio_set_msg(address, 0);
        if (message == 0 && result != NngError.ETIMEDOUT.code()) {
            throw conduit.failure("receive", result);
        }
        return message;
    }

    /** Sends: false if that is not possible now. Unless it is true the message is still the caller's. */
    synchronized boolean send(Conduit conduit, long message) {
        requireOpen(conduit);
        NNG.nng_aio_set_msg(address, message);
        conduit.startSend(address);
        NNG.nng_aio_wait(address);
        int result = NNG.nng_aio_result(address);
        NNG.nng_aio_set_msg(address, 0);
        if (result != 0 && result != NngError.ETIMEDOUT.code()) {
            throw conduit.failure("send", result);
        }
        return result == 0;
    }

    /** Refuses further use, after waiting for the moment that one under way takes. */
    synchronized void stop() {
        stopped = true;
        NNG.nng_aio_stop(address);
    }

    /** Frees it after {@link #stop()}. */
    void free() {
        NNG.nng_aio_free(address);
    }

    private void requireOpen(Conduit conduit) {
        if (stopped) {
            throw new NngClosedException("use " + conduit);
        }
    }
}
