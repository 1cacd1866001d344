package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobError;
import org.nngjava.workers.JobState;
import org.nngjava.workers.Lease;
import org.nngjava.workers.Presence;
import org.nngjava.workers.QueueClosedException;
import org.nngjava.workers.QueueFigures;
import org.nngjava.workers.QueueFullException;
import org.nngjava.workers.QueueStatus;
import org.nngjava.workers.StoredJob;
import org.nngjava.workers.Traffic;
import org.nngjava.workers.WorkerMode;
import org.nngjava.workers.WorkerStatus;

/**
 * Decides which worker gets which job, and what becomes of it. Knows neither sockets nor threads nor disks: it is told what
 * happened and tells its {@link Outbox} what to do. For one thread.
 */
final class Dispatcher {
    private static final int TOKEN_BYTES = 16;
    private static final long REMEMBER_PIPES_MILLIS = 60_000;
    private static final long REMEMBER_DEAD_MILLIS = Duration.ofHours(1).toMillis();

    private final Settings settings;
    private final TimeSource time;
    private final RandomGenerator random;
    private final Outbox out;
    private final JobIds ids;
    private final Map<String, StoredJob> unfinished = new HashMap<>();
    private final Lineup lineup = new Lineup();
    private final Leases leases;
    private final Roster roster;
    private final Archive archive;
    private final Expiry<Integer> gonePipes = new Expiry<>(REMEMBER_PIPES_MILLIS);
    private final Expiry<String> deadWorkers = new Expiry<>(REMEMBER_DEAD_MILLIS);
    private final Map<String, List<Lease>> orphansOfDead = new HashMap<>();
    private final Map<Key, String> keys = new HashMap<>();
    private final QueueTally tally;
    private boolean accepting = true;
    private boolean starting = true;
    private long lastOrder;

    /** What must not be there twice. */
    private record Key(String type, String key) {}

    Dispatcher(Settings settings, TimeSource time, RandomGenerator random, Outbox out) {
        this.settings = settings;
        this.time = time;
        this.random = random;
        this.out = out;
        ids = new JobIds(time, random);
        leases = new Leases(settings);
        roster = new Roster(settings);
        archive = new Archive(settings.retention());
        tally = new QueueTally(time);
    }

    // ---- What the queue's users ask

    /** Goes on where an earlier start of the queue ended. Each lease gets one whole lease time for its holder to show up. */
    void recover(Collection<StoredJob> known) {
        known.stream()
                .filter(stored -> stored.job().state().isFinal())
                .sorted(Comparator.comparing(stored -> stored.job().finishedAt()))
                .forEach(archive::add);
        for (StoredJob stored : known) {
            Job job = stored.job();
            ids.continueAfter(job.id());
            rememberKey(job);
            if (job.state() == JobState.QUEUED) {
                unfinished.put(job.id(), stored);
                place(stored);
            } else if (job.state() == JobState.RUNNING) {
                unfinished.put(job.id(), stored);
                leases.begin(Holding.recovered(stored.lease()), time.millis());
            }
        }
        archive.removeExpired(time.now()).forEach(this::forget);
    }

    Job submit(Submission asked) {
        if (!accepting) {
            throw new QueueClosedException("the queue drains or is closed: it takes no more jobs");
        }
        if (knows(asked)) {
            return submittedBefore(keys.get(new Key(asked.type(), asked.key())), asked);
        }
        boolean done = isDone(asked.done());
        if (!done) {
            mindCapacity();
        }
        String id = ids.next();
        Blob payload = asked.smallPayload() == null ? asked.payload() : SmallBlobs.payload(id, asked.smallPayload());
        StoredJob job = Lifecycle.submitted(id, asked, payload, time.now());
        rememberKey(job.job());
        out.admit(id);
        tally.accepted();
        if (done) {
            unfinished.put(id, job);
            StoredJob answered = Lifecycle.answered(job, asked.done(), time.now());
            change(answered);
            return answered.job();
        }
        change(job);
        place(job);
        return Lifecycle.now(job, 0, 0);
    }

