package org.nngjava.workers.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/** The workers that are known to be alive, and their open questions. The least recently used one comes first. */
final class Roster {
    private final Map<String, WorkerEntry> workers = new HashMap<>();
    private final TreeSet<WorkerEntry> idle =
            new TreeSet<>(Comparator.comparingLong(WorkerEntry::lastUsed).thenComparing(WorkerEntry::id));
    private final Expiry<Question> questions;
    private final Expiry<String> waitingForOrders;
    private final Expiry<String> unheard;
    private final Expiry<String> silent;
    private final Expiry<String> missing;
    private long uses;

    private record Question(String worker, String id) {}

    Roster(Settings settings) {
        questions = new Expiry<>(settings.parkTime().toMillis());
        waitingForOrders = new Expiry<>(settings.heartbeat().toMillis());
        unheard = new Expiry<>(2 * settings.heartbeat().toMillis());
        silent = new Expiry<>(settings.lease().toMillis());
        missing = new Expiry<>(settings.grace().toMillis());
    }

    void add(WorkerEntry worker) {
        workers.put(worker.id(), worker);
    }

    Optional<WorkerEntry> find(String id) {
        return Optional.ofNullable(workers.get(id));
    }

    Collection<WorkerEntry> all() {
        return workers.values();
    }

    /** The worker lives: it is neither silent nor missing. */
    void heard(WorkerEntry worker, long now) {
        unheard.touch(worker.id(), now);
        silent.touch(worker.id(), now);
        missing.remove(worker.id());
    }

    /** The worker lost a connection: it is missing until it is heard of again. */
    void missing(WorkerEntry worker, long now) {
        missing.putIfAbsent(worker.id(), now);
    }

    void remove(WorkerEntry worker) {
        List.copyOf(worker.parked().values()).forEach(this::unpark);
        workers.remove(worker.id());
        waitingForOrders.remove(worker.id());
        unheard.remove(worker.id());
        silent.remove(worker.id());
        missing.remove(worker.id());
    }

    List<WorkerEntry> on(int pipe) {
        return workers.values().stream()
                .filter(worker -> worker.pipes().contains(pipe))
                .toList();
    }

    void park(Parked parked, long now) {
        WorkerEntry worker = parked.worker();
        worker.parked().put(parked.id(), parked);
        idle.add(worker);
        questions.touch(new Question(worker.id(), parked.id()), now);
    }

    void unpark(Parked parked) {
        WorkerEntry worker = parked.worker();
        worker.parked().remove(parked.id());
        questions.remove(new Question(worker.id(), parked.id()));
        if (worker.parked().isEmpty()) {
            idle.remove(worker);
        }
    }

    /** The least recently used worker that waits for a job of this type and was heard of lately enough. */
    Optional<WorkerEntry> idleFor(String type, LongPredicate heardLately) {
        return idle.stream()
                .filter(worker -> worker.info().types().contains(type))
                .filter(WorkerEntry::takesJobs)
                .filter(worker -> heardLately.test(worker.lastHeard()))
                .findFirst();
    }

    /** The worker was given a job: it comes last now. */
    void used(WorkerEntry worker) {
        boolean wasIdle = idle.remove(worker);
        worker.used(++uses);
        if (wasIdle) {
            idle.add(worker);
        }
    }

    void waitForOrders(WorkerEntry worker, Caller caller, long now) {
        worker.waitsForOrders(caller);
        waitingForOrders.touch(worker.id(), now);
    }

    /** Takes out the heartbeat that waits for orders. */
    Optional<Caller> takeWaitingForOrders(WorkerEntry worker) {
        Caller caller = worker.waitingForOrders();
        worker.waitsForOrders(null);
        waitingForOrders.remove(worker.id());
        return Optional.ofNullable(caller);
    }

    /** Takes out the questions that were open for too long. */
    List<Parked> expiredQuestions(long now) {
        List<Parked> expired = new ArrayList<>();
        for (var next = questions.pollExpired(now); next.isPresent(); next = questions.pollExpired(now)) {
            Question question = next.get();
            Parked parked = workers.get(question.worker()).parked().get(question.id());
            unpark(parked);
            expired.add(parked);
        }
        return expired;
    }

    /** The workers whose heartbeat has waited for orders long enough. */
    List<WorkerEntry> expiredWaits(long now) {
        return expired(waitingForOrders, now);
    }

    /** The workers that were not heard of for two heartbeats, each once. */
    List<WorkerEntry> expiredPresence(long now) {
        return expired(unheard, now);
    }

    /** The workers that are to be given up: missing for longer than the grace, or silent for longer than a lease. */
    List<WorkerEntry> expiredWorkers(long now) {
        List<WorkerEntry> dead = new ArrayList<>(expired(missing, now));
        expired(silent, now).stream().filter(worker -> !dead.contains(worker)).forEach(dead::add);
        return dead;
    }

    /** Gives all workers and questions more time. */
    void postpone(long millis) {
        List.of(silent, missing, waitingForOrders).forEach(expiry -> expiry.postpone(millis));
        questions.postpone(millis);
    }

    /** Gives all workers more time before they count as silent. */
    void postponeSilence(long millis) {
        unheard.postpone(millis);
    }

    /** When the next worker counts as silent. */
    long nextSilence() {
        return unheard.nextDeadline();
    }

    /** When the next worker or question is given up. */
    long nextDeadline() {
        return Math.min(
                Math.min(questions.nextDeadline(), waitingForOrders.nextDeadline()),
                Math.min(silent.nextDeadline(), missing.nextDeadline()));
    }

    private List<WorkerEntry> expired(Expiry<String> expiry, long now) {
        List<WorkerEntry> expired = new ArrayList<>();
        for (var next = expiry.pollExpired(now); next.isPresent(); next = expiry.pollExpired(now)) {
            expired.add(workers.get(next.get()));
        }
        return expired;
    }
}
