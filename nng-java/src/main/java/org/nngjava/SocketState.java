package org.nngjava;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.nngjava.internal.NngApi;
import org.nngjava.internal.NngLibrary;

/**
 * What a socket holds natively. It does not know its {@link Socket}, so that it can close it after that was forgotten.
 */
final class SocketState {
    private static final NngApi NNG = NngLibrary.api();
    private static final HandleTable<SocketState> HANDLES = new HandleTable<>();

    /** The only callback for all pipes: JNR holds callbacks weakly, so that one made for each could be collected. */
    private static final NngApi.PipeCallback PIPE_CHANGED = SocketState::pipeChanged;

    final int id;
    final AioPool aios = new AioPool();
    final Pipes pipes = new Pipes();
    /** Completes as soon as the socket begins to close, on the thread that closes it. */
    final CompletableFuture<Void> closes = new CompletableFuture<>();

    private final int handle;
    private final AtomicInteger optionsSet = new AtomicInteger();
    private final Set<AioPool> contexts = new HashSet<>();
    /** The registrations with pollers. Weakly: they know the socket, and a poller that was forgotten must not keep it. */
    private final Set<PollKey> pollKeys = Collections.newSetFromMap(new WeakHashMap<>());
    /** Contexts, dialers and listeners that other threads are closing. */
    private int closing;

    SocketState(int id) {
        this.id = id;
        this.handle = HANDLES.add(this);
        for (int event : new int[] {Pipes.ADD_PRE, Pipes.ADD_POST, Pipes.REM_POST}) {
            NNG.nng_pipe_notify(id, event, PIPE_CHANGED, handle);
        }
    }

    /** Counts the options set so far. */
    int optionsSet() {
        return optionsSet.get();
    }

    void optionSet() {
        optionsSet.incrementAndGet();
    }

    /**
     * Opens a context. Never while the socket closes: a context that NNG adds then is not seen by {@code nng_close}, which waits for
     * it for ever.
     */
    synchronized int openContext(AioPool context, Socket socket) {
        String attempted = "open a context of " + socket;
        if (aios.isClosed()) {
            throw new NngClosedException(attempted);
        }
        int[] out = new int[1];
        NngException.check(NNG.nng_ctx_open(out, id), attempted);
        contexts.add(context);
        return out[0];
    }

    /**
     * Closes a context, once; not on NNG's thread. Never while the socket closes, since {@code nng_close} frees what
     * {@code nng_ctx_close} still uses: the socket waits for contexts that are closing, and closes the others itself.
     *
     * @return false if its socket has closed it
     */
    boolean closeContext(AioPool context, int ctx) {
        synchronized (this) {
            if (!contexts.remove(context)) {
                return false;
            }
            closing++;
        }
        context.close();
        context.stop();
        NNG.nng_ctx_close(ctx);
        context.free();
        closed();
        return true;
    }

    synchronized int openContexts() {
        return contexts.size();
    }

    /** Uses a context that must not vanish meanwhile: NNG would use it after it is freed. */
    synchronized <T> T withContext(AioPool context, String attempted, Supplier<T> use) {
        if (!contexts.contains(context)) {
            throw new NngClosedException(attempted);
        }
        return use.get();
    }

    /** Closes a dialer or listener, unless the socket does it: both at once would free it twice. Not on NNG's thread. */
    void closeEndpoint(Runnable close) {
        synchronized (this) {
            if (aios.isClosed()) {
                return;
            }
            closing++;
        }
        close.run();
        closed();
    }

    /** Registers with a poller, never while the socket closes. */
    synchronized PollKey register(String attempted, Supplier<PollKey> register) {
        if (aios.isClosed()) {
            throw new NngClosedException(attempted);
        }
        PollKey key = register.get();
        pollKeys.add(key);
        return key;
    }

    synchronized void forget(PollKey key) {
        pollKeys.remove(key);
    }

    private synchronized void closed() {
        closing--;
        notifyAll();
    }

    /**
     * Closes the socket, once; not on NNG's thread. Nothing is in flight any more when {@code nng_close} is called: on 1.5.2 it can
     * hang otherwise (nng#1543). No poller has its descriptors any more, which {@code nng_close} closes.
     */
    boolean close() {
        List<AioPool> open = new ArrayList<>(List.of(aios));
        List<PollKey> polled;
        synchronized (this) {
            open.addAll(contexts);
            contexts.clear();
            open.forEach(AioPool::close);
            polled = List.copyOf(pollKeys);
            awaitClosing();
        }
        closes.complete(null);
        pipes.close();
        polled.forEach(PollKey::socketCloses);
        open.forEach(AioPool::stop);
        NNG.nng_close(id);
        Socket.forget(id);
        open.forEach(AioPool::free);
        HANDLES.remove(handle);
        return true;
    }

    private synchronized void awaitClosing() {
        boolean interrupted = false;
        while (closing > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pipeChanged(int pipe, int event, long handle) {
        int depth = NngThread.enter();
        try {
            SocketState state = HANDLES.get(handle);
            if (state != null) {
                state.pipes.changed(new Pipe(pipe), event);
            }
        } catch (Throwable t) {
            NngThread.log(t);
        } finally {
            NngThread.leave(depth);
        }
    }
}