    /** True if this job has a result, and it is not deleted meanwhile. */
    private boolean isDone(StoredJob stored) {
        return stored != null
                && archive.find(stored.job().id())
                        .filter(job -> job.state() == JobState.SUCCEEDED && job.result() != null)
                        .isPresent();
    }

    private Job submittedBefore(String jobId, Submission again) {
        StoredJob stored = unfinished.get(jobId);
        Job job = stored == null ? archive.find(jobId).orElseThrow() : Lifecycle.now(stored, 0, 0);
        if (again.payload() != null && !again.payload().equals(job.payload())) {
            out.discard(again.payload());
        }
        return job;
    }

    private void rememberKey(Job job) {
        if (job.key() != null) {
            keys.put(new Key(job.type(), job.key()), job.id());
        }
    }

    private void forgetKey(Job job) {
        if (job.key() != null) {
            keys.remove(new Key(job.type(), job.key()), job.id());
        }
    }

    /** True if this adds nothing to what waits. */
    boolean needsNoRoom(Submission asked) {
        return knows(asked) || isDone(asked.done());
    }

    /** True if this was submitted before, under the same key. */
    private boolean knows(Submission asked) {
        return asked.key() != null && keys.containsKey(new Key(asked.type(), asked.key()));
    }

    boolean hasRoom() {
        return lineup.size() < settings.capacity();
    }

    private void mindCapacity() {
        if (!hasRoom()) {
            throw new QueueFullException(settings.capacity());
        }
    }

    /**
     * Queues again what was given up.
     *
     * @param stored as the store has it
     */
    boolean requeue(StoredJob stored) {
        Job job = stored.job();
        boolean known = archive.find(job.id())
                .filter(dead -> dead.state() == JobState.FAILED && dead.attempt() == job.attempt())
                .isPresent();
        if (!known || job.state() != JobState.FAILED) {
            return false;
        }
        if (!accepting) {
            throw new QueueClosedException("the queue drains or is closed: it takes no jobs again");
        }
        mindCapacity();
        archive.remove(job.id());
        queueAgain(Lifecycle.requeued(stored));
        return true;
    }

    /** Any thread may ask: the ids of the jobs that were given up, newest first. */
    List<String> deadLetters(int limit, String beforeId) {
        return archive.deadLetters(limit, beforeId);
    }

    /** A job could not be saved when it was new: it is as if it had never been. Nobody outside knows of it. */
    void withdraw(String jobId) {
        StoredJob stored = unfinished.remove(jobId);
        tally.withdrawn();
        if (stored == null) {
            archive.find(jobId).ifPresent(this::forgetKey);
            archive.remove(jobId);
            return;
        }
        forgetKey(stored.job());
        if (stored.job().state() == JobState.RUNNING) {
            leases.find(stored.lease().token()).ifPresent(this::end);
        } else {
            lineup.remove(stored.job());
        }
    }

    boolean cancel(String jobId) {
        StoredJob stored = unfinished.get(jobId);
        if (stored == null) {
            return false;
        }
        lineup.remove(stored.job());
        Optional<Holding> holding = stored.job().state() == JobState.RUNNING
                ? leases.find(stored.lease().token())
                : Optional.empty();
        holding.ifPresent(this::end);
        change(Lifecycle.cancelled(stored, time.now()));
        holding.flatMap(held -> roster.find(held.lease().workerId()))
                .ifPresent(worker -> roster.takeWaitingForOrders(worker)
                        .ifPresent(caller ->
                                orders(worker, caller, List.of(stored.lease().token()))));
        return true;
    }

    boolean remove(String jobId) {
        Optional<Job> job = archive.remove(jobId);
        job.ifPresent(this::forget);
        return job.isPresent();
    }

    void stopAccepting() {
        accepting = false;
    }

    boolean isAccepting() {
        return accepting;
    }

    /** True if no job is left of those that are meant. */
    boolean hasNone(Predicate<Job> which) {
        return unfinished.values().stream().map(StoredJob::job).noneMatch(which);
    }

