package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nngjava.NngException;
import org.nngjava.workers.JobError;
import org.nngjava.workers.LeaseHolder;
import org.nngjava.workers.QueueClosedException;
import org.nngjava.workers.WorkerMode;

/**
 * The places and the heartbeats of one worker whose jobs are done elsewhere. It has no thread: each step follows from the answer to the
 * one before, on NNG's threads. Safe for use by many threads.
 */
public final class AsyncCrew implements LeasedAttempt.Desk {
    private static final System.Logger LOG = System.getLogger(AsyncCrew.class.getName());
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration TO_END = Duration.ofSeconds(1);
    private static final Executor SOON = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

    private final LeaseHolder holder;
    private final BrokerLink link;
    private final Channel heartbeats;
    private final Channel farewell;
    private final List<Place> places = new ArrayList<>();
    private final Map<LeasedAttempt, Place> leases = new ConcurrentHashMap<>();
    private final Tally tally = new Tally();
    private volatile WorkerInfo info;
    private volatile boolean ending;
    private volatile boolean cut;

    // What the answers to heartbeats say, of which there is one at a time.
    private volatile boolean learned;
    private volatile Duration lease = Settings.DEFAULTS.lease();
    private volatile Duration heartbeat = Settings.DEFAULTS.heartbeat();
    private volatile long lastContact = System.nanoTime();

