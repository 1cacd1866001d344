package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobStore;
import org.nngjava.workers.JobStoreException;
import org.nngjava.workers.Presence;
import org.nngjava.workers.StoredJob;
import org.nngjava.workers.WorkerStatus;

/**
 * Lets nothing out before the store has what it follows from. The store is given each batch at once, so that it can save at one go all that
 * came while it was busy; what follows is let out in order.
 *
 * <p>When the store fails, whoever waits for something to be saved is told so, and what was submitted is withdrawn. What happened to jobs
 * that were accepted before cannot be undone: it is kept, and given to the store again before anything new.
 */
final class GatedOutbox implements Outbox {
    private static final System.Logger LOG = System.getLogger(GatedOutbox.class.getName());
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Where things go once they may. */
    interface Postman {
        /** Answers a request. */
        void reply(Caller caller, Reply reply, ByteBuffer body);

        /** Drops what was uploaded under a lease and not taken. */
        void leaseEnded(String token);

        /** Deletes a blob. */
        void discard(Blob blob);

        /** Publishes a change of a job. */
        void publish(Job job, double progress);

        /** Publishes that a worker came or went, or is there as before. */
        void publish(WorkerStatus worker, Presence presence);

        /** A job that was admitted is not saved and never will be. */
        void withdraw(String jobId);
    }

    private final JobStore store;
    private final EventLoop loop;
    private final Postman postman;
    /** What the store was given, and has not saved yet or follows something that it has not. */
    private final Deque<Batch> underWay = new ArrayDeque<>();

    private Batch gathering = new Batch();

    /** The store has failed, and was not yet given again what it has not saved. It is given nothing new meanwhile. */
    private boolean failing;

    /**
     * What follows when a batch is saved.
     *
     * @param job what it is about, or null; dropped if that job is withdrawn
     * @param refuse what to do instead if the store fails, or null: then it waits until the store is back
     */
    private record Step(String job, Runnable action, Consumer<JobStoreException> refuse) {}

    private enum State {
        NEW,
        SAVED,
        FAILED
    }

    private static final class Batch {
        private final Map<String, StoredJob> changed = new LinkedHashMap<>();
        private final Set<String> admitted = new LinkedHashSet<>();
        private final List<String> forgotten = new ArrayList<>();
        private List<Step> then = new ArrayList<>();
        private State state = State.NEW;

        /** Those who wait were told of a failure. */
        private boolean refused;

        /** Takes over what came later. */
        private void add(Batch later) {
            changed.putAll(later.changed);
            admitted.addAll(later.admitted);
            forgotten.addAll(later.forgotten);
            then.addAll(later.then);
        }

        private boolean isEmpty() {
            return !isChange() && then.isEmpty();
        }

        private boolean isChange() {
            return !changed.isEmpty() || !forgotten.isEmpty();
        }

        private void withdraw(Set<String> jobs) {
            changed.keySet().removeAll(jobs);
            then.removeIf(step -> step.job() != null && jobs.contains(step.job()));
        }

        /** Tells all who wait that the store has failed. */
        private void refuse(JobStoreException failure) {
            Map<Boolean, List<Step>> steps =
                    then.stream().collect(Collectors.partitioningBy(step -> step.refuse() != null));
            then = new ArrayList<>(steps.get(false));
            steps.get(true).forEach(step -> report(() -> step.refuse().accept(failure)));
        }
    }

    GatedOutbox(JobStore store, EventLoop loop, Postman postman) {
        this.store = store;
        this.loop = loop;
        this.postman = postman;
    }

    /** Does something after all that was said so far is saved. */
    void then(Runnable action) {
        then(action, null);
    }

    /** Does something after all that was said so far is saved, or something else if the store fails before. */
    void then(Runnable action, Consumer<JobStoreException> refuse) {
        gathering.then.add(new Step(null, action, refuse));
    }

    /** Saves what was gathered, and lets out what depends on it when that is done. */
    void flush() {
        while (!gathering.isEmpty() && !failing) {
            Batch batch = gathering;
            gathering = new Batch();
            underWay.add(batch);
            save(batch);
        }
    }

