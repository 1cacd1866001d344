package org.nngjava.workers.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.nngjava.workers.Backoff;
import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobError;
import org.nngjava.workers.Presence;
import org.nngjava.workers.StoredJob;
import org.nngjava.workers.WorkerMode;
import org.nngjava.workers.WorkerStatus;

/** A dispatcher with a clock that stands still, and workers that say what the test lets them say. */
final class Stage implements Outbox {
    final FakeTime time = new FakeTime();
    final Map<String, StoredJob> store = new LinkedHashMap<>();
    final List<Blob> discarded = new ArrayList<>();
    final List<String> endedLeases = new ArrayList<>();
    final List<String> news = new ArrayList<>();
    final List<Caller> abandoned = new ArrayList<>();
    final Map<Caller, Sent> sent = new LinkedHashMap<>();
    private final Settings settings;
    Dispatcher dispatcher;
    private int nextPipe = 1;

    record Sent(Reply reply, ByteBuffer body) {}

    Stage() {
        this(Settings.DEFAULTS);
    }

    Stage(Settings settings) {
        this.settings = settings;
        dispatcher = new Dispatcher(settings, time, new Random(1), this);
    }

    /** A new dispatcher that knows what the store knows. All connections are new. */
    void restart() {
        dispatcher = new Dispatcher(settings, time, new Random(nextPipe), this);
        dispatcher.recover(List.copyOf(store.values()));
    }

    Job submit(String type) {
        return dispatcher.submit(submission(type));
    }

    Job submit(String type, int priority) {
        return dispatcher.submit(submission(type, priority, null, null));
    }

    static Submission submission(String type) {
        return submission(type, 0, null, null);
    }

    static Submission submission(String type, int priority, String key, Instant dueAt) {
        return new Submission(
                type,
                Map.of("k", "v"),
                null,
                bytes("payload"),
                3,
                Duration.ofMinutes(10),
                priority,
                Set.of("mine"),
                key,
                Backoff.DEFAULT,
                dueAt,
                null);
    }

