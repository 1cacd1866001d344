package org.nngjava.workers.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobStore;
import org.nngjava.workers.Lease;
import org.nngjava.workers.Presence;
import org.nngjava.workers.StoredJob;
import org.nngjava.workers.WorkerStatus;

@Timeout(30)
class GatedOutboxTest {
    private final SlowStore store = new SlowStore();
    private final List<String> let = new CopyOnWriteArrayList<>();
    private EventLoop loop;
    private GatedOutbox outbox;

    @BeforeEach
    void start() {
        loop = new EventLoop("test-loop", new EventLoop.Owner() {
            @Override
            public void afterTasks() {
                outbox.flush();
            }

            @Override
            public long sleepMillis() {
                return 1_000;
            }
        });
        outbox = new GatedOutbox(store, loop, new Noting());
        loop.start();
    }

    @AfterEach
    void stop() {
        loop.stop();
    }

    @Test
    void theStoreIsGivenWhatComesWhileItIsBusyAndAllIsLetOutInOrder() {
        inOneGo(() -> change(queued("a"), "a"));
        inOneGo(() -> change(queued("b"), "b"));
        inOneGo(() -> then("follows from nothing"));
        assertThat(store.saves).extracting(Save::jobs).containsExactly("[a]", "[b]");
        assertThat(let).isEmpty();

        store.saves.get(1).done.complete(null);
        settle();
        assertThat(let).isEmpty();

        store.saves.get(0).done.complete(null);
        settle();
        assertThat(let).containsExactly("a", "b", "follows from nothing");
    }

    @Test
    void whatFollowsFromNothingIsLetOutAtOnce() {
        inOneGo(() -> then("at once"));
        assertThat(let).containsExactly("at once");
        assertThat(store.saves).isEmpty();
    }

    @Test
    void whatWasSavedAfterAFailureIsSavedAgainAfterWhatFailed() {
        inOneGo(() -> change(queued("a"), "a queued"));
        inOneGo(() -> change(queued("b"), "b queued"));
        inOneGo(() -> change(running("a"), "a runs"));
        store.saves.get(0).done.completeExceptionally(new IllegalStateException("disk full"));
        settle();
        inOneGo(() -> change(queued("c"), "c queued"));
        assertThat(store.saves).hasSize(3);

        store.saves.get(1).done.complete(null);
        store.saves.get(2).done.complete(null);
        await().until(() -> store.saves.size() == 5);
        assertThat(let).isEmpty();
        Save again = store.saves.get(3);
        assertThat(again.jobs()).isEqualTo("[a, b]");
        assertThat(again.changed).first().extracting(job -> job.lease().token()).isEqualTo("t");

        assertThat(store.saves.get(4).jobs()).isEqualTo("[c]");

        again.done.complete(null);
        store.saves.get(4).done.complete(null);
        settle();
        assertThat(let).containsExactly("a queued", "b queued", "a runs", "c queued");
    }

    @Test
    void whoWaitsIsToldOfAFailureAndWhatWasSubmittedIsWithdrawnThoughItWasSavedAfterIt() {
        inOneGo(() -> change(queued("known"), "known"));
        inOneGo(() -> admit("new"));
        inOneGo(() -> start("new"));
        store.saves.get(0).done.completeExceptionally(new IllegalStateException("disk full"));
        settle();
        assertThat(let).containsExactly("withdrawn: new", "refused: new");

        store.saves.get(1).done.complete(null);
        store.saves.get(2).done.complete(null);
        await().until(() -> store.saves.size() == 4);
        assertThat(store.saves.get(3).jobs()).isEqualTo("[known]");
        assertThat(store.saves.get(3).forgotten).containsExactly("new");

        store.saves.get(3).done.complete(null);
        settle();
        assertThat(let).containsExactly("withdrawn: new", "refused: new", "known");
    }

    @Test
    void whatComesBeforeAFailureIsLetOutAlthoughItIsSavedLater() {
        inOneGo(() -> admit("one"));
        inOneGo(() -> admit("two"));
        store.saves.get(1).done.completeExceptionally(new IllegalStateException("busy"));
        settle();
        assertThat(let).containsExactly("withdrawn: two", "refused: two");

        store.saves.get(0).done.complete(null);
        await().until(() -> store.saves.size() == 3);
        assertThat(let).containsExactly("withdrawn: two", "refused: two", "one");
        assertThat(store.saves.get(2).jobs()).isEqualTo("[]");
        assertThat(store.saves.get(2).forgotten).containsExactly("two");
    }