    /** From now on no job is started. */
    void stopStarting() {
        starting = false;
    }

    boolean isIdle() {
        return leases.size() == 0;
    }

    /** Takes back what workers still have: it counts as never started. */
    void takeBack() {
        for (WorkerEntry worker : roster.all()) {
            List<String> tokens = List.copyOf(worker.tokens());
            roster.takeWaitingForOrders(worker).ifPresent(caller -> orders(worker, caller, tokens));
        }
        leases.all().forEach(this::giveBack);
    }

    /** The queue in figures. How many wait for room is for others to know. */
    QueueStatus status(int waiting) {
        return new QueueStatus(
                lineup.size(),
                leases.size(),
                archive.count(JobState.SUCCEEDED),
                archive.count(JobState.FAILED),
                archive.count(JobState.CANCELLED),
                settings.capacity(),
                waiting,
                roster.all().size(),
                roster.all().stream().mapToInt(worker -> worker.info().slots()).sum(),
                roster.all().stream()
                        .filter(WorkerEntry::takesJobs)
                        .mapToInt(worker -> worker.parked().size())
                        .sum(),
                accepting);
    }

    QueueFigures figures(Traffic traffic) {
        return tally.figures(traffic);
    }

    List<WorkerStatus> workers() {
        return roster.all().stream()
                .map(this::status)
                .sorted(Comparator.comparing(WorkerStatus::name).thenComparing(WorkerStatus::id))
                .toList();
    }

    private WorkerStatus status(WorkerEntry worker) {
        return new WorkerStatus(
                worker.id(),
                worker.info().name(),
                worker.address(),
                worker.info().types().stream().sorted().toList(),
                worker.info().slots(),
                holdings(worker).stream()
                        .map(holding -> holding.lease().jobId())
                        .sorted()
                        .toList(),
                worker.finished(),
                heardLately(worker.lastHeard()),
                worker.since(),
                worker.lastHeardAt(),
                worker.info().labels(),
                worker.mode(),
                worker.figures());
    }

    /**
     * Tells workers to change their mode.
     *
     * @param haltTime when halting, how long their jobs may still take
     * @return how many were told
     */
    int order(Predicate<WorkerStatus> which, WorkerMode mode, Duration haltTime) {
        List<WorkerEntry> told = roster.all().stream()
                .filter(worker -> worker.mode() != WorkerMode.HALTING || mode == WorkerMode.HALTING)
                .filter(worker -> which.test(status(worker)))
                .toList();
        for (WorkerEntry worker : told) {
            long unheard = Math.max(lastOrder, worker.info().obeyed()) + 1;
            lastOrder = Math.max(unheard, time.now().toEpochMilli());
            worker.order(new Reply.Order(lastOrder, mode, Limits.time(haltTime).toMillis()));
            roster.takeWaitingForOrders(worker).ifPresent(caller -> orders(worker, caller, List.of()));
        }
        return told.size();
    }

    /** Any thread may ask: what changes about a job without being saved. */
    int position(Job job) {
        return job.state() == JobState.QUEUED ? lineup.position(job) : 0;
    }

    /** Any thread may ask: what changes about a job without being saved. */
    double progress(Job job) {
        return job.state() == JobState.RUNNING ? leases.progress(job.id()) : job.progress();
    }

    // ---- What workers say