    static Submission withPayload(String type, Blob payload, String key) {
        return new Submission(
                type, Map.of(), payload, null, 3, Duration.ofMinutes(1), 0, Set.of(), key, Backoff.DEFAULT, null, null);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    Job job(String id) {
        return store.get(id).job();
    }

    /** Lets time pass in small steps, so that things happen in their order. */
    void pass(Duration time) {
        for (long left = time.toMillis(); left > 0; left -= 50) {
            this.time.advance(Duration.ofMillis(Math.min(50, left)));
            dispatcher.tick();
        }
    }

    /** As {@link #pass}, with a heartbeat of these workers every second. */
    void passWithHeartbeats(Duration time, FakeWorker... alive) {
        for (long left = time.toMillis(); left > 0; left -= 1000) {
            pass(Duration.ofMillis(Math.min(1000, left)));
            Arrays.stream(alive).forEach(FakeWorker::heartbeat);
        }
    }

    FakeWorker worker(String name, String... types) {
        return new FakeWorker(name, types.length == 0 ? List.of("gif") : List.of(types));
    }

    @Override
    public void admit(String jobId) {
        assertThat(store).doesNotContainKey(jobId);
    }

    @Override
    public void save(StoredJob job) {
        store.put(job.job().id(), job);
    }

    @Override
    public void forget(String jobId) {
        store.remove(jobId);
    }

    @Override
    public void discard(Blob blob) {
        discarded.add(blob);
    }

    @Override
    public void reply(Caller caller, Reply reply, ByteBuffer body) {
        if (sent.put(caller, new Sent(reply, body)) != null) {
            throw new AssertionError("answered twice: " + reply);
        }
    }

    @Override
    public void abandon(Caller caller) {
        abandoned.add(caller);
    }

    @Override
    public void leaseEnded(String token) {
        endedLeases.add(token);
    }

    @Override
    public void publish(Job job, double progress) {
        news.add(job.id() + " " + job.state() + (progress == job.progress() ? "" : " " + progress));
    }

    @Override
    public void publish(WorkerStatus worker, Presence presence) {
        news.add(worker.name() + " " + presence);
    }

    /** A worker with one connection for its slots and one for its heartbeats. */
    final class FakeWorker {
        WorkerInfo info;
        int pipe = nextPipe++;
        int heartbeatPipe = nextPipe++;
        final Map<String, String> held = new LinkedHashMap<>();
        private int questions;

        private FakeWorker(String name, List<String> types) {
            info = new WorkerInfo("id-of-" + name, name, 4, types, Set.of("of-" + name), WorkerMode.ACTIVE, 0);
        }

        /** Asks for a job. */
        Asked ask() {
            return ask(info.id() + "-q" + ++questions, true, null);
        }

        /** Asks for a job again or for the first time, and reports. */
        Asked ask(String id, boolean wanted, Report report) {
            return ask(id, wanted, report, "", null);
        }

        Asked ask(String id, boolean wanted, Report report, String body, Blob uploaded) {
            Caller caller = caller(pipe);
            dispatcher.ready(caller, new Request.Ready(info, id, wanted, report), bytes(body), uploaded);
            return new Asked(this, id, caller);
        }

        Asked report(Report report) {
            return ask(info.id() + "-q" + ++questions, true, report);
        }

        /** Says that it lives and holds what it holds, and wants an answer at once. */
        Reply.Orders heartbeat() {
            Caller caller = heartbeat(false, 0);
            return (Reply.Orders) sent.get(caller).reply();
        }

        Caller heartbeat(boolean waits, double progress) {
            Caller caller = caller(heartbeatPipe);
            List<Request.Claim> claims = held.entrySet().stream()
                    .map(lease -> new Request.Claim(lease.getValue(), lease.getKey(), progress))
                    .toList();
            dispatcher.heartbeat(caller, new Request.Heartbeat(info, waits, claims, null));
            return caller;
        }

        /** Carries out an order, as its next messages say. */
        void obeys(Reply.Order order) {
            info = info.in(order.mode(), order.number());
        }

        Reply leave() {
            Caller caller = caller(heartbeatPipe);
            dispatcher.leave(caller, new Request.Leave(info.id()));
            return sent.get(caller).reply();
        }

        void isKilled() {
            dispatcher.pipeGone(pipe);
            dispatcher.pipeGone(heartbeatPipe);
        }

        void reconnects() {
            isKilled();
            pipe = nextPipe++;
            heartbeatPipe = nextPipe++;
        }
    }

    private static Caller caller(int pipe) {
        return new TestCaller(pipe);
    }

    /** A question, and the answer to it once there is one. */
    final class Asked {
        final String id;
        private final FakeWorker worker;
        private final Caller caller;

        private Asked(FakeWorker worker, String id, Caller caller) {
            this.worker = worker;
            this.id = id;
            this.caller = caller;
        }

        boolean isOpen() {
            return !sent.containsKey(caller);
        }

        Reply reply() {
            if (isOpen()) {
                throw new AssertionError("not answered");
            }
            return sent.get(caller).reply();
        }

        boolean isAbandoned() {
            return abandoned.contains(caller);
        }

        ByteBuffer body() {
            return sent.get(caller).body();
        }

        /** The worker has the answer, and from now on the lease. */
        Reply.Run received() {
            Reply.Run run = (Reply.Run) reply();
            worker.held.put(run.token(), run.job());
            return run;
        }

        Reply.Verdict verdict() {
            return reply() instanceof Reply.Run run ? run.verdict() : ((Reply.Nothing) reply()).verdict();
        }
    }

    static Report done(Reply.Run run) {
        return new Report(run.job(), run.token(), Report.Outcome.DONE, null, null);
    }

    static Report doneWith(Reply.Run run, String upload) {
        return new Report(run.job(), run.token(), Report.Outcome.DONE, null, new Report.Result("image/gif", upload));
    }

    static Report failed(Reply.Run run, boolean permanent) {
        return new Report(
                run.job(), run.token(), Report.Outcome.FAILED, new JobError("oops", "it broke", permanent), null);
    }

    static Report returned(Reply.Run run) {
        return new Report(run.job(), run.token(), Report.Outcome.RETURNED, null, null);
    }
}
