package org.nngjava.workers.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The leases in force, by token. Owned by the broker's thread; any thread may ask for a job's progress. */
final class Leases {
    private final Map<String, Holding> byToken = new HashMap<>();
    private final Map<String, Double> progress = new ConcurrentHashMap<>();
    private final Expiry<String> deadlines;

    Leases(Settings settings) {
        deadlines = new Expiry<>(settings.lease().toMillis());
    }

    void begin(Holding holding, long now) {
        byToken.put(holding.lease().token(), holding);
        progress.put(holding.lease().jobId(), 0.0);
        deadlines.touch(holding.lease().token(), now);
    }

    List<Holding> all() {
        return List.copyOf(byToken.values());
    }

    Optional<Holding> find(String token) {
        return Optional.ofNullable(byToken.get(token));
    }

    /** The lease in force under which a job was given, if the job and the token belong together. */
    Optional<Holding> find(String token, String jobId) {
        return find(token).filter(holding -> holding.lease().jobId().equals(jobId));
    }

    /** The holder says that it has the lease. True if the progress is new. */
    boolean claim(Holding holding, double newProgress, long now) {
        deadlines.touch(holding.lease().token(), now);
        progress.put(holding.lease().jobId(), newProgress);
        return holding.claim(newProgress);
    }

    void end(Holding holding) {
        byToken.remove(holding.lease().token());
        progress.remove(holding.lease().jobId());
        deadlines.remove(holding.lease().token());
    }

    /** The leases that have run out; still in force until they are ended. */
    List<Holding> expired(long now) {
        List<Holding> expired = new ArrayList<>();
        for (var next = deadlines.pollExpired(now); next.isPresent(); next = deadlines.pollExpired(now)) {
            expired.add(byToken.get(next.get()));
        }
        return expired;
    }

    /** Gives all leases more time. */
    void postpone(long millis) {
        deadlines.postpone(millis);
    }

    long nextDeadline() {
        return deadlines.nextDeadline();
    }

    int size() {
        return byToken.size();
    }

    /** How far a running job is; 0 for any other. */
    double progress(String jobId) {
        return progress.getOrDefault(jobId, 0.0);
    }
}