    /**
     * A slot asks for a job.
     *
     * @param body the body of the message: the result, if it is reported as small. Not used after the return
     * @param uploaded the result, if it is reported as uploaded and all of it arrived; else null
     */
    void ready(Caller caller, Request.Ready question, ByteBuffer body, Blob uploaded) {
        Reply.Verdict verdict = question.report() == null ? null : settle(question, body, uploaded);
        Optional<WorkerEntry> heard = heard(question.worker(), caller);
        if (heard.isEmpty()) {
            out.abandon(caller);
            return;
        }
        WorkerEntry worker = heard.get();
        Optional.ofNullable(worker.parked().get(question.id())).ifPresent(superseded -> {
            roster.unpark(superseded);
            out.abandon(superseded.caller());
        });
        Optional<Holding> answer = holdings(worker).stream()
                .filter(holding -> holding.question().equals(question.id()))
                .findFirst();
        if (!question.wanted()) {
            answer.ifPresent(this::giveBack);
            reply(caller, new Reply.Nothing(verdict));
        } else if (answer.isPresent()) {
            run(caller, answer.get(), verdict);
        } else {
            roster.park(new Parked(worker, question.id(), caller, verdict), time.millis());
            serve(worker);
        }
    }

    void heartbeat(Caller caller, Request.Heartbeat heartbeat) {
        Optional<WorkerEntry> heard = heard(heartbeat.worker(), caller);
        if (heard.isEmpty()) {
            out.abandon(caller);
            return;
        }
        WorkerEntry worker = heard.get();
        worker.heartbeat(time.millis(), heartbeat.figures());
        if (time.millis() - worker.lastPulse() > settings.heartbeat().toMillis() / 2) {
            publish(worker, Presence.ALIVE);
        }
        List<String> drop = new ArrayList<>();
        for (Request.Claim claim : heartbeat.leases()) {
            Optional<Holding> holding = leases.find(claim.token(), claim.job());
            if (holding.isPresent()) {
                claim(worker, holding.get(), claim);
            } else {
                drop.add(claim.token());
            }
        }
        serve(worker);
        if (heartbeat.waits() && drop.isEmpty()) {
            roster.takeWaitingForOrders(worker).ifPresent(out::abandon);
            roster.waitForOrders(worker, caller, time.millis());
        } else {
            orders(worker, caller, drop);
        }
    }

    void leave(Caller caller, Request.Leave leave) {
        roster.find(leave.worker()).ifPresent(worker -> {
            goes(worker, Presence.LEFT);
            holdings(worker).forEach(this::giveBack);
        });
        reply(caller, new Reply.Nothing(null));
    }

    /** The lease in force with this token, for the transfer of payload and result. */
    Optional<StoredJob> leased(String token) {
        return leases.find(token).map(holding -> unfinished.get(holding.lease().jobId()));
    }

    // ---- What happens to workers, and what time brings

    /** A connection is closed. Its worker has the grace to be heard of on another. */
    void pipeGone(int pipe) {
        gonePipes.touch(pipe, time.millis());
        for (WorkerEntry worker : roster.on(pipe)) {
            worker.pipes().remove(pipe);
            worker.parked().values().stream()
                    .filter(parked -> parked.caller().pipe() == pipe)
                    .toList()
                    .forEach(parked -> {
                        roster.unpark(parked);
                        out.abandon(parked.caller());
                    });
            // A worker that still has another connection is asked to speak up.
            roster.takeWaitingForOrders(worker).ifPresent(caller -> {
                if (caller.pipe() == pipe) {
                    out.abandon(caller);
                } else {
                    orders(worker, caller, List.of());
                }
            });
            roster.missing(worker, time.millis());
        }
    }

    void tick() {
        long now = time.millis();
        forgiveOwnAbsence(now);
        for (Parked parked : roster.expiredQuestions(now)) {
            reply(parked.caller(), new Reply.Nothing(parked.verdict()));
        }
        for (WorkerEntry worker : roster.expiredWaits(now)) {
            roster.takeWaitingForOrders(worker).ifPresent(caller -> orders(worker, caller, List.of()));
        }
        for (WorkerEntry worker : roster.expiredPresence(now)) {
            worker.silent(true);
            publish(worker, Presence.SILENT);
        }
        roster.expiredWorkers(now).forEach(this::bury);
        leases.expired(now).forEach(this::expire);
        for (var due = lineup.pollDue(now); due.isPresent(); due = lineup.pollDue(now)) {
            place(unfinished.get(due.get()));
        }
        archive.removeExpired(time.now()).forEach(this::forget);
        gonePipes.dropExpired(now);
        for (var old = deadWorkers.pollExpired(now); old.isPresent(); old = deadWorkers.pollExpired(now)) {
            orphansOfDead.remove(old.get());
        }
    }

