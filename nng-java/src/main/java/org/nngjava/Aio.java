package org.nngjava;

import org.nngjava.internal.NngApi;
import org.nngjava.internal.NngLibrary;

/**
 * One {@code nng_aio}: carries out one operation at a time. Its lock puts starting, cancelling and stopping in order, since NNG
 * before 1.8.1 loses a cancel that comes before the start, and starts nothing on a stopped aio without a word. Ending takes no lock: it
 * often comes on another thread while the start has not returned, and would have to wait for that.
 *
 * <p>A quiet one tells nobody that it has ended: whoever started it has to {@linkplain #look look}. In return NNG ends on the
 * starting thread what is possible at once, instead of waking one of its own for the callback. Only for sends.
 */
final class Aio {
    private static final NngApi NNG = NngLibrary.api();
    private static final HandleTable<Aio> HANDLES = new HandleTable<>();

    /** The only callback for all aios: JNR holds callbacks weakly, so that one made for each could be collected. */
    private static final NngApi.AioCallback ENDED = Aio::ended;

    /** Whether it has no callback. */
    final boolean quiet;

    private final AioPool pool;
    private final int handle;
    private final long address;
    private volatile Operation current;
    /** To be left when the operation has ended, or null. */
    private AnswerGate answers;

    private boolean sending;
    private int timeout = Timeouts.OF_SOCKET;
    private boolean stopped;

    Aio(AioPool pool, Conduit conduit, boolean quiet) {
        this.pool = pool;
        this.quiet = quiet;
        this.handle = HANDLES.add(this);
        long[] out = new long[1];
        int code = NNG.nng_aio_alloc(out, quiet ? null : ENDED, handle);
        if (code != 0) {
            HANDLES.remove(handle);
            throw NngException.of("use " + conduit, code);
        }
        this.address = out[0];
    }

    /** Starts a send of {@code message}, or a receive where it is 0. False: it is stopped, and nothing was started. */
    synchronized boolean start(Operation operation, Conduit conduit, long message, int timeoutMillis) {
        if (stopped) {
            return false;
        }
        sending = message != 0;
        answers = sending ? conduit.answers : null;
        current = operation;
        if (timeoutMillis != timeout || timeoutMillis == Timeouts.OF_SOCKET) { // which NNG replaces by the socket's
            timeout = timeoutMillis;
            NNG.nng_aio_set_timeout(address, timeoutMillis);
        }
        if (sending) {
            NNG.nng_aio_set_msg(address, message);
            conduit.startSend(address);
        } else {
            conduit.startReceive(address);
        }
        return true;
    }

    /** Ends the operation of a quiet one, if NNG has. */
    void look() {
        collect(false);
    }

    /** Asks NNG to end the operation, if it is still under way; it then ends with ECANCELED, or as it would have. */
    synchronized void cancel(Operation operation) {
        if (current == operation && !stopped) {
            NNG.nng_aio_cancel(address);
        }
    }

    /** Ends what is under way and waits until its callback has returned. Not on NNG's thread. */
    void stop() {
        synchronized (this) {
            stopped = true;
        }
        NNG.nng_aio_stop(address);
        if (quiet) {
            collect(true);
        }
    }

    /** Frees a stopped aio. */
    void free() {
        NNG.nng_aio_free(address);
        HANDLES.remove(handle);
    }

    private static void ended(long handle) {
        int depth = NngThread.enter(); // no lambda here: this allocates nothing
        try {
            HANDLES.get(handle).ended();
        } catch (Throwable t) {
            NngThread.log(t);
        } finally {
            NngThread.leave(depth);
        }
    }

    private void ended() {
        Operation operation = current;
        int result = NNG.nng_aio_result(address);
        long message = takeMessage(result);
        if (operation == null) { // NNG before our patch can end a SUB receive twice
            if (message != 0) {
                Message.received(message).close();
            }
            return;
        }
        // A cancel that has just seen the operation finds nothing to do in NNG: nothing starts here while it lasts.
        current = null;
        end(operation, result, message);
    }

    /** Unless NNG still has the message and no reason to give it back. Holds the lock while it asks, since a stop frees the aio soon. */
    private void collect(boolean afterStop) {
        Operation operation;
        int result;
        long message;
        synchronized (this) {
            operation = current;
            if (operation == null
                    || stopped != afterStop
                    || (NNG.nng_aio_get_msg(address) != 0 && NNG.nng_aio_result(address) == 0)) {
                return;
            }
            NNG.nng_aio_wait(address); // the moment from the one to the other
            result = NNG.nng_aio_result(address);
            message = takeMessage(result);
            current = null;
        }
        end(operation, result, message);
    }

    private long takeMessage(int result) {
        long message = sending && result == 0 ? 0 : NNG.nng_aio_get_msg(address);
        NNG.nng_aio_set_msg(address, 0);
        return message;
    }

    private void end(Operation operation, int result, long message) {
        AnswerGate answered = answers;
        pool.release(this);
        if (answered != null) {
            answered.leave();
        }
        operation.ended(result, message);
    }
}