    @Test
    void whatIsWithdrawnIsWithdrawnFromWhatFailedBeforeItToo() {
        inOneGo(() -> admit("new"));
        inOneGo(() -> start("new"));
        store.saves.get(1).done.completeExceptionally(new IllegalStateException("busy"));
        settle();
        store.saves.get(0).done.completeExceptionally(new IllegalStateException("disk full"));
        await().until(() -> store.saves.size() == 3);
        assertThat(store.saves.get(2).jobs()).isEqualTo("[]");
        assertThat(store.saves.get(2).forgotten).containsExactly("new");
        store.saves.get(2).done.complete(null);
        settle();
        assertThat(let).containsExactly("withdrawn: new", "refused: new");
    }

    @Test
    void aStoreThatThrowsHasFailed() {
        store.broken = true;
        inOneGo(() -> admit("new"));
        await().until(() -> let.equals(List.of("withdrawn: new", "refused: new")));
        store.broken = false;
        await().until(() -> store.saves.size() == 1);
        assertThat(store.saves.get(0).forgotten).containsExactly("new");
    }

    @Test
    void whatWasRefusedIsForgottenEvenIfTheQueueEndsBeforeTheStoreIsTriedAgain() {
        inOneGo(() -> change(queued("known"), "known"));
        inOneGo(() -> admit("new"));
        store.saves.get(0).done.completeExceptionally(new IllegalStateException("disk full"));
        settle();
        loop.stop();
        outbox.close();
        assertThat(store.saves).hasSize(3);
        assertThat(store.saves.get(2).jobs()).isEqualTo("[known]");
        assertThat(store.saves.get(2).forgotten).containsExactly("new");
    }

    @Test
    void aStoreThatFailsTwiceIsTriedAgainWithTheSame() {
        inOneGo(() -> change(queued("a"), "a"));
        store.saves.get(0).done.completeExceptionally(new IllegalStateException("disk full"));
        await().until(() -> store.saves.size() == 2);
        store.saves.get(1).done.completeExceptionally(new IllegalStateException("disk full"));
        await().until(() -> store.saves.size() == 3);
        store.saves.get(2).done.complete(null);
        settle();
        assertThat(store.saves).extracting(Save::jobs).containsExactly("[a]", "[a]", "[a]");
        assertThat(let).containsExactly("a");
    }

    private void change(StoredJob job, String note) {
        outbox.save(job);
        then(note);
    }

    private void admit(String id) {
        outbox.admit(id);
        outbox.save(queued(id));
        outbox.then(() -> let.add(id), failure -> let.add("refused: " + id));
    }

    private void start(String id) {
        StoredJob running = running(id);
        outbox.save(running);
        outbox.publish(running.job(), 0);
    }

    private void then(String note) {
        outbox.then(() -> let.add(note));
    }

    private void inOneGo(Runnable task) {
        loop.execute(() -> {
            task.run();
            outbox.flush();
        });
        settle();
    }

    /** Waits until the loop has done what it was told so far. */
    private void settle() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> done.complete(null));
        done.join();
    }

    private static StoredJob queued(String id) {
        return Lifecycle.submitted(id, Stage.submission("x"), null, Instant.EPOCH);
    }

    private static StoredJob running(String id) {
        return Lifecycle.started(queued(id), new Lease(id, 1, "t", "w"), "ann", Instant.EPOCH);
    }

    private record Save(List<StoredJob> changed, List<String> forgotten, CompletableFuture<Void> done) {
        String jobs() {
            return changed.stream().map(job -> job.job().id()).toList().toString();
        }
    }

    /** Saves when the test says so. */
    private static final class SlowStore implements JobStore {
        private final List<Save> saves = new CopyOnWriteArrayList<>();
        private volatile boolean broken;

        @Override
        public CompletionStage<Void> save(Collection<StoredJob> changed, Collection<String> forgotten) {
            if (broken) {
                throw new AssertionError("a test");
            }
            Save save = new Save(List.copyOf(changed), List.copyOf(forgotten), new CompletableFuture<>());
            saves.add(save);
            return save.done;
        }

        @Override
        public List<StoredJob> load() {
            return new ArrayList<>();
        }

        @Override
        public Optional<StoredJob> find(String id) {
            return Optional.empty();
        }

        @Override
        public List<StoredJob> list(int limit, String beforeId) {
            return List.of();
        }

        @Override
        public void close() {}
    }

    private final class Noting implements GatedOutbox.Postman {
        @Override
        public void withdraw(String jobId) {
            let.add("withdrawn: " + jobId);
        }

        @Override
        public void reply(Caller caller, Reply reply, ByteBuffer body) {
            throw new AssertionError("nobody asked");
        }

        @Override
        public void leaseEnded(String token) {
            throw new AssertionError("no lease");
        }

        @Override
        public void discard(Blob blob) {
            throw new AssertionError("no blob");
        }

        @Override
        public void publish(Job job, double progress) {
            let.add("published: " + job.id());
        }

        @Override
        public void publish(WorkerStatus worker, Presence presence) {
            throw new AssertionError("no worker");
        }
    }
}