    /**
     * Whoever comes much too late for a deadline slept, and did not hear what was said meanwhile: that is nobody else's
     * fault. As after a start, each lease gets one whole lease time.
     */
    private void forgiveOwnAbsence(long now) {
        long deadline = Math.min(roster.nextDeadline(), leases.nextDeadline());
        long late = deadline == Long.MAX_VALUE ? 0 : now - deadline;
        if (late > settings.heartbeat().toMillis()) {
            roster.postpone(late + settings.lease().toMillis());
            leases.postpone(late + settings.lease().toMillis());
        }
        long unheard = roster.nextSilence() == Long.MAX_VALUE ? 0 : now - roster.nextSilence();
        if (unheard > settings.heartbeat().toMillis()) {
            roster.postponeSilence(unheard + settings.heartbeat().toMillis());
        }
    }

    /** When {@link #tick} has something to do; {@link Long#MAX_VALUE} if not before something else happens. */
    long nextDeadline() {
        return Math.min(
                Math.min(roster.nextDeadline(), roster.nextSilence()),
                Math.min(leases.nextDeadline(), lineup.nextDue()));
    }

    // ---- Workers

    /** Notes that a worker lives. Empty if what it said was said before its connection was closed: it may be dead. */
    private Optional<WorkerEntry> heard(WorkerInfo info, Caller caller) {
        if (gonePipes.contains(caller.pipe())) {
            return Optional.empty();
        }
        WorkerEntry worker = roster.find(info.id()).orElseGet(() -> {
            WorkerEntry added = new WorkerEntry(info, time.now());
            roster.add(added);
            return added;
        });
        boolean born = worker.lastHeardAt() == null;
        worker.heard(info, caller, time.millis(), time.now());
        if (born || worker.isSilent()) {
            worker.silent(false);
            publish(worker, Presence.ALIVE);
        }
        roster.heard(worker, time.millis());
        deadWorkers.remove(worker.id());
        List<Lease> orphans = orphansOfDead.remove(worker.id());
        if (orphans != null) {
            orphans.forEach(this::exonerate);
        }
        return Optional.of(worker);
    }

    private boolean heardLately(long lastHeard) {
        return time.millis() - lastHeard <= 2 * settings.heartbeat().toMillis();
    }

    private void publish(WorkerEntry worker, Presence presence) {
        worker.pulse(time.millis());
        out.publish(status(worker), presence);
    }

    /** Takes a worker off the roster. Its questions are answered, in case that it only slept. */
    private void goes(WorkerEntry worker, Presence presence) {
        worker.parked().values().forEach(parked -> reply(parked.caller(), new Reply.Nothing(parked.verdict())));
        roster.takeWaitingForOrders(worker).ifPresent(caller -> orders(worker, caller, List.of()));
        roster.remove(worker);
        publish(worker, presence);
    }

    private void bury(WorkerEntry worker) {
        goes(worker, Presence.DEAD);
        holdings(worker).forEach(this::orphan);
    }

    private List<Holding> holdings(WorkerEntry worker) {
        return worker.tokens().stream()
                .flatMap(token -> leases.find(token).stream())
                .toList();
    }

    // ---- Jobs find workers

    /** Gives a job that waits to the least recently used idle worker, or lines it up. */
    private void place(StoredJob stored) {
        Job job = stored.job();
        Instant now = time.now();
        if (stored.dueAt() != null && stored.dueAt().isAfter(now)) {
            long wait = Math.max(1, Duration.between(now, stored.dueAt()).toMillis());
            lineup.addLater(job, time.millis() + wait);
            return;
        }
        Optional<WorkerEntry> worker = starting ? roster.idleFor(job.type(), this::heardLately) : Optional.empty();
        if (worker.isPresent()) {
            give(stored, worker.get());
        } else {
            lineup.add(job);
        }
    }

