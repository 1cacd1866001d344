package org.nngjava.workers;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;

/** Remembers jobs as long as the process lives. */
public final class MemoryJobStore implements JobStore {
    private final ConcurrentSkipListMap<String, StoredJob> jobs = new ConcurrentSkipListMap<>();

    /** An empty store. */
    public MemoryJobStore() {}

    @Override
    public List<StoredJob> load() {
        return List.copyOf(jobs.values());
    }

    @Override
    public CompletionStage<Void> save(Collection<StoredJob> changed, Collection<String> forgotten) {
        changed.forEach(job -> jobs.put(job.job().id(), job));
        jobs.keySet().removeAll(forgotten);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Optional<StoredJob> find(String id) {
        return Optional.ofNullable(jobs.get(id));
    }

    @Override
    public List<StoredJob> list(int limit, String beforeId) {
        var newest =
                beforeId == null ? jobs.descendingMap() : jobs.headMap(beforeId).descendingMap();
        return newest.values().stream().limit(limit).toList();
    }

    @Override
    public void close() {}
}
