package org.nngjava.workers.internal;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;

/**
 * One of a worker's places for a job, with a thread of its own: asks for a job, runs it, and reports with the next question.
 * What it has to report it keeps until the broker has answered.
 */
final class Slot {
    private static final System.Logger LOG = System.getLogger(Slot.class.getName());
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration LONG_PAUSE = Duration.ofSeconds(1);

    private final Crew crew;
    private final int number;
    private final Channel channel;
    private final Thread thread;
    private volatile Attempt attempt;
    private volatile Attempt.Outcome outcome;

    /**
     * A slot, to be started.
     *
     * @param inherited an attempt that this slot takes over from a stuck one, to report what became of it; or null
     */
    Slot(Crew crew, int number, Channel channel, Attempt inherited) {
        this.crew = crew;
        this.number = number;
        this.channel = channel;
        attempt = inherited;
        outcome = inherited == null ? null : inherited.haltedOutcome();
        if (inherited != null) {
            crew.tally().ended(outcome, inherited.age());
        }
        thread = new Thread(this::work, "nng-worker-" + crew.info().name() + "-" + number);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    int number() {
        return number;
    }

    /** The attempt that runs, or whose end the broker does not know yet; else null. */
    Attempt attempt() {
        return attempt;
    }

    /** True if it has a job, or something to report. */
    boolean isBusy() {
        return attempt != null || outcome != null;
    }

    /**
     * The lease of an attempt has ended: an attempt that runs is halted, and what there was to report of one that ended need
     * not be reported any more.
     */
    synchronized void drop(String token) {
        if (attempt == null || !attempt.token().equals(token)) {
            return;
        }
        if (attempt.isRunning()) {
            attempt.drop();
        } else {
            settled();
        }
    }

    /** Ends the question that is open, so that it is asked again with what has changed. */
    void askAgain() {
        channel.cancel();
    }

    void close() {
        channel.close();
    }

    private void work() {
        try {
            boolean mine = true;
            while (mine && !crew.isClosed() && (!crew.isStopping() || outcome != null)) {
                mine = askAndRun();
            }
        } finally {
            channel.close();
            crew.slotEnded(this);
        }
    }

    /** False if this thread was given up meanwhile. */
    private boolean askAndRun() {
        try {
            Answer answer = ask(UUID.randomUUID().toString());
            return answer == null || handle(answer);
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.WARNING, "slot " + number + " was interrupted, not by its worker", e);
            return true;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "slot " + number + " gives up what it was at", e);
            settled();
            LockSupport.parkNanos(this, LONG_PAUSE.toNanos());
            return true;
        }
    }

    /** Asks until there is an answer. Null if there is no need for one any more. */
    private Answer ask(String question) throws InterruptedException {
        while (!crew.isClosed()) {
            boolean wanted = !crew.isStopping();
            Attempt.Outcome told = outcome;
            try {
                Request.Ready ready =
                        new Request.Ready(crew.info(), question, wanted, told == null ? null : told.report());
                return channel.call(ready, told == null ? null : told.result(), ANSWER_TIMEOUT);
            } catch (CancellationException e) {
                LOG.log(System.Logger.Level.DEBUG, "slot " + number + " asks again");
            } catch (LinkException e) {
                LOG.log(System.Logger.Level.DEBUG, "slot " + number + " has no answer", e);
                Thread.sleep(PAUSE.toMillis());
            }
        }
        return null;
    }

    /** Deals with an answer. False if this thread was given up meanwhile. */
    private boolean handle(Answer answer) throws InterruptedException {
        Attempt next = null;
        try (answer) {
            if (answer.reply() instanceof Reply.Run run) {
                reported(run.verdict());
                next = new Attempt(run, answer.body(), channel, crew::progressed);
            } else if (answer.reply() instanceof Reply.Nothing nothing) {
                reported(nothing.verdict());
            } else {
                LOG.log(System.Logger.Level.WARNING, "slot " + number + ": " + answer.reply());
                Thread.sleep(LONG_PAUSE.toMillis());
            }
        }
        return next == null || run(next);
    }

    private void reported(Reply.Verdict verdict) {
        Attempt.Outcome told = outcome;
        if (verdict == Reply.Verdict.REFUSED && told != null && told.report().hasEnd()) {
            crew.tally().refused();
            LOG.log(
                    System.Logger.Level.INFO,
                    "what became of job " + told.report().job() + " here does not count: its lease had ended");
        }
        settled();
    }

    private synchronized void settled() {
        attempt = null;
        outcome = null;
        crew.changed();
    }

    private synchronized void begin(Attempt next) {
        attempt = next;
        crew.begun();
    }

    private boolean run(Attempt next) {
        begin(next);
        if (!crew.takesJobs()) {
            // It crossed the wish to take no more: another worker can have it at once.
            next.halt(Attempt.Halt.GIVEN_BACK);
        }
        Attempt.Outcome ended = next.run(crew.handler(next.type()));
        if (next.isAbandoned()) {
            return false;
        }
        ended(ended, next.age());
        return true;
    }

    private synchronized void ended(Attempt.Outcome how, Duration time) {
        crew.tally().ended(how, time);
        outcome = how;
        if (how == null) {
            attempt = null;
        }
        crew.changed();
    }
}