    /** Gives jobs that wait to a worker that asks. */
    private void serve(WorkerEntry worker) {
        while (starting && worker.takesJobs() && !worker.parked().isEmpty()) {
            Optional<String> next = lineup.poll(worker.info().types());
            if (next.isEmpty()) {
                return;
            }
            give(unfinished.get(next.get()), worker);
        }
    }

    private void give(StoredJob stored, WorkerEntry worker) {
        Parked parked = worker.parked().values().iterator().next();
        roster.unpark(parked);
        roster.used(worker);
        Job job = stored.job();
        Lease lease = new Lease(job.id(), job.attempt() + 1, token(), worker.id());
        Holding holding = Holding.given(lease, parked.id());
        leases.begin(holding, time.millis());
        worker.tokens().add(lease.token());
        tally.started(stored);
        change(Lifecycle.started(stored, lease, worker.info().name(), time.now()));
        run(parked.caller(), holding, parked.verdict());
    }

    private void run(Caller caller, Holding holding, Reply.Verdict verdict) {
        StoredJob stored = unfinished.get(holding.lease().jobId());
        Job job = stored.job();
        Reply.Run run = new Reply.Run(
                verdict,
                job.id(),
                job.type(),
                job.attempt(),
                holding.lease().token(),
                job.options(),
                job.payload() == null ? 0 : job.payload().size(),
                job.payload() == null ? null : job.payload().sha256(),
                Limits.time(job.timeout()).toMillis(),
                job.labels());
        out.reply(caller, run, stored.smallPayload());
    }

    // ---- Leases

    private void claim(WorkerEntry worker, Holding holding, Request.Claim claim) {
        worker.tokens().add(claim.token());
        if (leases.claim(holding, claim.progress(), time.millis())) {
            out.publish(unfinished.get(claim.job()).job(), claim.progress());
        }
    }

    private void end(Holding holding) {
        leases.end(holding);
        roster.find(holding.lease().workerId())
                .ifPresent(worker -> worker.tokens().remove(holding.lease().token()));
        out.leaseEnded(holding.lease().token());
    }

    /** The lease ran out. What that means depends on its worker. */
    private void expire(Holding holding) {
        boolean disowned = roster.find(holding.lease().workerId())
                .filter(worker -> heardLately(worker.lastHeartbeat()))
                .isPresent();
        if (holding.isUnclaimedSinceRestart() || (disowned && holding.isUnclaimed())) {
            giveBack(holding);
        } else if (disowned) {
            end(holding);
            retry(holding, new JobError(JobError.LOST, "the worker does not know of this job any more", false));
        } else {
            orphan(holding);
        }
    }

    private void giveBack(Holding holding) {
        end(holding);
        queueAgain(Lifecycle.givenBack(unfinished.get(holding.lease().jobId())));
    }

    private void orphan(Holding holding) {
        tally.orphaned();
        end(holding);
        deadWorkers.touch(holding.lease().workerId(), time.millis());
        orphansOfDead
                .computeIfAbsent(holding.lease().workerId(), id -> new ArrayList<>())
                .add(holding.lease());
        StoredJob stored = unfinished.get(holding.lease().jobId());
        queueAgain(Lifecycle.orphaned(stored, settings.deaths(), time.now()));
    }

    private void exonerate(Lease lease) {
        StoredJob stored = unfinished.get(lease.jobId());
        if (stored != null && stored.deaths().contains(lease.token())) {
            StoredJob exonerated = Lifecycle.exonerated(stored, lease.token());
            unfinished.put(lease.jobId(), exonerated);
            out.save(exonerated);
        }
    }

    // ---- Reports

