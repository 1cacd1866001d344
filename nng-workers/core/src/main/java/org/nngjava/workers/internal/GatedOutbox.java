package org.nngjava.workers.internal;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobStore;
import org.nngjava.workers.StoredJob;

/**
 * Lets nothing out before the store has what it follows from. While the store is busy with one batch the next is gathered,
 * so a store that needs long for each saves many changes at once.
 */
final class GatedOutbox implements Outbox {
    private static final System.Logger LOG = System.getLogger(GatedOutbox.class.getName());
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Where things go once they may. */
    interface Postman {
        /** Answers a request. */
        void reply(Caller caller, Reply reply, ByteBuffer body);

        /** Will never answer a request. */
        void abandon(Caller caller);

        /** Drops what was uploaded under a lease and not taken. */
        void leaseEnded(String token);

        /** Deletes a blob. */
        void discard(Blob blob);

        /** Publishes a change of a job. */
        void publish(Job job, double progress);

        /** Publishes that a worker came or went. */
        void publish(WorkerInfo worker, boolean alive);
    }

    private final JobStore store;
    private final EventLoop loop;
    private final Postman postman;
    private Batch gathering = new Batch();
    private boolean saving;

    private static final class Batch {
        private final Map<String, StoredJob> changed = new LinkedHashMap<>();
        private final List<String> forgotten = new ArrayList<>();
        private final List<Runnable> then = new ArrayList<>();

        private boolean isEmpty() {
            return changed.isEmpty() && forgotten.isEmpty() && then.isEmpty();
        }
    }

    GatedOutbox(JobStore store, EventLoop loop, Postman postman) {
        this.store = store;
        this.loop = loop;
        this.postman = postman;
    }

    /** Does something after all that was said so far is saved. */
    void then(Runnable action) {
        gathering.then.add(action);
    }

    /** Saves what was gathered and then lets out what depends on it. */
    void flush() {
        while (!saving && !gathering.isEmpty()) {
            Batch batch = gathering;
            gathering = new Batch();
            save(batch);
        }
    }

    private void save(Batch batch) {
        if (batch.changed.isEmpty() && batch.forgotten.isEmpty()) {
            release(batch);
            return;
        }
        saving = true;
        CompletableFuture<Void> done = store(batch);
        if (done.isDone() && !done.isCompletedExceptionally()) {
            saving = false;
            release(batch);
        } else {
            done.whenComplete((ignored, failure) -> loop.execute(() -> saved(batch, failure)));
        }
    }

    private CompletableFuture<Void> store(Batch batch) {
        try {
            CompletableFuture<Void> saved = batch.changed.isEmpty()
                    ? completedFuture(null)
                    : store.save(List.copyOf(batch.changed.values())).toCompletableFuture();
            return batch.forgotten.isEmpty()
                    ? saved
                    : saved.thenCompose(ignored -> store.remove(List.copyOf(batch.forgotten)));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void saved(Batch batch, Throwable failure) {
        if (failure == null) {
            saving = false;
            release(batch);
            flush();
        } else {
            LOG.log(System.Logger.Level.ERROR, "the job store failed; trying again in " + RETRY, failure);
            Executor later = CompletableFuture.delayedExecutor(RETRY.toMillis(), TimeUnit.MILLISECONDS);
            later.execute(() -> loop.execute(() -> save(batch)));
        }
    }

    private static void release(Batch batch) {
        for (Runnable action : batch.then) {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "what followed from a change failed", e);
            }
        }
    }

    @Override
    public void save(StoredJob job) {
        gathering.changed.put(job.job().id(), job);
    }

    @Override
    public void forget(String jobId) {
        gathering.forgotten.add(jobId);
    }

    @Override
    public void discard(Blob blob) {
        then(() -> postman.discard(blob));
    }

    @Override
    public void reply(Caller caller, Reply reply, ByteBuffer body) {
        then(() -> postman.reply(caller, reply, body));
    }

    @Override
    public void abandon(Caller caller) {
        postman.abandon(caller);
    }

    @Override
    public void leaseEnded(String token) {
        then(() -> postman.leaseEnded(token));
    }

    @Override
    public void publish(Job job, double progress) {
        then(() -> postman.publish(job, progress));
    }

    @Override
    public void publish(WorkerInfo worker, boolean alive) {
        then(() -> postman.publish(worker, alive));
    }
}
