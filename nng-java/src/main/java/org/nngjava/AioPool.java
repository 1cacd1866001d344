package org.nngjava;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The aios of one socket or context: as many as operations were ever under way on it at once. */
final class AioPool {
    private final ArrayDeque<Aio> idle = new ArrayDeque<>();
    private final ArrayDeque<Aio> quiet = new ArrayDeque<>();
    private final List<Aio> all = new ArrayList<>();
    private Attempt attempt;
    private boolean closed;

    Aio acquire(Conduit conduit) {
        return acquire(conduit, idle, false);
    }

    /** A quiet one. */
    Aio acquireQuiet(Conduit conduit) {
        return acquire(conduit, quiet, true);
    }

    private synchronized Aio acquire(Conduit conduit, ArrayDeque<Aio> idle, boolean quiet) {
        if (closed) {
            throw new NngClosedException("use " + conduit);
        }
        Aio aio = idle.poll();
        if (aio == null) {
            aio = new Aio(this, conduit, quiet);
            all.add(aio);
        }
        return aio;
    }

    synchronized void release(Aio aio) {
        // The one that has rested longest comes first: its start has surely returned.
        (aio.quiet ? quiet : idle).add(aio);
    }

    /** For what does not wait. */
    synchronized Attempt attempt(Conduit conduit) {
        if (closed) {
            throw new NngClosedException("use " + conduit);
        }
        if (attempt == null) {
            attempt = new Attempt(conduit);
        }
        return attempt;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Refuses new operations from now on. */
    synchronized void close() {
        closed = true;
    }

    /** Ends the operations under way, after {@link #close()}, and waits for their callbacks. Idempotent. */
    void stop() {
        List<Aio> aios;
        Attempt ended;
        synchronized (this) {
            aios = List.copyOf(all);
            ended = attempt;
        }
        aios.forEach(Aio::stop);
        if (ended != null) {
            ended.stop();
        }
    }

    /** Frees the aios after {@link #stop()}. */
    void free() {
        List<Aio> aios;
        Attempt ended;
        synchronized (this) {
            aios = List.copyOf(all);
            all.clear();
            idle.clear();
            quiet.clear();
            ended = attempt;
            attempt = null;
        }
        aios.forEach(Aio::free);
        if (ended != null) {
            ended.free();
        }
    }
}