    /** Commits a report if its lease is in force, and tells its sender whether it counts. */
    private Reply.Verdict settle(Request.Ready question, ByteBuffer body, Blob uploaded) {
        Report report = question.report();
        Optional<Holding> inForce = leases.find(report.token(), report.job());
        if (inForce.isEmpty()) {
            if (uploaded != null) {
                out.discard(uploaded);
            }
            if (archive.hasCounted(report)) {
                return Reply.Verdict.CONFIRMED;
            }
            if (report.hasEnd()) {
                tally.refused();
            }
            return Reply.Verdict.REFUSED;
        }
        Holding holding = inForce.get();
        archive.count(report);
        roster.find(holding.lease().workerId()).ifPresent(WorkerEntry::finishedOne);
        switch (report.outcome()) {
            case DONE -> {
                end(holding);
                succeed(holding, report.result(), body, uploaded);
            }
            case FAILED -> {
                end(holding);
                retry(holding, report.error());
            }
            case RETURNED -> giveBack(holding);
        }
        return Reply.Verdict.CONFIRMED;
    }

    private void succeed(Holding holding, Report.Result result, ByteBuffer body, Blob uploaded) {
        StoredJob stored = unfinished.get(holding.lease().jobId());
        if (result == null) {
            change(Lifecycle.succeeded(stored, null, null, time.now()));
        } else if (result.upload() == null && body.remaining() > Limits.SMALL) {
            retry(holding, new JobError(JobError.RESULT, "a result over " + Limits.SMALL + " bytes is put", false));
        } else if (result.upload() == null) {
            ByteBuffer bytes = SmallBlobs.copy(body);
            Blob blob = SmallBlobs.result(stored.job().id(), bytes, result.contentType());
            change(Lifecycle.succeeded(stored, blob, bytes, time.now()));
        } else if (uploaded != null) {
            change(Lifecycle.succeeded(stored, uploaded, null, time.now()));
        } else {
            retry(holding, new JobError(JobError.RESULT, "the result did not arrive whole", false));
        }
    }

    private void retry(Holding holding, JobError error) {
        StoredJob stored = unfinished.get(holding.lease().jobId());
        Duration backoff = stored.job().backoff().after(stored.failures() + 1, random);
        StoredJob next = Lifecycle.failed(stored, error, backoff, time.now());
        if (next.job().state() == JobState.QUEUED) {
            tally.retried();
        }
        queueAgain(next);
    }

    // ---- Changes

    private void queueAgain(StoredJob next) {
        change(next);
        if (next.job().state() == JobState.QUEUED) {
            place(next);
        }
    }

    /** Makes a change known: to the store first, then to everybody. */
    private void change(StoredJob changed) {
        StoredJob next = isBeyondHope(changed.job()) ? Lifecycle.abandoned(changed) : changed;
        Job job = next.job();
        out.save(next);
        if (job.state().isFinal()) {
            StoredJob before = unfinished.remove(job.id());
            if (job.payload() == null) {
                discard(before.job(), before.job().payload());
            }
            archive.add(next);
            tally.finished(job);
        } else {
            unfinished.put(job.id(), next);
        }
        out.publish(job, job.progress());
        if (job.state().isFinal()) {
            archive.removeExpired(time.now()).forEach(this::forget);
        }
    }

    private boolean isBeyondHope(Job job) {
        return job.state() == JobState.FAILED && job.payload() != null && !archive.keepsPayloadOf(job);
    }

    private void forget(Job job) {
        out.forget(job.id());
        forgetKey(job);
        discard(job, job.payload());
        boolean last = job.result() != null && !archive.hasResult(job.result());
        if (last && !archive.keepsResultOf(job)) {
            discard(job, job.result());
        }
    }

    private void discard(Job job, Blob blob) {
        if (isStored(job, blob)) {
            out.discard(blob);
        }
    }

    private static boolean isStored(Job job, Blob blob) {
        return blob != null && !SmallBlobs.isSmall(job.id(), blob);
    }

    private void orders(WorkerEntry worker, Caller caller, List<String> drop) {
        long lease = settings.lease().toMillis();
        reply(caller, new Reply.Orders(drop, lease, settings.heartbeat().toMillis(), worker.order()));
    }

    private void reply(Caller caller, Reply reply) {
        out.reply(caller, reply, null);
    }

    private String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
