package org.nngjava.workers;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Saves when it is told to; once told, at once, until it is told to wait again. */
final class SlowStore implements JobStore {
    private final MemoryJobStore saved = new MemoryJobStore();
    final List<CompletableFuture<Void>> waiting = new CopyOnWriteArrayList<>();
    final AtomicInteger given = new AtomicInteger();
    private volatile boolean released;
    final AtomicInteger failures = new AtomicInteger();

    void release() {
        released = true;
        waiting.forEach(save -> save.complete(null));
    }

    void hold() {
        released = false;
    }

    @Override
    public CompletionStage<Void> save(Collection<StoredJob> changed, Collection<String> forgotten) {
        given.addAndGet(changed.size());
        if (failures.getAndDecrement() > 0) {
            return CompletableFuture.failedFuture(new IOException("disk full"));
        }
        CompletableFuture<Void> turn = new CompletableFuture<>();
        waiting.add(turn);
        if (released) {
            turn.complete(null);
        }
        return turn.thenCompose(ignored -> saved.save(changed, forgotten));
    }

    @Override
    public List<StoredJob> load() {
        return saved.load();
    }

    @Override
    public Optional<StoredJob> find(String id) {
        return saved.find(id);
    }

    @Override
    public List<StoredJob> list(int limit, String beforeId) {
        return saved.list(limit, beforeId);
    }

    @Override
    public void close() {}
}
