package org.nngjava.workers.internal;

import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.nngjava.workers.WorkerFigures;
import org.nngjava.workers.WorkerMode;

/** What the broker knows of one worker. */
final class WorkerEntry {
    private final String id;
    private final Instant since;
    private final Map<String, Parked> parked = new LinkedHashMap<>();
    private final Set<String> tokens = new LinkedHashSet<>();
    private final Set<Integer> pipes = new HashSet<>();
    private WorkerInfo info;
    private String address;
    private Instant lastHeardAt;
    private long lastHeard;
    private long lastHeartbeat;
    private long lastUsed;
    private long finished;
    private Caller waitingForOrders;
    private Reply.Order order;
    private boolean silent;
    private long lastPulse;
    private WorkerFigures figures = WorkerFigures.NONE;

    WorkerEntry(WorkerInfo info, Instant since) {
        this.id = info.id();
        this.info = info;
        this.since = since;
    }

    void heard(WorkerInfo said, Caller caller, long millis, Instant at) {
        if (said.obeyed() >= info.obeyed()) {
            info = said;
        }
        if (order != null && said.obeyed() >= order.number()) {
            order = null;
        }
        if (pipes.add(caller.pipe())) {
            address = caller.address();
        }
        lastHeard = millis;
        lastHeardAt = at;
    }

    String id() {
        return id;
    }

    WorkerInfo info() {
        return info;
    }

    String address() {
        return address;
    }

    Instant since() {
        return since;
    }

    long lastHeard() {
        return lastHeard;
    }

    Instant lastHeardAt() {
        return lastHeardAt;
    }

    long lastHeartbeat() {
        return lastHeartbeat;
    }

    void heartbeat(long millis, WorkerFigures counted) {
        lastHeartbeat = millis;
        figures = counted;
    }

    /** True if it was not heard of for two heartbeats. */
    boolean isSilent() {
        return silent;
    }

    void silent(boolean now) {
        silent = now;
    }

    /** When it was last published that it is there. */
    long lastPulse() {
        return lastPulse;
    }

    void pulse(long millis) {
        lastPulse = millis;
    }

    WorkerFigures figures() {
        return figures;
    }

    /** The order that it has not carried out yet, or null. */
    Reply.Order order() {
        return order;
    }

    void order(Reply.Order given) {
        order = given;
    }

    /** The mode that it is in, or will be in. */
    WorkerMode mode() {
        return order == null ? info.mode() : order.mode();
    }

    /** True if it is active, and stays so for all that is known. */
    boolean takesJobs() {
        return mode() == WorkerMode.ACTIVE && info.mode() == WorkerMode.ACTIVE;
    }

    /** Its open questions, the oldest first. */
    Map<String, Parked> parked() {
        return parked;
    }

    /** The tokens of the leases that it has. */
    Set<String> tokens() {
        return tokens;
    }

    /** The ids of the pipes on which it was heard. */
    Set<Integer> pipes() {
        return pipes;
    }

    /** Orders the workers: the one with the smallest number was not used for longest. */
    long lastUsed() {
        return lastUsed;
    }

    void used(long number) {
        lastUsed = number;
    }

    long finished() {
        return finished;
    }

    void finishedOne() {
        finished++;
    }

    /** The heartbeat that waits for orders, or null. */
    Caller waitingForOrders() {
        return waitingForOrders;
    }

    void waitsForOrders(Caller caller) {
        waitingForOrders = caller;
    }
}
