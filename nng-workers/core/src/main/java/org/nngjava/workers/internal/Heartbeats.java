package org.nngjava.workers.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.nngjava.NngException;

/**
 * Says to the broker that the worker lives and holds its leases, carries out the orders that come back, and halts attempts
 * that take too long. One thread, which no handler can hold up.
 *
 * <p>There is always one heartbeat at the broker that waits for orders, so that they come at once; when it is answered the
 * next is sent. Progress is sent by another, which does not wait.
 */
final class Heartbeats implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Heartbeats.class.getName());
    private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration LONG_PAUSE = Duration.ofSeconds(1);
    private static final Duration STUCK_AFTER = Duration.ofSeconds(5);
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(1);

    private final Crew crew;
    private final BrokerLink link;
    private final Beat waiting;
    private final Beat prompt;
    private final Channel farewell;
    private final Thread thread;
    private final AtomicBoolean news = new AtomicBoolean();
    private volatile boolean closed;
    private volatile boolean inTouch;

    /** An attempt has begun since the thread looked last. */
    private volatile boolean begun;

    /** The thread sleeps for long: whoever begins an attempt wakes it. */
    private volatile boolean dozing;

    private boolean saidFound;
    private boolean saidLost;
    private Duration lease = Settings.DEFAULTS.lease();
    private Duration heartbeat = Settings.DEFAULTS.heartbeat();
    private boolean learned;
    private long lastContact = System.nanoTime();
    private long lastProgress = System.nanoTime();

    /** A heartbeat under way. */
    private final class Beat {
        private final Channel channel;
        private CompletableFuture<Answer> answer;
        private long sentAt;
        private long notBefore = System.nanoTime();

        private Beat(Channel channel) {
            this.channel = channel;
        }

        private boolean isIdle() {
            return answer == null && System.nanoTime() - notBefore >= 0;
        }

        private void send(boolean waits) {
            List<Request.Claim> claims =
                    crew.attempts().stream().map(Attempt::claim).toList();
            sentAt = System.nanoTime();
            try {
                answer = channel.send(new Request.Heartbeat(crew.info(), waits, claims, crew.figures()), null);
                answer.whenComplete((message, failure) -> LockSupport.unpark(thread));
            } catch (NngException e) {
                pause();
            }
        }

        /** Takes the answer if it is there. */
        private void check() {
            if (answer == null) {
                return;
            }
            if (answer.isDone()) {
                CompletableFuture<Answer> done = answer;
                answer = null;
                try (Answer said = done.get()) {
                    answered(said.reply());
                } catch (ExecutionException e) {
                    LOG.log(System.Logger.Level.DEBUG, "a heartbeat was not answered", e);
                    pause();
                    if (isLongAgo(lastContact)) {
                        lost();
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException("the answer is there", e);
                }
            } else if (isLongAgo(sentAt)) {
                Channel.giveUp(answer);
                answer = null;
                inTouch = false;
                lost();
            }
        }

        private void answered(Reply reply) {
            if (reply instanceof Reply.Orders orders) {
                lastContact = Math.max(lastContact, sentAt);
                learned = true;
                inTouch = true;
                found();
                lease = Duration.ofMillis(orders.leaseMs());
                heartbeat = Duration.ofMillis(orders.heartbeatMs());
                orders.drop().forEach(crew::drop);
                if (orders.order() != null) {
                    crew.obey(orders.order());
                }
            } else {
                LOG.log(System.Logger.Level.WARNING, "a heartbeat was answered with " + reply);
                pause();
                notBefore = System.nanoTime() + LONG_PAUSE.toNanos();
            }
        }

        private void pause() {
            inTouch = false;
            notBefore = System.nanoTime() + PAUSE.toNanos();
        }
    }

    Heartbeats(Crew crew, BrokerLink link) {
        this.crew = crew;
        this.link = link;
        waiting = new Beat(link.open());
        prompt = new Beat(link.open());
        farewell = link.open();
        thread = new Thread(this::run, "nng-worker-" + crew.info().name() + "-heartbeat");
        thread.setDaemon(false);
    }

    void start() {
        thread.start();
    }

    /** There is something to tell soon: progress, or another mode. Any thread. */
    void tell() {
        if (!news.getAndSet(true)) {
            LockSupport.unpark(thread);
        }
    }

    /** An attempt has begun, and is to be watched over. Any thread. */
    void begun() {
        begun = true;
        if (dozing) {
            LockSupport.unpark(thread);
        }
    }

    /** True if the broker answered lately, and nothing speaks against it. */
    boolean isInTouch() {
        return inTouch;
    }

    /** The last word to the broker: the worker goes. */
    void leave() throws InterruptedException {
        if (!inTouch) {
            return;
        }
        try (Answer answer = farewell.call(new Request.Leave(crew.info().id()), null, LEAVE_TIMEOUT)) {
            LOG.log(System.Logger.Level.DEBUG, "left: " + answer.reply());
        } catch (LinkException e) {
            LOG.log(System.Logger.Level.DEBUG, "left without a word", e);
        }
    }

    /** Ends the thread and waits for its end. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        if (ThreadEnd.await(thread)) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try {
                beat();
                crew.slots().forEach(this::watchOver);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "a heartbeat failed", e);
            }
            LockSupport.parkNanos(this, sleep().toNanos());
        }
        for (Beat beat : List.of(waiting, prompt)) {
            if (beat.answer != null) {
                Channel.giveUp(beat.answer);
            }
        }
    }

    private void beat() {
        waiting.check();
        prompt.check();
        if (waiting.isIdle()) {
            waiting.send(learned);
        }
        boolean due = System.nanoTime() - lastProgress >= PROGRESS_INTERVAL.toNanos();
        if (prompt.isIdle() && due && news.getAndSet(false)) {
            lastProgress = System.nanoTime();
            prompt.send(false);
        }
    }

    private boolean isLongAgo(long time) {
        return System.nanoTime() - time > heartbeat.multipliedBy(2).toNanos();
    }

    /** Says so once for each time that the broker is out of reach. */
    private void lost() {
        if (!saidLost) {
            saidLost = true;
            saidFound = false;
            String certificates = link.url().startsWith("tls") || link.url().startsWith("wss")
                    ? ", do both ends trust each other's certificates"
                    : "";
            LOG.log(
                    System.Logger.Level.WARNING,
                    "worker " + crew.info().name() + " has no answer from a broker at " + link.url()
                            + " and keeps trying:"
                            + " is one running, does it listen there, does a firewall let it through" + certificates
                            + "? " + link.counts());
        }
    }

    private void found() {
        if (!saidFound) {
            saidFound = true;
            saidLost = false;
            boolean here = link.url().startsWith("inproc");
            LOG.log(
                    here ? System.Logger.Level.DEBUG : System.Logger.Level.INFO,
                    "worker " + crew.info().name() + " is connected to its broker at " + link.url());
        }
    }

    private void watchOver(Slot slot) {
        Attempt attempt = slot.attempt();
        if (attempt == null || !attempt.isRunning()) {
            return;
        }
        long now = System.nanoTime();
        if (attempt.halted() != null) {
            if (now - attempt.haltedAt() > STUCK_AFTER.toNanos()) {
                crew.replaceStuck(slot, attempt);
            }
        } else if (now - Math.max(lastContact, attempt.begun()) > lease.toNanos()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "no word from the broker for a lease time: gives back " + attempt.id());
            attempt.halt(Attempt.Halt.GIVEN_BACK);
        } else if (attempt.isOverdue()) {
            attempt.halt(Attempt.Halt.TIMED_OUT);
        }
    }

    /**
     * Short enough to see time-outs in time as long as attempts run or begin: where many are short, not each of them wakes this
     * thread. Answers, progress and the first attempt after a while do.
     */
    private Duration sleep() {
        boolean busy = begun;
        begun = false;
        dozing = true; // before it looks, so that what begins meanwhile is seen here or wakes it
        boolean quiet = waiting.answer != null && !busy && crew.attempts().isEmpty();
        dozing = quiet;
        Duration sleep = quiet ? heartbeat.dividedBy(2) : PAUSE;
        return sleep.compareTo(heartbeat.dividedBy(4)) < 0 ? sleep : heartbeat.dividedBy(4);
    }
}
