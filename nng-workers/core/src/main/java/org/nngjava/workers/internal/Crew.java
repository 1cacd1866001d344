package org.nngjava.workers.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.nngjava.workers.JobHandler;

/** The slots and the heartbeats of one worker, from its start to its end. Safe for use by many threads. */
public final class Crew {
    private static final System.Logger LOG = System.getLogger(Crew.class.getName());
    private static final Duration TO_GIVE_BACK = Duration.ofSeconds(2);
    private static final long LOOK_AGAIN_MILLIS = 100;
    private static final Duration TO_SAY_GOODBYE = Duration.ofSeconds(1);

    private final WorkerInfo info;
    private final Map<String, JobHandler> handlers;
    private final BrokerLink link;
    private final Heartbeats heartbeats;
    private final List<Slot> slots = new CopyOnWriteArrayList<>();
    private volatile boolean stopping;
    private volatile boolean closed;
    private boolean clean;

    /**
     * A crew, to be started.
     *
     * @param info how the worker presents itself
     * @param handlers what runs the jobs, by type
     * @param url where the broker is
     */
    public Crew(WorkerInfo info, Map<String, JobHandler> handlers, String url) {
        this.info = info;
        this.handlers = Map.copyOf(handlers);
        link = new BrokerLink(url);
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
     * How the worker presents itself.
     *
     * @return its id and name among others
     */
    public WorkerInfo info() {
        return info;
    }

    /**
     * Takes no more jobs, lets those that run end in time, gives back the rest, and closes all. Heartbeats end last.
     *
     * @param timeout for the jobs that run
     * @return true if all of them ended in time
     * @throws InterruptedException if the caller is interrupted; all is closed then
     */
    public boolean stop(Duration timeout) throws InterruptedException {
        synchronized (this) {
            if (stopping) {
                while (!closed) {
                    wait();
                }
                return clean;
            }
            stopping = true;
        }
        try {
            slots.forEach(Slot::askAgain);
            clean = await(timeout, () -> slots.stream().noneMatch(Slot::isBusy));
            if (!clean) {
                attempts().forEach(attempt -> attempt.halt(Attempt.Halt.GIVEN_BACK));
                await(TO_GIVE_BACK, this::hasNothingToTell);
            }
            await(TO_SAY_GOODBYE, () -> slots.isEmpty() || !heartbeats.isInTouch());
            heartbeats.close();
            heartbeats.leave();
            return clean;
        } finally {
            close();
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
    }

    /** Something that can become true when a slot's state changes. */
    private interface Condition {
        boolean holds();
    }

    private synchronized boolean await(Duration timeout, Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!condition.holds()) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
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

    boolean isClosed() {
        return closed;
    }

    void progressed() {
        heartbeats.progressed();
    }

    /** The lease of an attempt has ended. */
    void drop(String token) {
        slots.forEach(slot -> slot.drop(token));
    }

    /** Gives up the thread of a handler that cannot be halted, and puts a new one in its place. */
    void replaceStuck(Slot stuck, Attempt attempt) {
        if (attempt.abandon()) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "the handler of job " + attempt.id() + " does not stop: slot " + stuck.number()
                            + " gets a new thread");
            Slot fresh = new Slot(this, stuck.number(), link.open(), attempt);
            slots.add(fresh);
            slots.remove(stuck);
            stuck.close();
            fresh.start();
        }
    }

    /** The state of a slot changed. */
    void changed() {
        heartbeats.wake();
        synchronized (this) {
            notifyAll();
        }
    }

    void slotEnded(Slot slot) {
        slots.remove(slot);
        changed();
    }
}
