package org.nngjava;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** The pipes of one socket: who may join, who hears of it, and who waits for them to be enough. */
final class Pipes {
    // nng_pipe_ev
    static final int ADD_PRE = 0;
    static final int ADD_POST = 1;
    static final int REM_POST = 2;

    /** Its socket stays reachable, hence open, meanwhile. */
    private record Waiting(int number, Socket socket, CompletableFuture<Void> enough) {
        NngClosedException closed() {
            return new NngClosedException(attempted(number, socket));
        }
    }

    private final List<Predicate<? super Pipe>> filters = new CopyOnWriteArrayList<>();
    private final List<PipeListener> listeners = new CopyOnWriteArrayList<>();
    /** The pipes there are, and whether their coming was announced. */
    private final Map<Integer, Boolean> pipes = new HashMap<>();

    private final List<Waiting> waiting = new ArrayList<>();
    private final ArrayDeque<Runnable> events = new ArrayDeque<>();
    private int count;
    private boolean delivering;
    private boolean closed;

    void add(PipeListener listener) {
        listeners.add(listener);
    }

    void add(Predicate<? super Pipe> filter) {
        filters.add(filter);
    }

    synchronized int count() {
        return count;
    }

    /** Completes as soon as there are so many, on a thread that may block, or fails when the socket closes. */
    synchronized CompletableFuture<Void> await(int number, Socket socket) {
        if (number < 0) {
            throw new IllegalArgumentException("negative number of peers: " + number);
        }
        Waiting waiter = new Waiting(number, socket, new CompletableFuture<>());
        if (closed) {
            throw waiter.closed();
        }
        if (count >= number) {
            waiter.enough.complete(null);
        } else {
            waiting.add(waiter);
            waiter.enough.whenComplete((ignored, failure) -> forget(waiter));
        }
        return waiter.enough;
    }

    private synchronized void forget(Waiting waiter) {
        waiting.remove(waiter);
    }

    static String attempted(int number, Socket socket) {
        return "await " + number + " peers of " + socket;
    }

    /** Ends what waits for peers. */
    void close() {
        List<Waiting> inVain;
        synchronized (this) {
            closed = true;
            inVain = List.copyOf(waiting);
            waiting.clear();
        }
        for (Waiting waiter : inVain) {
            NngThread.HANDED_OVER.execute(() -> waiter.enough.completeExceptionally(waiter.closed()));
        }
    }

    /** An event of NNG's, on its thread. */
    void changed(Pipe pipe, int event) {
        switch (event) {
            case ADD_PRE -> coming(pipe);
            case ADD_POST -> came(pipe);
            default -> went(pipe);
        }
    }

    private void coming(Pipe pipe) {
        synchronized (this) {
            pipes.put(pipe.id(), false);
        }
        for (Predicate<? super Pipe> filter : filters) {
            boolean[] accepted = new boolean[1];
            NngThread.report(() -> accepted[0] = filter.test(pipe));
            if (!accepted[0]) {
                pipe.close(); // NNG reports its end, which is not announced since its coming was not
                return;
            }
        }
    }

    private synchronized void came(Pipe pipe) {
        // NNG can report the end of a pipe before this (nng#961): then it is not there any more.
        if (pipes.replace(pipe.id(), true) == null) {
            return;
        }
        count++;
        enqueue(PipeEvent.ADD_POST, pipe);
        waiting.removeIf(waiter -> {
            boolean enough = waiter.number <= count;
            if (enough) {
                // Not by the queue of events: a listener may wait for this.
                waiter.enough.completeAsync(() -> null, NngThread.HANDED_OVER);
            }
            return enough;
        });
    }

    /** NNG reports the end also of pipes that it never announced. */
    private synchronized void went(Pipe pipe) {
        if (Boolean.TRUE.equals(pipes.remove(pipe.id()))) {
            count--;
            enqueue(PipeEvent.REM_POST, pipe);
        }
    }

    private void enqueue(PipeEvent event, Pipe pipe) {
        events.add(() -> listeners.forEach(listener -> NngThread.report(() -> listener.onPipe(event, pipe))));
        if (!delivering) {
            delivering = true;
            NngThread.HANDED_OVER.execute(this::deliver);
        }
    }

    private void deliver() {
        while (true) {
            Runnable next;
            synchronized (this) {
                next = events.poll();
                if (next == null) {
                    delivering = false;
                    return;
                }
            }
            next.run();
        }
    }
}
