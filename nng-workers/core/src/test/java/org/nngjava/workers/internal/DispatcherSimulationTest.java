package org.nngjava.workers.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobState;
import org.nngjava.workers.Presence;
import org.nngjava.workers.StoredJob;
import org.nngjava.workers.WorkerMode;
import org.nngjava.workers.WorkerStatus;

/**
 * Lives through hours of bad luck in seconds: workers die, freeze and lose their connections, messages are lost on the way,
 * the broker is restarted from its store. When that is over all jobs must be done, each committed once.
 */
class DispatcherSimulationTest {
    private static final Duration STEP = Duration.ofMillis(100);
    private static final Settings SETTINGS = new Settings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(20),
            100_000,
            1_000_000, // here every job is innocent
            Settings.DEFAULTS.retention());

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void noJobIsLostAndNoneIsCommittedTwice(int seed) {
        World world = new World(seed);
        for (int i = 0; i < 6_000; i++) {
            world.step(true);
        }
        for (int i = 0; i < 6_000 && !world.isDone(); i++) {
            world.step(false);
        }
        assertThat(world.unfinished()).isEmpty();
        assertThat(world.submitted).isNotEmpty();
        assertThat(world.commits.keySet()).isEqualTo(world.submitted);
        assertThat(world.commits.values()).allMatch(count -> count == 1);
        assertThat(world.acceptedResults).isEqualTo(world.commits.size());
    }

    @Test
    void theWorldIsBadEnough() {
        World world = new World(1);
        for (int i = 0; i < 6_000; i++) {
            world.step(true);
        }
        assertThat(world.deaths).isGreaterThan(10);
        assertThat(world.freezes).isGreaterThan(10);
        assertThat(world.restarts).isGreaterThan(3);
        assertThat(world.lost).isGreaterThan(100);
        assertThat(world.refusals).isPositive();
        assertThat(world.quieted).isGreaterThan(10);
    }

    private static final class World implements Outbox {
        final Set<String> submitted = new HashSet<>();
        final Map<String, Integer> commits = new LinkedHashMap<>();
        int acceptedResults;
        int deaths;
        int freezes;
        int restarts;
        int lost;
        int refusals;
        int quieted;
        private final FakeTime time = new FakeTime();
        private final Random random;
        private final Map<String, StoredJob> store = new LinkedHashMap<>();
        private final Map<Caller, Slot> asked = new HashMap<>();
        private final Map<Caller, Host> beating = new HashMap<>();
        private final List<Host> hosts = new ArrayList<>();
        private Dispatcher dispatcher;
        private int names;
        private boolean bad;

        World(int seed) {
            random = new Random(seed);
            dispatcher = new Dispatcher(SETTINGS, time, random, this);
            for (int i = 0; i < 4; i++) {
                hosts.add(new Host());
            }
        }

        void step(boolean badLuck) {
            bad = badLuck;
            time.advance(STEP);
            dispatcher.tick();
            if (!badLuck && quieted > 0) {
                dispatcher.order(worker -> true, WorkerMode.ACTIVE, Duration.ZERO);
            }
            if (badLuck) {
                if (random.nextInt(200) == 0) {
                    WorkerMode mode = random.nextBoolean() ? WorkerMode.QUIET : WorkerMode.ACTIVE;
                    quieted += dispatcher.order(worker -> random.nextBoolean(), mode, Duration.ZERO);
                }
                if (random.nextInt(10) == 0) {
                    submitted.add(dispatcher.submit(Stage.submission("x")).id());
                }
                misfortune();
            }
            hosts.forEach(Host::live);
        }

        private void misfortune() {
            int dice = random.nextInt(1_000);
            Host host = hosts.get(random.nextInt(hosts.size()));
            if (dice < 5) {
                deaths++;
                host.closePipes();
                hosts.set(hosts.indexOf(host), new Host());
            } else if (dice < 10) {
                freezes++;
                host.frozenSteps = random.nextInt(300);
            } else if (dice < 20) {
                host.closePipes();
            } else if (dice < 22) {
                restarts++;
                dispatcher = new Dispatcher(SETTINGS, time, random, this);
                dispatcher.recover(List.copyOf(store.values()));
                asked.clear();
                beating.clear();
                hosts.forEach(Host::newPipes);
            }
        }

        private boolean lucky() {
            boolean lucky = !bad || random.nextInt(20) > 0;
            if (!lucky) {
                lost++;
            }
            return lucky;
        }

        boolean isDone() {
            return dispatcher.hasNone(any -> true);
        }

        List<Job> unfinished() {
            return store.values().stream()
                    .map(StoredJob::job)
                    .filter(job -> !job.state().isFinal())
                    .toList();
        }

        @Override
        public void admit(String jobId) {
            assertThat(store).doesNotContainKey(jobId);
        }

        @Override
        public void save(StoredJob job) {
            StoredJob before = store.put(job.job().id(), job);
            if (before != null
                    && before.job().state() != job.job().state()
                    && job.job().state() == JobState.SUCCEEDED) {
                commits.merge(job.job().id(), 1, Integer::sum);
            }
        }

        @Override
        public void forget(String jobId) {
            throw new AssertionError("nothing is old enough");
        }

        @Override
        public void discard(Blob blob) {
            throw new AssertionError("there are none");
        }

        @Override
        public void reply(Caller caller, Reply reply, ByteBuffer body) {
            Slot slot = asked.remove(caller);
            Host host = beating.remove(caller);
            if (!lucky()) {
                return;
            }
            if (slot != null && slot.host.isOn(caller.pipe())) {
                slot.answers.add(reply);
            } else if (host != null && host.isOn(caller.pipe())) {
                host.orders.add((Reply.Orders) reply);
            }
        }

        @Override
        public void abandon(Caller caller) {
            asked.remove(caller);
            beating.remove(caller);
        }

        @Override
        public void leaseEnded(String token) {}

        @Override
        public void publish(Job job, double progress) {}

        @Override
        public void publish(WorkerStatus worker, Presence presence) {}

        /** A worker of two slots, each connection of which can break. */
        private final class Host {
            private WorkerInfo info =
                    new WorkerInfo("w" + ++names, "n" + names, 2, List.of("x"), Set.of(), WorkerMode.ACTIVE, 0);
            private final List<Slot> slots = List.of(new Slot(this), new Slot(this));
            private final List<Reply.Orders> orders = new ArrayList<>();
            private int workPipe = ++names;
            private int heartbeatPipe = ++names;
            private int frozenSteps;
            private int untilHeartbeat;

            boolean isOn(int pipe) {
                return pipe == workPipe || pipe == heartbeatPipe;
            }

            void newPipes() {
                workPipe = ++names;
                heartbeatPipe = ++names;
                slots.forEach(slot -> slot.untilAskedAgain = 0);
            }

            void closePipes() {
                int work = workPipe;
                int heartbeat = heartbeatPipe;
                newPipes();
                dispatcher.pipeGone(work);
                dispatcher.pipeGone(heartbeat);
            }

            void live() {
                if (frozenSteps > 0 && bad) {
                    frozenSteps--;
                    return;
                }
                List.copyOf(orders).forEach(this::obey);
                orders.clear();
                slots.forEach(Slot::live);
                if (--untilHeartbeat <= 0) {
                    untilHeartbeat = 20;
                    heartbeat();
                }
            }

            private void obey(Reply.Orders said) {
                slots.forEach(slot -> slot.obey(said));
                if (said.order() != null && said.order().number() > info.obeyed()) {
                    info = info.in(said.order().mode(), said.order().number());
                }
            }

            private void heartbeat() {
                if (!lucky()) {
                    return;
                }
                List<Request.Claim> claims = slots.stream()
                        .filter(slot -> slot.held != null)
                        .map(slot -> new Request.Claim(slot.held.job(), slot.held.token(), 0))
                        .toList();
                Caller caller = new TestCaller(heartbeatPipe);
                beating.put(caller, this);
                dispatcher.heartbeat(caller, new Request.Heartbeat(info, true, claims, null));
            }
        }

        private final class Slot {
            private final Host host;
            private final List<Reply> answers = new ArrayList<>();
            private String question = "q" + ++names;
            private Reply.Run held;
            private Report report;
            private int work;
            private int untilAskedAgain;

            private Slot(Host host) {
                this.host = host;
            }

            void obey(Reply.Orders orders) {
                if (held != null && orders.drop().contains(held.token())) {
                    held = null;
                    report = null;
                }
            }

            void live() {
                if (held != null && report == null) {
                    if (--work <= 0) {
                        report = Stage.done(held);
                        question = "q" + ++names;
                        untilAskedAgain = 0;
                    }
                    return;
                }
                if (!answers.isEmpty()) {
                    answered(answers.get(answers.size() - 1));
                } else if (--untilAskedAgain <= 0) {
                    untilAskedAgain = 300;
                    ask();
                }
            }

            private void answered(Reply reply) {
                answers.clear();
                Reply.Verdict verdict =
                        reply instanceof Reply.Run run ? run.verdict() : ((Reply.Nothing) reply).verdict();
                if (verdict == Reply.Verdict.REFUSED) {
                    refusals++;
                }
                report = null;
                held = null;
                untilAskedAgain = 0;
                if (reply instanceof Reply.Run run) {
                    held = run;
                    work = random.nextInt(50);
                } else {
                    question = "q" + ++names;
                }
            }

            private void ask() {
                if (!lucky()) {
                    untilAskedAgain = 10;
                    return;
                }
                Caller caller = new TestCaller(host.workPipe);
                asked.put(caller, this);
                int before = commits.size();
                dispatcher.ready(
                        caller, new Request.Ready(host.info, question, true, report), ByteBuffer.allocate(0), null);
                acceptedResults += commits.size() - before;
            }
        }
    }
}
