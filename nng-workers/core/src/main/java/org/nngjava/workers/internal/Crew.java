package org.nngjava.workers.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.nngjava.workers.JobHandler;
import org.nngjava.workers.WorkerFigures;
import org.nngjava.workers.WorkerMode;

/** The slots and the heartbeats of one worker, from its start to its end. Safe for use by many threads. */
public final class Crew {
    private static final System.Logger LOG = System.getLogger(Crew.class.getName());
    private static final Duration TO_GIVE_BACK = Duration.ofSeconds(2);
    private static final long LOOK_AGAIN_MILLIS = 100;
    private static final Duration TO_SAY_GOODBYE = Duration.ofSeconds(1);

    private final Map<String, JobHandler> handlers;
    private final BrokerLink link;
    private final Heartbeats heartbeats;
    private final List<Slot> slots = new CopyOnWriteArrayList<>();
    private final Set<Slot> stuck = ConcurrentHashMap.newKeySet();
    private final Tally tally = new Tally();
    private volatile WorkerInfo info;
    private volatile boolean stopping;
    private volatile boolean closed;
    /** By when the jobs that run have to end, by the clock of {@link System#nanoTime}. Guarded by this, as is what follows. */
    private long stopBy;

    private boolean ended;
    private boolean clean;

    /**
     * A crew, to be started.
     *
     * @param info how the worker presents itself
     * @param handlers what runs the jobs, by type
     * @param url where the broker is
     * @param access how to connect
     */
    public Crew(WorkerInfo info, Map<String, JobHandler> handlers, String url, Access access) {
        this.info = info;
        this.handlers = Map.copyOf(handlers);
        link = BrokerLink.to(url, access);
        try {
            heartbeats = new Heartbeats(this, link);
            for (int number = 1; number <= info.slots(); number++) {
                slots.add(new Slot(this, number, link.open(), null));
            }
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    /** Begins to ask for work. */
    public void start() {
        heartbeats.start();
        slots.forEach(Slot::start);
    }

    /**
     * How the worker presents itself now.
     *
     * @return its id, name and mode among others
     */
    public WorkerInfo info() {
        return info;
    }

    /**
     * Changes the mode of its own will.
     *
     * @param mode the mode to change to
     */
    public void change(WorkerMode mode) {
        change(mode, info.obeyed());
    }

    private synchronized void change(WorkerMode mode, long order) {
        WorkerMode next = info.mode() == WorkerMode.HALTING ? WorkerMode.HALTING : mode;
        info = info.in(next, Math.max(order, info.obeyed()));
        heartbeats.tell();
    }

    /** Carries out an order, unless that is done already. */
    void obey(Reply.Order order) {
        if (order.number() <= info.obeyed()) {
            return;
        }
        LOG.log(System.Logger.Level.INFO, "worker " + info.name() + " is told to be " + order.mode());
        change(order.mode(), order.number());
        if (order.mode() == WorkerMode.HALTING) {
            Thread thread = new Thread(() -> halt(Duration.ofMillis(order.haltMs())), "nng-worker-halt");
            thread.setDaemon(false);
            thread.start();
        }
    }

    private void halt(Duration timeout) {
        try {
            stop(timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until all is closed.
     *
     * @throws InterruptedException if the caller is interrupted
     */
    public synchronized void awaitEnd() throws InterruptedException {
        while (!ended) {
            wait();
        }
    }

    /**
     * Takes no more jobs, lets those that run end in time, gives back the rest, and closes all. Heartbeats end last. Whoever
     * asks while it stops shortens the time, if theirs is shorter, and waits with the first.
     *
     * @param timeout for the jobs that run
     * @return true if all of them ended in time
     * @throws InterruptedException if the caller is interrupted; nothing waits for the jobs that run then
     */
    public boolean stop(Duration timeout) throws InterruptedException {
        long deadline = in(timeout);
        synchronized (this) {
            if (stopping) {
                return joinStop(deadline);
            }
            stopping = true;
            stopBy = deadline;
            change(WorkerMode.HALTING);
        }
        try {
            slots.forEach(Slot::askAgain);
            boolean inTime = await(() -> stopBy, () -> slots.stream().noneMatch(Slot::isBusy));
            synchronized (this) {
                clean = inTime;
            }
            if (!inTime) {
                attempts().forEach(attempt -> attempt.halt(Attempt.Halt.GIVEN_BACK));
                await(TO_GIVE_BACK, this::hasNothingToTell);
            }
            await(TO_SAY_GOODBYE, () -> slots.isEmpty() || !heartbeats.isInTouch());
            heartbeats.close();
            heartbeats.leave();
            return inTime;
        } finally {
            close();
        }
    }

    private synchronized boolean joinStop(long deadline) throws InterruptedException {
        try {
            stopBy(deadline);
            awaitEnd();
            return clean;
        } catch (InterruptedException e) {
            stopBy(System.nanoTime());
            throw e;
        }
    }

    private synchronized void stopBy(long deadline) {
        if (deadline - stopBy < 0) {
            stopBy = deadline;
            notifyAll();
        }
    }

    /** No handler runs, and the broker knows how all ended, unless it is out of reach. */
    private boolean hasNothingToTell() {
        boolean running = attempts().stream().anyMatch(Attempt::isRunning);
        return !running && (!heartbeats.isInTouch() || slots.stream().noneMatch(Slot::isBusy));
    }

    private void close() {
        attempts().forEach(attempt -> attempt.halt(Attempt.Halt.GIVEN_BACK));
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        heartbeats.close();
        link.close();
        synchronized (this) {
            ended = true;
            notifyAll();
        }
    }

    /** Something that can become true when a slot's state changes. */
    private interface Condition {
        boolean holds();
    }

    private boolean await(Duration timeout, Condition condition) throws InterruptedException {
        long deadline = in(timeout);
        return await(() -> deadline, condition);
    }

    private static long in(Duration time) {
        return System.nanoTime() + Limits.time(time).toNanos();
    }

    private synchronized boolean await(LongSupplier deadline, Condition condition) throws InterruptedException {
        while (!condition.holds()) {
            long left = (deadline.getAsLong() - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(Math.min(left, LOOK_AGAIN_MILLIS));
        }
        return true;
    }

    // ---- For slots and heartbeats

    JobHandler handler(String type) {
        return Objects.requireNonNullElse(handlers.get(type), job -> {
            throw new IllegalStateException("this worker does not handle " + type);
        });
    }

    List<Slot> slots() {
        return slots;
    }

    /** The attempts whose leases are to be kept. */
    List<Attempt> attempts() {
        List<Attempt> attempts = new ArrayList<>();
        for (Slot slot : slots) {
            Attempt attempt = slot.attempt();
            if (attempt != null && !attempt.isReleased()) {
                attempts.add(attempt);
            }
        }
        return attempts;
    }

    boolean isStopping() {
        return stopping;
    }

    /** True if a job that comes is to be run, and not given back. */
    boolean takesJobs() {
        return !stopping && info.mode() == WorkerMode.ACTIVE;
    }

    Tally tally() {
        return tally;
    }

    WorkerFigures figures() {
        int busy = (int) attempts().stream().filter(Attempt::isRunning).count();
        return tally.figures(busy, stuck.size(), link.traffic());
    }

    boolean isClosed() {
        return closed;
    }

    void progressed() {
        heartbeats.tell();
    }

    /** The lease of an attempt has ended. */
    void drop(String token) {
        slots.forEach(slot -> slot.drop(token));
    }

    /** Gives up the thread of a handler that cannot be halted, and puts a new one in its place. */
    void replaceStuck(Slot old, Attempt attempt) {
        if (attempt.abandon()) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "the handler of job " + attempt.id() + " does not stop: slot " + old.number()
                            + " gets a new thread");
            Slot fresh = new Slot(this, old.number(), link.open(), attempt);
            slots.add(fresh);
            slots.remove(old);
            stuck.add(old);
            old.close();
            fresh.start();
        }
    }

    /** An attempt has begun. */
    void begun() {
        heartbeats.begun();
    }

    /** The state of a slot changed. */
    synchronized void changed() {
        notifyAll();
    }

    void slotEnded(Slot slot) {
        slots.remove(slot);
        stuck.remove(slot);
        changed();
    }
}