    private void save(Batch batch) {
        CompletableFuture<Void> done = store(batch);
        if (done.isDone() && !done.isCompletedExceptionally()) {
            saved(batch);
        } else {
            done.whenComplete((ignored, failure) -> loop.execute(() -> {
                if (failure == null) {
                    saved(batch);
                    flush();
                } else {
                    failed(batch, failure instanceof CompletionException ? failure.getCause() : failure);
                }
            }));
        }
    }

    private CompletableFuture<Void> store(Batch batch) {
        if (!batch.isChange()) {
            return CompletableFuture.completedFuture(null);
        }
        try {
            return store.save(List.copyOf(batch.changed.values()), List.copyOf(batch.forgotten))
                    .toCompletableFuture();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void saved(Batch batch) {
        batch.state = State.SAVED;
        while (!underWay.isEmpty() && underWay.peek().state == State.SAVED) {
            release(underWay.poll());
        }
        repeatIfAllHaveEnded();
    }

    /**
     * Those behind it are told as well: they follow from it, and those whose turn had not come would wait for a store that does not answer. What
     * was withdrawn is forgotten with the next success, since a store that failed may have saved it all the same.
     */
    private void failed(Batch batch, Throwable cause) {
        batch.state = State.FAILED;
        failing = true;
        if (!batch.refused) {
            LOG.log(System.Logger.Level.ERROR, "the job store failed", cause);
            refuseFrom(batch, new JobStoreException("the job store failed: " + cause.getMessage(), cause));
        }
        repeatIfAllHaveEnded();
    }

    private void refuseFrom(Batch first, JobStoreException failure) {
        List<Batch> behind =
                underWay.stream().dropWhile(batch -> batch != first).collect(Collectors.toCollection(ArrayList::new));
        Set<String> withdrawn = new LinkedHashSet<>(gathering.admitted);
        for (Batch given : behind) {
            given.refused = true;
            given.forgotten.addAll(given.admitted);
            withdrawn.addAll(given.admitted);
        }
        behind.add(gathering);
        withdrawn.forEach(job -> report(() -> postman.withdraw(job)));
        for (Batch batch : behind) {
            batch.admitted.clear();
            batch.withdraw(withdrawn);
            batch.refuse(failure);
        }
    }

    /** Begins anew with what is not saved. What the store saved after that may follow from it: all is repeated, in its order. */
    private void repeatIfAllHaveEnded() {
        if (!failing || underWay.isEmpty() || underWay.stream().anyMatch(batch -> batch.state == State.NEW)) {
            return;
        }
        Batch again = allUnderWay();
        underWay.clear();
        underWay.add(again);
        Executor later = CompletableFuture.delayedExecutor(RETRY.toMillis(), TimeUnit.MILLISECONDS);
        later.execute(() -> loop.execute(() -> saveAgain(again)));
    }

    private void saveAgain(Batch batch) {
        failing = false;
        save(batch);
    }

    private Batch allUnderWay() {
        Batch all = new Batch();
        underWay.forEach(all::add);
        return all;
    }

    /** When the loop has ended: gives the store a last time what it has not saved, above all what is to be forgotten since it was refused. */
    void close() {
        if (failing) {
            Batch last = allUnderWay();
            last.add(gathering);
            store(last);
        }
    }

    private static void release(Batch batch) {
        batch.then.forEach(step -> report(step.action()));
    }

    private static void report(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "what followed from a change failed", e);
        }
    }

    @Override
    public void admit(String jobId) {
        gathering.admitted.add(jobId);
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

    /** Orders that end nothing follow from no change: workers hear from a broker whose store is in trouble, and work on. */
    @Override
    public void reply(Caller caller, Reply reply, ByteBuffer body) {
        if (reply instanceof Reply.Orders orders && orders.drop().isEmpty()) {
            postman.reply(caller, reply, body);
        } else {
            then(() -> postman.reply(caller, reply, body));
        }
    }

    @Override
    public void abandon(Caller caller) {
        caller.abandon();
    }

    @Override
    public void leaseEnded(String token) {
        then(() -> postman.leaseEnded(token));
    }

    @Override
    public void publish(Job job, double progress) {
        gathering.then.add(new Step(job.id(), () -> postman.publish(job, progress), null));
    }

    @Override
    public void publish(WorkerStatus worker, Presence presence) {
        then(() -> postman.publish(worker, presence));
    }
}