    /**
     * A crew, to be started.
     *
     * @param info how the worker presents itself
     * @param holder has the jobs done
     * @param url where the broker is
     * @param access how to connect
     */
    public AsyncCrew(WorkerInfo info, LeaseHolder holder, String url, Access access) {
        this.info = info;
        this.holder = holder;
        link = new NngLink(url, access);
        try {
            heartbeats = link.open();
            farewell = link.open();
            for (int i = 0; i < info.slots(); i++) {
                places.add(new Place(link.open()));
            }
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    /** Begins to ask for work. */
    public void start() {
        beat();
        places.forEach(Place::ask);
    }

    /**
     * How the worker presents itself now.
     *
     * @return its id and name among others
     */
    public WorkerInfo info() {
        return info;
    }

    /** Takes no more jobs. */
    public void quiet() {
        change(WorkerMode.QUIET, info.obeyed());
    }

    /** Ends without a word. */
    public void abort() {
        if (begins()) {
            cut();
        }
    }

    /** Waits a moment for reports that are under way, gives back what it has, and ends. */
    public void close() {
        if (!begins()) {
            return;
        }
        try {
            awaitLastAnswers();
            farewell.call(new Request.Leave(info.id()), null, TO_END).close();
        } catch (LinkException e) {
            LOG.log(System.Logger.Level.DEBUG, "left without a word", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            cut();
        }
    }

    /** True for the first who wants it to end. */
    private synchronized boolean begins() {
        boolean first = !ending;
        ending = true;
        info = info.in(WorkerMode.HALTING, info.obeyed());
        return first;
    }

    private void awaitLastAnswers() throws InterruptedException {
        CompletableFuture<?>[] last = places.stream().map(Place::withdraw).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(last).get(TO_END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.DEBUG, "some questions were not answered in the end", e);
        }
    }

    private void cut() {
        cut = true;
        link.close();
        leases.keySet().forEach(LeasedAttempt::drop);
    }

    private synchronized void change(WorkerMode mode, long order) {
        if (info.mode() != WorkerMode.HALTING) {
            info = info.in(mode, order);
        }
    }

    private boolean takesJobs() {
        return info.mode() == WorkerMode.ACTIVE;
    }

    /** Asks the broker once. */
    private static CompletableFuture<Answer> send(Channel channel, Request request, ByteBuffer body, Duration timeout) {
        try {
            return channel.send(request, body).orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (NngException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    // ---- Heartbeats: the broker keeps each until there are orders, or the next is due

    private void beat() {
        endWhatIsOver();
        sendHeartbeat();
    }

    /** None is sent after the last word. */
    private synchronized void sendHeartbeat() {
        if (ending) {
            return;
        }
        List<Request.Claim> claims = leases.keySet().stream()
                .filter(attempt -> !attempt.isReleased())
                .map(Assignment::claim)
                .toList();
        Request.Heartbeat beat =
                new Request.Heartbeat(info, learned, claims, tally.figures(leases.size(), 0, link.traffic()));
        send(heartbeats, beat, null, heartbeat.multipliedBy(2)).whenComplete(this::beaten);
    }

    private void beaten(Answer answer, Throwable failure) {
        if (failure == null) {
            try (answer) {
                if (answer.reply() instanceof Reply.Orders orders) {
                    heed(orders);
                    beat();
                    return;
                }
                LOG.log(System.Logger.Level.WARNING, "a heartbeat was answered with " + answer.reply());
            }
        }
        SOON.execute(this::beat);
    }

    private void heed(Reply.Orders orders) {
        lastContact = System.nanoTime();
        lease = Duration.ofMillis(orders.leaseMs());
        heartbeat = Duration.ofMillis(orders.heartbeatMs());
        learned = true;
        leases.keySet().stream()
                .filter(attempt -> orders.drop().contains(attempt.token()))
                .forEach(LeasedAttempt::drop);
        Reply.Order order = orders.order();
        if (order != null && order.number() > info.obeyed()) {
            change(order.mode(), order.number());
            if (order.mode() == WorkerMode.HALTING) {
                tell(() -> holder.halting(Duration.ofMillis(order.haltMs())));
            }
            places.forEach(Place::ask);
        }
    }

    private void endWhatIsOver() {
        long now = System.nanoTime();
        for (LeasedAttempt attempt : leases.keySet()) {
            if (now - Math.max(lastContact, attempt.begun()) > lease.toNanos()) {
                attempt.drop();
            } else if (attempt.endIfOverdue()) {
                tell(() -> holder.lost(attempt));
            }
        }
    }

    private static void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the holder of leases failed", e);
        }
    }

    // ---- Leases

    @Override
    public void ended(LeasedAttempt attempt, Report report, ByteBuffer result, CompletableFuture<Boolean> confirmed) {
        tally.ended(new Attempt.Outcome(report, result), attempt.age());
        leases.get(attempt).report(attempt, report, result, confirmed);
    }

    @Override
    public void dropped(LeasedAttempt attempt) {
        tally.ended(null, attempt.age());
        Place place = leases.remove(attempt);
        tell(() -> holder.lost(attempt));
        place.free();
    }

    /** Room for one job: asks for one, and when the broker knows how that ended asks for the next. */
    private final class Place {
        private final Channel channel;
        private boolean busy;
        private String question; // the one that is open, or null
        private CompletableFuture<Boolean> reported = CompletableFuture.completedFuture(true);

        Place(Channel channel) {
            this.channel = channel;
        }

        /** Asks, unless it has a job, asks already, or no job is wanted. */
        synchronized void ask() {
            if (!busy && takesJobs()) {
                busy = true;
                ask(UUID.randomUUID().toString());
            }
        }

        void free() {
            synchronized (this) {
                busy = false;
            }
            ask();
        }

        /** Takes back the question that is open, and completes when all is answered. */
        synchronized CompletableFuture<Void> withdraw() {
            if (question == null) {
                return reported.handle((confirmed, failure) -> null);
            }
            return send(channel, new Request.Ready(info, question, false, null), null, TO_END)
                    .thenAccept(Answer::close);
        }

        synchronized void report(
                LeasedAttempt attempt, Report how, ByteBuffer result, CompletableFuture<Boolean> confirmed) {
            reported = confirmed;
            Request.Ready report = new Request.Ready(info, UUID.randomUUID().toString(), false, how);
            send(channel, report, result, ANSWER_TIMEOUT).whenComplete((answer, failure) -> {
                if (failure == null) {
                    try (answer) {
                        if (answer.reply() instanceof Reply.Nothing nothing) {
                            settled(attempt, how, nothing.verdict() == Reply.Verdict.CONFIRMED, confirmed);
                            return;
                        }
                        LOG.log(System.Logger.Level.WARNING, "a report was answered with " + answer.reply());
                    }
                }
                if (cut) {
                    confirmed.completeExceptionally(new QueueClosedException("the worker is closed"));
                } else {
                    SOON.execute(() -> report(attempt, how, result, confirmed));
                }
            });
        }

        private void settled(LeasedAttempt attempt, Report how, boolean counts, CompletableFuture<Boolean> confirmed) {
            leases.remove(attempt);
            if (!counts && how.hasEnd()) {
                tally.refused();
            }
            free();
            confirmed.complete(counts);
        }

        private synchronized void ask(String id) {
            if (ending) {
                return;
            }
            question = id;
            send(channel, new Request.Ready(info, id, true, null), null, ANSWER_TIMEOUT)
                    .whenComplete((answer, failure) -> answered(id, answer, failure));
        }

        private void answered(String id, Answer answer, Throwable failure) {
            if (failure == null) {
                try (answer) {
                    if (answer.reply() instanceof Reply.Run run) {
                        begin(new LeasedAttempt(run, answer.body(), channel, AsyncCrew.this));
                        return;
                    }
                    if (answer.reply() instanceof Reply.Nothing) {
                        noQuestion();
                        free();
                        return;
                    }
                    LOG.log(System.Logger.Level.WARNING, "a question was answered with " + answer.reply());
                }
            }
            SOON.execute(() -> ask(id));
        }

        private synchronized void noQuestion() {
            question = null;
        }

        private void begin(LeasedAttempt attempt) {
            noQuestion();
            leases.put(attempt, this);
            if (!takesJobs()) {
                // It crossed the wish to take no more: another worker can have it at once.
                attempt.giveBack();
                return;
            }
            try {
                holder.leased(attempt);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "the holder of leases failed", e);
                attempt.fail(new JobError(JobError.EXCEPTION, e.toString(), false));
            }
        }
    }
}
