package org.nngjava.workers.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nngjava.workers.JobState.CANCELLED;
import static org.nngjava.workers.JobState.FAILED;
import static org.nngjava.workers.JobState.QUEUED;
import static org.nngjava.workers.JobState.RUNNING;
import static org.nngjava.workers.JobState.SUCCEEDED;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nngjava.workers.Backoff;
import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobError;
import org.nngjava.workers.Latency;
import org.nngjava.workers.QueueClosedException;
import org.nngjava.workers.QueueFigures;
import org.nngjava.workers.QueueFullException;
import org.nngjava.workers.Retention;
import org.nngjava.workers.StoredJob;
import org.nngjava.workers.Traffic;
import org.nngjava.workers.WorkerMode;
import org.nngjava.workers.internal.Stage.Asked;
import org.nngjava.workers.internal.Stage.FakeWorker;

class DispatcherTest {
    private static final Duration GRACE = Settings.DEFAULTS.grace();
    private static final Duration LEASE = Settings.DEFAULTS.lease();
    private static final Duration PARK_TIME = Settings.DEFAULTS.parkTime();
    private static final Duration HEARTBEAT = Settings.DEFAULTS.heartbeat();
    private static final Duration MOMENT = Duration.ofMillis(50);

    private final Stage stage = new Stage();
    private final FakeWorker ann = stage.worker("ann");
    private final FakeWorker bob = stage.worker("bob");

    @Nested
    class Dispatching {
        @Test
        void aJobGoesToTheWorkerThatAsked() {
            Asked asked = ann.ask();
            Job job = stage.submit("gif");

            Reply.Run run = (Reply.Run) asked.reply();
            assertThat(run.job()).isEqualTo(job.id());
            assertThat(run.attempt()).isEqualTo(1);
            assertThat(run.options()).containsEntry("k", "v");
            assertThat(run.payloadSize()).isEqualTo(7);
            assertThat(asked.body()).isEqualTo(Stage.bytes("payload"));
            assertThat(stage.job(job.id()).state()).isEqualTo(RUNNING);
            assertThat(stage.job(job.id()).worker()).isEqualTo("ann");
        }

        @Test
        void aJobThatWaitsGoesToTheFirstWorkerThatAsks() {
            Job job = stage.submit("gif");
            assertThat(((Reply.Run) ann.ask().reply()).job()).isEqualTo(job.id());
        }

        @Test
        void jobsAreStartedInTheOrderOfSubmission() {
            List<String> submitted = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                submitted.add(stage.submit("gif").id());
            }
            assertThat(startedBy(ann, 100)).isEqualTo(submitted).isSorted();
        }

        @Test
        void theWorkerThatWasNotUsedForLongestIsServedFirst() {
            for (int i = 0; i < 10; i++) {
                ann.ask();
            }
            for (int i = 0; i < 10; i++) {
                bob.ask();
            }
            for (int i = 0; i < 20; i++) {
                stage.submit("gif");
            }
            assertThat(stage.store.values().stream()
                            .map(stored -> stored.job().worker())
                            .limit(4))
                    .containsExactly("ann", "bob", "ann", "bob");
            assertThat(stage.dispatcher.workers())
                    .allSatisfy(worker -> assertThat(worker.jobs()).hasSize(10));
        }

        @Test
        void aWorkerGetsOnlyWhatItHandles() {
            FakeWorker cat = stage.worker("cat", "mp3");
            Asked asked = cat.ask();
            Job gif = stage.submit("gif");
            assertThat(asked.isOpen()).isTrue();
            Job mp3 = stage.submit("mp3");
            assertThat(((Reply.Run) asked.reply()).job()).isEqualTo(mp3.id());
            assertThat(stage.job(gif.id()).state()).isEqualTo(QUEUED);
        }

        @Test
        void aWorkerOfManyTypesGetsTheOldestJob() {
            FakeWorker dan = stage.worker("dan", "a", "b");
            Job first = stage.submit("b");
            stage.submit("a");
            assertThat(((Reply.Run) dan.ask().reply()).job()).isEqualTo(first.id());
        }

        @Test
        void positionsCountTheJobsThatStartBefore() {
            Job first = stage.submit("gif");
            Job second = stage.submit("gif");
            assertThat(stage.dispatcher.position(first)).isEqualTo(1);
            assertThat(stage.dispatcher.position(second)).isEqualTo(2);
            ann.ask();
            assertThat(stage.dispatcher.position(stage.job(first.id()))).isZero();
            assertThat(stage.dispatcher.position(second)).isEqualTo(1);
        }

        @Test
        void aFullQueueRefusesOneMore() {
            Stage small = new Stage(withCapacity(2));
            small.submit("gif");
            small.submit("gif");
            assertThatThrownBy(() -> small.submit("gif")).isInstanceOf(QueueFullException.class);
            small.worker("eve").ask();
            small.submit("gif");
        }

        @Test
        void aQueueThatDrainsRefusesAll() {
            stage.dispatcher.stopAccepting();
            assertThatThrownBy(() -> stage.submit("gif")).isInstanceOf(QueueClosedException.class);
        }
    }

    @Nested
    class Choosing {
        @Test
        void aHigherPriorityStartsFirstAndEqualOnesInTheOrderOfSubmission() {
            Job low = stage.submit("gif", -1);
            Job first = stage.submit("gif", 0);
            Job high = stage.submit("gif", 7);
            Job second = stage.submit("gif", 0);
            assertThat(stage.dispatcher.position(low)).isEqualTo(4);
            assertThat(stage.dispatcher.position(high)).isEqualTo(1);
            assertThat(startedBy(ann, 4)).containsExactly(high.id(), first.id(), second.id(), low.id());
        }

        @Test
        void prioritiesCountAcrossTheTypesOfAWorker() {
            FakeWorker dan = stage.worker("dan", "a", "b");
            Job first = stage.submit("a", 0);
            Job urgent = stage.submit("b", 1);
            assertThat(startedBy(dan, 2)).containsExactly(urgent.id(), first.id());
        }

        @Test
        void aDelayedJobStartsWhenItsTimeHasComeAndNotBefore() {
            Duration delay = Duration.ofSeconds(5);
            Asked asked = ann.ask();
            Job job = stage.dispatcher.submit(
                    Stage.submission("gif", 0, null, stage.time.now().plus(delay)));
            assertThat(job.dueAt()).isEqualTo(stage.time.now().plus(delay));
            stage.passWithHeartbeats(delay.minus(MOMENT), ann);
            assertThat(asked.isOpen()).isTrue();
            assertThat(stage.dispatcher.status(0).queued()).isEqualTo(1);
            stage.pass(MOMENT);
            assertThat(((Reply.Run) asked.reply()).job()).isEqualTo(job.id());
        }

        @Test
        void aDelayOutlivesARestart() {
            Duration delay = Duration.ofSeconds(5);
            stage.dispatcher.submit(
                    Stage.submission("gif", 0, null, stage.time.now().plus(delay)));
            stage.pass(Duration.ofSeconds(3));
            stage.restart();
            Asked asked = ann.ask();
            stage.pass(Duration.ofSeconds(2).minus(MOMENT));
            assertThat(asked.isOpen()).isTrue();
            stage.pass(MOMENT);
            assertThat(asked.reply()).isInstanceOf(Reply.Run.class);
        }

        @Test
        void aTimeThatIsPastIsNow() {
            stage.dispatcher.submit(
                    Stage.submission("gif", 0, null, stage.time.now().minusSeconds(5)));
            assertThat(ann.ask().reply()).isInstanceOf(Reply.Run.class);
        }

        @Test
        void labelsGoToTheHandler() {
            stage.submit("gif");
            assertThat(((Reply.Run) ann.ask().reply()).labels()).containsExactly("mine");
        }
    }

    @Nested
    class Keys {
        @Test
        void aJobSubmittedAgainUnderItsKeyIsTheSameJob() {
            Job job = stage.dispatcher.submit(Stage.submission("gif", 0, "k1", null));
            assertThat(stage.dispatcher.submit(Stage.submission("gif", 0, "k1", null)))
                    .isEqualTo(job);
            Reply.Run run = ann.ask().received();
            assertThat(stage.dispatcher
                            .submit(Stage.submission("gif", 0, "k1", null))
                            .state())
                    .isEqualTo(RUNNING);
            ann.report(Stage.done(run));
            assertThat(stage.dispatcher
                            .submit(Stage.submission("gif", 0, "k1", null))
                            .state())
                    .isEqualTo(SUCCEEDED);
            assertThat(stage.store).hasSize(1);
        }

        @Test
        void anotherKeyAndAnotherTypeAreOtherJobs() {
            stage.dispatcher.submit(Stage.submission("gif", 0, "k1", null));
            stage.dispatcher.submit(Stage.submission("gif", 0, "k2", null));
            stage.dispatcher.submit(Stage.submission("mp3", 0, "k1", null));
            stage.submit("gif");
            stage.submit("gif");
            assertThat(stage.store).hasSize(5);
        }

        @Test
        void aKeyIsKnownAfterARestartAndUntilItsJobIsForgotten() {
            Job job = stage.dispatcher.submit(Stage.submission("gif", 0, "k1", null));
            stage.dispatcher.cancel(job.id());
            stage.restart();
            assertThat(stage.dispatcher
                            .submit(Stage.submission("gif", 0, "k1", null))
                            .id())
                    .isEqualTo(job.id());
            stage.dispatcher.remove(job.id());
            assertThat(stage.dispatcher
                            .submit(Stage.submission("gif", 0, "k1", null))
                            .id())
                    .isNotEqualTo(job.id());
        }

        @Test
        void thePayloadOfTheSecondIsDeletedAndThatOfTheFirstIsNot() {
            stage.dispatcher.submit(Stage.withPayload("gif", blob("first"), "k1"));
            stage.dispatcher.submit(Stage.withPayload("gif", blob("second"), "k1"));
            stage.dispatcher.submit(Stage.withPayload("gif", blob("first"), "k1"));
            assertThat(stage.discarded).containsExactly(blob("second"));
        }

        @Test
        void theKeyOfAJobThatCouldNotBeSavedIsFree() {
            Job lost = stage.dispatcher.submit(Stage.submission("gif", 0, "k1", null));
            stage.dispatcher.withdraw(lost.id());
            assertThat(stage.dispatcher
                            .submit(Stage.submission("gif", 0, "k1", null))
                            .id())
                    .isNotEqualTo(lost.id());
            assertThat(stage.dispatcher.status(0).queued()).isEqualTo(1);
            assertThat(stage.dispatcher.figures(Traffic.NONE).accepted()).isEqualTo(1);
        }

        @Test
        void aFullQueueStillKnowsWhatItHas() {
            Stage small = new Stage(withCapacity(1));
            Job job = small.dispatcher.submit(Stage.submission("gif", 0, "k1", null));
            assertThat(small.dispatcher.submit(Stage.submission("gif", 0, "k1", null)))
                    .isEqualTo(job);
        }
    }

    @Nested
    class DeadLetters {
        @Test
        void whatWasGivenUpIsListedFromTheNewestOn() {
            Job first = givenUp("gif");
            Job second = givenUp("gif");
            Reply.Run fine = runningOn(ann);
            ann.report(Stage.done(fine));
            assertThat(stage.dispatcher.deadLetters(10, null)).containsExactly(second.id(), first.id());
            assertThat(stage.dispatcher.deadLetters(1, null)).containsExactly(second.id());
            assertThat(stage.dispatcher.deadLetters(10, second.id())).containsExactly(first.id());
            stage.restart();
            assertThat(stage.dispatcher.deadLetters(10, null)).containsExactly(second.id(), first.id());
        }

        @Test
        void aRequeuedJobStartsAnewWithItsPayload() {
            Job dead = givenUp("gif");
            assertThat(stage.dispatcher.requeue(stage.store.get(dead.id()))).isTrue();
            assertThat(stage.dispatcher.deadLetters(10, null)).isEmpty();
            assertThat(stage.dispatcher.status(0).failed()).isZero();
            for (int attempt = 2; attempt <= 4; attempt++) {
                Asked asked = ann.ask();
                stage.pass(Backoff.DEFAULT.first().multipliedBy(2));
                Reply.Run run = asked.received();
                assertThat(run.attempt()).isEqualTo(attempt);
                assertThat(asked.body()).isEqualTo(Stage.bytes("payload"));
                ann.ask("end-" + attempt, false, Stage.failed(run, false));
                ann.held.clear();
            }
            assertThat(stage.job(dead.id()).state()).isEqualTo(FAILED);
        }

        @Test
        void aPoisonousJobIsInnocentAgainWhenItIsRequeued() {
            Job job = stage.submit("gif");
            for (String name : List.of("x", "y", "z")) {
                FakeWorker victim = stage.worker(name);
                victim.ask().received();
                victim.heartbeat();
                victim.isKilled();
                stage.pass(GRACE);
            }
            assertThat(stage.dispatcher.deadLetters(10, null)).containsExactly(job.id());
            assertThat(stage.dispatcher.requeue(stage.store.get(job.id()))).isTrue();
            assertThat(stage.store.get(job.id()).deaths()).isEmpty();
            assertThat(((Reply.Run) ann.ask().reply()).job()).isEqualTo(job.id());
        }

        @Test
        void onlyWhatWasGivenUpCanBeRequeued() {
            Reply.Run run = runningOn(ann);
            assertThat(stage.dispatcher.requeue(stage.store.get(run.job()))).isFalse();
            ann.report(Stage.done(run));
            assertThat(stage.dispatcher.requeue(stage.store.get(run.job()))).isFalse();
        }

        @Test
        void anOldVersionOfADeadLetterIsNotRequeued() {
            Job dead = givenUp("gif");
            StoredJob old = stage.store.get(dead.id());
            assertThat(stage.dispatcher.requeue(old)).isTrue();
            assertThat(stage.dispatcher.requeue(old)).isFalse();
            ann.report(Stage.failed(ann.ask().received(), true));
            assertThat(stage.dispatcher.requeue(old)).isFalse();
        }

        @Test
        void theReportThatEndedItIsConfirmedAgainAfterItWasRequeued() {
            Reply.Run run = runningOn(ann);
            ann.ask("q", false, Stage.failed(run, true));
            stage.dispatcher.requeue(stage.store.get(run.job()));
            assertThat(ann.ask("q", false, Stage.failed(run, true)).verdict()).isEqualTo(Reply.Verdict.CONFIRMED);
            assertThat(stage.job(run.job()).state()).isEqualTo(QUEUED);
        }

        @Test
        void thePayloadIsKeptUntilTheDeadLetterIsForgotten() {
            Job job = stage.dispatcher.submit(Stage.withPayload("gif", blob("movie"), null));
            ann.ask("q", false, Stage.failed(ann.ask().received(), true));
            assertThat(stage.job(job.id()).payload()).isEqualTo(blob("movie"));
            assertThat(stage.discarded).isEmpty();
            stage.dispatcher.remove(job.id());
            assertThat(stage.discarded).containsExactly(blob("movie"));
            assertThat(stage.dispatcher.deadLetters(10, null)).isEmpty();
        }

        @Test
        void aFullQueueRequeuesNothing() {
            Stage small = new Stage(withCapacity(1));
            Job dead = small.submit("gif");
            FakeWorker eve = small.worker("eve");
            eve.ask("q", false, Stage.failed(eve.ask().received(), true));
            small.submit("gif");
            assertThatThrownBy(() -> small.dispatcher.requeue(small.store.get(dead.id())))
                    .isInstanceOf(QueueFullException.class);
            assertThat(small.dispatcher.deadLetters(10, null)).containsExactly(dead.id());
        }

        private Job givenUp(String type) {
            Job job = stage.submit(type);
            Reply.Run run = ann.ask().received();
            ann.ask("end of " + job.id(), false, Stage.failed(run, true));
            ann.held.clear();
            assertThat(stage.job(job.id()).state()).isEqualTo(FAILED);
            return job;
        }
    }

    @Nested
    class Parking {
        @Test
        void aQuestionIsAnsweredWithNothingAfterTheParkTime() {
            Asked asked = ann.ask();
            stage.passWithHeartbeats(PARK_TIME.minus(MOMENT), ann);
            assertThat(asked.isOpen()).isTrue();
            stage.pass(MOMENT);
            assertThat(asked.reply()).isEqualTo(new Reply.Nothing(null));
        }

        @Test
        void aQuestionAskedAgainIsParkedOnce() {
            Asked asked = ann.ask();
            Asked again = ann.ask(asked.id, true, null);
            stage.submit("gif");
            stage.submit("gif");
            assertThat(asked.isOpen()).isTrue();
            assertThat(asked.isAbandoned()).isTrue();
            assertThat(again.reply()).isInstanceOf(Reply.Run.class);
            assertThat(stage.dispatcher.status(0).queued()).isEqualTo(1);
        }

        @Test
        void aQuestionWhoseAnswerWasLostGetsTheSameAnswerAgain() {
            Asked asked = ann.ask();
            Job job = stage.submit("gif");
            Reply.Run lost = (Reply.Run) asked.reply();
            ann.reconnects();
            Asked again = ann.ask(asked.id, true, null);
            assertThat(again.reply()).isEqualTo(lost);
            assertThat(stage.job(job.id()).attempt()).isEqualTo(1);
        }

        @Test
        void aWithdrawnQuestionGetsNoJob() {
            Asked asked = ann.ask();
            Asked withdrawn = ann.ask(asked.id, false, null);
            assertThat(withdrawn.reply()).isEqualTo(new Reply.Nothing(null));
            Job job = stage.submit("gif");
            assertThat(stage.job(job.id()).state()).isEqualTo(QUEUED);
        }

        @Test
        void aJobThatCrossedAWithdrawalIsGivenBack() {
            Asked asked = ann.ask();
            Job job = stage.submit("gif");
            ann.ask(asked.id, false, null);
            assertThat(stage.job(job.id()).state()).isEqualTo(QUEUED);
            assertThat(stage.job(job.id()).attempt()).isZero();
            assertThat(((Reply.Run) bob.ask().reply()).job()).isEqualTo(job.id());
        }

        @Test
        void aSilentWorkerGetsNoJobsUntilItSpeaksAgain() {
            Asked asked = ann.ask();
            ann.heartbeat();
            stage.pass(HEARTBEAT.multipliedBy(2).plus(MOMENT));
            Job job = stage.submit("gif");
            assertThat(stage.job(job.id()).state()).isEqualTo(QUEUED);
            assertThat(stage.dispatcher.workers().get(0).responsive()).isFalse();
            ann.heartbeat();
            assertThat(((Reply.Run) asked.reply()).job()).isEqualTo(job.id());
        }
    }

    @Nested
    class Death {
        @Test
        void theJobsOfAKilledWorkerAreQueuedAgainAfterTheGrace() {
            Reply.Run first = runningOn(ann);
            Asked other = bob.ask();
            ann.isKilled();
            stage.pass(GRACE.minus(MOMENT));
            assertThat(other.isOpen()).isTrue();
            stage.pass(MOMENT);
            Reply.Run second = (Reply.Run) other.reply();
            assertThat(second.job()).isEqualTo(first.job());
            assertThat(second.attempt()).isEqualTo(2);
            assertThat(second.token()).isNotEqualTo(first.token());
            assertThat(stage.news).contains("ann DEAD");
            assertThat(stage.endedLeases).contains(first.token());
        }

        @Test
        void aDeadWorkersOpenQuestionGetsNoJob() {
            Asked asked = ann.ask();
            ann.isKilled();
            assertThat(asked.isAbandoned()).isTrue();
            Job job = stage.submit("gif");
            assertThat(stage.job(job.id()).state()).isEqualTo(QUEUED);
        }

        @Test
        void questionsOfTheConnectionsThatAreLeftStayOpen() {
            Asked lost = ann.ask();
            int first = ann.pipe;
            ann.pipe = 1_000;
            Asked left = ann.ask();
            stage.dispatcher.pipeGone(first);
            stage.submit("gif");
            assertThat(lost.isAbandoned()).isTrue();
            assertThat(left.reply()).isInstanceOf(Reply.Run.class);
        }

        @Test
        void aBrokerThatSleptBlamesNobody() {
            Reply.Run run = runningOn(ann);
            Asked parked = bob.ask();
            stage.time.advance(Duration.ofHours(1));
            stage.dispatcher.tick();
            assertThat(stage.job(run.job()).state()).isEqualTo(RUNNING);
            assertThat(parked.isOpen()).isTrue();
            assertThat(stage.dispatcher.workers()).hasSize(2);
            assertThat(stage.news).doesNotContain("ann SILENT");
            stage.pass(LEASE);
            assertThat(stage.job(run.job()).state()).isEqualTo(QUEUED);
        }

        @Test
        void aWorkerThatComesBackWithinTheGraceKeepsItsJobs() {
            Reply.Run run = runningOn(ann);
            ann.reconnects();
            stage.pass(GRACE.dividedBy(2));
            assertThat(ann.heartbeat().drop()).isEmpty();
            stage.pass(GRACE.multipliedBy(2));
            assertThat(stage.job(run.job()).state()).isEqualTo(RUNNING);
            assertThat(ann.report(Stage.done(run)).isOpen()).isTrue();
            assertThat(stage.job(run.job()).state()).isEqualTo(SUCCEEDED);
        }

        @Test
        void aWorkerThatLostOneOfItsConnectionsIsAskedToSpeakUp() {
            Reply.Run run = runningOn(ann);
            Caller heartbeat = ann.heartbeat(true, 0);
            stage.dispatcher.pipeGone(ann.pipe);
            assertThat(stage.sent.get(heartbeat).reply()).isInstanceOf(Reply.Orders.class);
            ann.heartbeat();
            stage.pass(GRACE.multipliedBy(2));
            assertThat(stage.job(run.job()).state()).isEqualTo(RUNNING);
        }

        @Test
        void whatADeadWorkerSaidLastIsHeardButItGetsNoMoreJobs() {
            Reply.Run run = runningOn(ann);
            Job next = stage.submit("gif");
            ann.isKilled();
            Asked lastWords = ann.report(Stage.done(run));
            assertThat(stage.job(run.job()).state()).isEqualTo(SUCCEEDED);
            assertThat(lastWords.isAbandoned()).isTrue();
            assertThat(stage.job(next.id()).state()).isEqualTo(QUEUED);
            stage.pass(GRACE);
            assertThat(stage.dispatcher.workers()).isEmpty();
        }

        @Test
        void aHeartbeatThatWasSentBeforeDeathIsNoSignOfLife() {
            Reply.Run run = runningOn(ann);
            ann.isKilled();
            Caller late = ann.heartbeat(false, 0);
            assertThat(stage.sent).doesNotContainKey(late);
            stage.pass(GRACE);
            assertThat(stage.job(run.job()).state()).isEqualTo(QUEUED);
        }

        @Test
        void theLeaseOfAWorkerBehindACutLinkRunsOut() {
            Reply.Run run = runningOn(ann);
            Asked other = bob.ask();
            stage.passWithHeartbeats(LEASE.minus(Duration.ofSeconds(1)), bob);
            assertThat(stage.job(run.job()).worker()).isEqualTo("ann");
            stage.pass(Duration.ofSeconds(1));
            assertThat(((Reply.Run) other.reply()).job()).isEqualTo(run.job());
        }

        @Test
        void theLateResultOfASleeperIsRefused() {
            Reply.Run first = runningOn(ann);
            stage.pass(LEASE);
            Reply.Run second = bob.ask().received();
            assertThat(second.job()).isEqualTo(first.job());
            Asked late = ann.ask("q-late", false, Stage.done(first));
            assertThat(late.verdict()).isEqualTo(Reply.Verdict.REFUSED);
            assertThat(stage.job(first.job()).state()).isEqualTo(RUNNING);
            bob.ask("q-in-time", false, Stage.done(second));
            assertThat(stage.job(first.job()).worker()).isEqualTo("bob");
            assertThat(ann.ask("q-later", false, Stage.done(first)).verdict()).isEqualTo(Reply.Verdict.REFUSED);
        }

        @Test
        void aLateResultIsRefusedEvenIfTheJobWasNotStartedAgain() {
            Reply.Run first = runningOn(ann);
            stage.pass(LEASE);
            assertThat(ann.ask("q", false, Stage.done(first)).verdict()).isEqualTo(Reply.Verdict.REFUSED);
            assertThat(stage.job(first.job()).state()).isEqualTo(QUEUED);
        }

        @Test
        void theUploadThatComesWithALateResultIsDeleted() {
            Reply.Run first = runningOn(ann);
            stage.pass(LEASE);
            Blob upload = blob("late");
            ann.ask("q", false, Stage.doneWith(first, "u"), "", upload);
            assertThat(stage.discarded).contains(upload);
        }

        @Test
        void aSleeperIsToldToDropItsJob() {
            Reply.Run first = runningOn(ann);
            stage.pass(LEASE);
            assertThat(ann.heartbeat().drop()).containsExactly(first.token());
        }

        @Test
        void aSleepersOpenQuestionIsAnsweredSoThatItAsksAgain() {
            Asked asked = ann.ask();
            stage.pass(LEASE);
            assertThat(stage.dispatcher.workers()).isEmpty();
            assertThat(asked.reply()).isEqualTo(new Reply.Nothing(null));
        }

        @Test
        void aJobThatTookDownThreeWorkersIsPoison() {
            Job job = stage.submit("gif");
            for (String name : List.of("x", "y", "z")) {
                FakeWorker victim = stage.worker(name);
                victim.ask().received();
                victim.heartbeat();
                assertThat(stage.job(job.id()).state()).isEqualTo(RUNNING);
                victim.isKilled();
                stage.pass(GRACE);
            }
            assertThat(stage.job(job.id()).state()).isEqualTo(FAILED);
            assertThat(stage.job(job.id()).error().code()).isEqualTo(JobError.POISON);
            assertThat(stage.job(job.id()).error().permanent()).isTrue();
        }

        @Test
        void aWorkerThatComesBackAfterAllWasNotTakenDown() {
            Job job = stage.submit("gif");
            for (int i = 0; i < 5; i++) {
                FakeWorker sleeper = stage.worker("sleeper" + i);
                sleeper.ask().received();
                sleeper.heartbeat();
                stage.pass(LEASE);
                assertThat(stage.job(job.id()).state()).isEqualTo(QUEUED);
                sleeper.held.clear();
                sleeper.heartbeat();
            }
            assertThat(stage.store.get(job.id()).deaths()).isEmpty();
        }

        @Test
        void aJobThatNeverReachedItsLivingWorkerIsGivenBack() {
            Asked asked = ann.ask();
            Job job = stage.submit("gif");
            assertThat(asked.reply()).isInstanceOf(Reply.Run.class);
            stage.passWithHeartbeats(LEASE, ann);
            assertThat(stage.job(job.id()).state()).isEqualTo(QUEUED);
            assertThat(stage.job(job.id()).attempt()).isZero();
        }

        @Test
        void aJobThatALivingWorkerForgotIsTriedAgain() {
            Reply.Run run = runningOn(ann);
            ann.held.clear();
            stage.passWithHeartbeats(LEASE, ann);
            assertThat(stage.job(run.job()).error().code()).isEqualTo(JobError.LOST);
            assertThat(stage.store.get(run.job()).failures()).isEqualTo(1);
        }
    }

    @Nested
    class Reports {
        @Test
        void aResultIsCommittedWhenItIsReportedAndConfirmedWithTheNextAnswer() {
            Reply.Run run = runningOn(ann);
            Asked next = ann.report(Stage.done(run));
            assertThat(stage.job(run.job()).state()).isEqualTo(SUCCEEDED);
            assertThat(stage.job(run.job()).progress()).isEqualTo(1);
            assertThat(next.isOpen()).isTrue();
            stage.submit("gif");
            assertThat(next.verdict()).isEqualTo(Reply.Verdict.CONFIRMED);
        }

        @Test
        void aResultIsConfirmedWithinTheParkTime() {
            Reply.Run run = runningOn(ann);
            Asked next = ann.report(Stage.done(run));
            ann.held.clear();
            stage.passWithHeartbeats(PARK_TIME, ann);
            assertThat(next.reply()).isEqualTo(new Reply.Nothing(Reply.Verdict.CONFIRMED));
        }

        @Test
        void aReportWhoseConfirmationWasLostIsConfirmedAgainAndCommittedOnce() {
            Reply.Run run = runningOn(ann);
            Asked next = ann.report(Stage.done(run));
            ann.reconnects();
            long commits = commits(run.job());
            Asked again = ann.ask(next.id, true, Stage.done(run));
            stage.submit("gif");
            assertThat(again.verdict()).isEqualTo(Reply.Verdict.CONFIRMED);
            assertThat(commits(run.job())).isEqualTo(commits).isEqualTo(1);
        }

        @Test
        void aFailureWhoseConfirmationWasLostIsConfirmedAgainAndCountsOnce() {
            Reply.Run run = runningOn(ann);
            Asked next = ann.report(Stage.failed(run, false));
            ann.reconnects();
            Asked again = ann.ask(next.id, false, Stage.failed(run, false));
            assertThat(again.verdict()).isEqualTo(Reply.Verdict.CONFIRMED);
            assertThat(stage.store.get(run.job()).failures()).isEqualTo(1);
            assertThat(stage.dispatcher.figures(Traffic.NONE).refused()).isZero();
        }

        @Test
        void aJobThatWasGivenBackIsNotGivenBackAgain() {
            Reply.Run first = runningOn(ann);
            ann.ask("q1", false, Stage.returned(first));
            Reply.Run second = bob.ask().received();
            assertThat(ann.ask("q2", false, Stage.returned(first)).verdict()).isEqualTo(Reply.Verdict.CONFIRMED);
            assertThat(second.job()).isEqualTo(first.job());
            assertThat(stage.job(first.job()).worker()).isEqualTo("bob");
        }

        @Test
        void aReportIsConfirmedAgainAlthoughItsJobWasForgottenMeanwhile() {
            Reply.Run run = runningOn(ann);
            Asked next = ann.report(Stage.done(run));
            stage.dispatcher.remove(run.job());
            assertThat(ann.ask(next.id, false, Stage.done(run)).verdict()).isEqualTo(Reply.Verdict.CONFIRMED);
            assertThat(stage.store).doesNotContainKey(run.job());
        }

        @Test
        void aReportOfAnotherLeaseOfAForgottenJobIsRefused() {
            Reply.Run late = runningOn(ann);
            stage.pass(LEASE);
            Reply.Run run = bob.ask().received();
            bob.report(Stage.done(run));
            stage.dispatcher.remove(run.job());
            assertThat(ann.ask("q", false, Stage.done(late)).verdict()).isEqualTo(Reply.Verdict.REFUSED);
        }

        @Test
        void aSmallResultIsRememberedWithItsJob() {
            Reply.Run run = runningOn(ann);
            ann.ask("q", true, Stage.doneWith(run, null), "the gif", null);
            Blob result = stage.job(run.job()).result();
            assertThat(result.size()).isEqualTo(7);
            assertThat(result.contentType()).isEqualTo("image/gif");
            assertThat(stage.store.get(run.job()).smallResult()).isEqualTo(Stage.bytes("the gif"));
        }

        @Test
        void anUploadedResultBecomesTheJobsResult() {
            Reply.Run run = runningOn(ann);
            Blob blob = blob("b");
            ann.ask("q", true, Stage.doneWith(run, "u"), "", blob);
            assertThat(stage.job(run.job()).result()).isEqualTo(blob);
            assertThat(stage.discarded).isEmpty();
        }

        @Test
        void aResultThatDidNotArriveWholeIsAFailedAttempt() {
            Reply.Run run = runningOn(ann);
            ann.ask("q", true, Stage.doneWith(run, "u"), "", null);
            assertThat(stage.job(run.job()).state()).isEqualTo(QUEUED);
            assertThat(stage.job(run.job()).error().code()).isEqualTo(JobError.RESULT);
        }

        @Test
        void aFailedAttemptIsRepeatedAfterABackoffUntilThereWereEnough() {
            Job job = stage.submit("gif");
            Duration backoff = Backoff.DEFAULT.first();
            Reply.Run run = ann.ask().received();
            for (int attempt = 1; attempt < 3; attempt++) {
                assertThat(run.attempt()).isEqualTo(attempt);
                Asked next = ann.report(Stage.failed(run, false));
                assertThat(next.isOpen()).isTrue();
                assertThat(stage.job(job.id()).error().code()).isEqualTo("oops");
                stage.pass(backoff.dividedBy(2).minus(MOMENT));
                assertThat(next.isOpen()).isTrue();
                stage.pass(backoff.dividedBy(2).plus(MOMENT));
                run = next.received();
                backoff = backoff.multipliedBy(2);
            }
            ann.report(Stage.failed(run, false));
            assertThat(stage.job(job.id()).state()).isEqualTo(FAILED);
            assertThat(stage.job(job.id()).attempt()).isEqualTo(3);
        }

        @Test
        void aPermanentFailureIsNotRepeated() {
            Reply.Run run = runningOn(ann);
            ann.report(Stage.failed(run, true));
            assertThat(stage.job(run.job()).state()).isEqualTo(FAILED);
            assertThat(stage.job(run.job()).error()).isEqualTo(new JobError("oops", "it broke", true));
        }

        @Test
        void aReturnedJobIsQueuedAgainAtOnceAndTheAttemptDoesNotCount() {
            Reply.Run run = runningOn(ann);
            ann.ask("q", false, Stage.returned(run));
            Reply.Run again = (Reply.Run) bob.ask().reply();
            assertThat(again.job()).isEqualTo(run.job());
            assertThat(again.attempt()).isEqualTo(1);
            assertThat(stage.store.get(run.job()).deaths()).isEmpty();
            assertThat(stage.store.get(run.job()).failures()).isZero();
        }

        @Test
        void aWorkerThatLeavesGivesBackAllThatItHolds() {
            Reply.Run run = runningOn(ann);
            Asked parked = ann.ask();
            assertThat(ann.leave()).isEqualTo(new Reply.Nothing(null));
            assertThat(parked.reply()).isEqualTo(new Reply.Nothing(null));
            assertThat(stage.dispatcher.workers()).isEmpty();
            assertThat(((Reply.Run) bob.ask().reply()).job()).isEqualTo(run.job());
            assertThat(stage.store.get(run.job()).deaths()).isEmpty();
        }

        @Test
        void aForgedTokenIsRefused() {
            Reply.Run run = runningOn(ann);
            Report forged = new Report(run.job(), "0000", Report.Outcome.DONE, null, null);
            assertThat(bob.ask("q", false, forged).verdict()).isEqualTo(Reply.Verdict.REFUSED);
            Job other = stage.submit("gif");
            Report crossed = new Report(other.id(), run.token(), Report.Outcome.DONE, null, null);
            assertThat(bob.ask("q2", false, crossed).verdict()).isEqualTo(Reply.Verdict.REFUSED);
            assertThat(stage.job(run.job()).state()).isEqualTo(RUNNING);
        }

        @Test
        void thePayloadIsDeletedWhenTheJobIsFinishedAndNotBefore() {
            Blob movie = blob("movie");
            Job job = stage.dispatcher.submit(Stage.withPayload("gif", movie, null));
            Reply.Run run = ann.ask().received();
            ann.ask("q", false, Stage.failed(run, false));
            assertThat(stage.discarded).isEmpty();
            stage.pass(Backoff.DEFAULT.first());
            Reply.Run again = ann.ask().received();
            ann.ask("q2", false, Stage.done(again));
            assertThat(stage.discarded).containsExactly(movie);
            assertThat(stage.job(job.id()).payload()).isNull();
        }
    }

    @Nested
    class Heartbeats {
        @Test
        void aHeartbeatKeepsTheLease() {
            Reply.Run run = runningOn(ann);
            stage.passWithHeartbeats(LEASE.multipliedBy(6), ann);
            assertThat(stage.job(run.job()).state()).isEqualTo(RUNNING);
            assertThat(stage.job(run.job()).attempt()).isEqualTo(1);
        }

        @Test
        void aHeartbeatMayWaitForOrdersUntilTheNextIsDue() {
            Caller waits = ann.heartbeat(true, 0);
            assertThat(stage.sent).doesNotContainKey(waits);
            stage.pass(HEARTBEAT);
            assertThat(stage.sent.get(waits).reply())
                    .isEqualTo(new Reply.Orders(List.of(), LEASE.toMillis(), HEARTBEAT.toMillis(), null));
        }

        @Test
        void progressIsPublished() {
            Reply.Run run = runningOn(ann);
            ann.heartbeat(false, 0.5);
            assertThat(stage.news).last().isEqualTo(run.job() + " RUNNING 0.5");
            assertThat(stage.dispatcher.progress(stage.job(run.job()))).isEqualTo(0.5);
            int count = stage.news.size();
            ann.heartbeat(false, 0.5);
            assertThat(stage.news).hasSize(count);
        }

        @Test
        void aCancelledJobIsDroppedAtOnceByAWorkerThatWaitsForOrders() {
            Reply.Run run = runningOn(ann);
            Caller waits = ann.heartbeat(true, 0);
            assertThat(stage.dispatcher.cancel(run.job())).isTrue();
            assertThat(((Reply.Orders) stage.sent.get(waits).reply()).drop()).containsExactly(run.token());
            assertThat(stage.job(run.job()).state()).isEqualTo(CANCELLED);
            assertThat(ann.ask("q", false, Stage.done(run)).verdict()).isEqualTo(Reply.Verdict.REFUSED);
            assertThat(stage.job(run.job()).state()).isEqualTo(CANCELLED);
        }

        @Test
        void aCancelledJobIsDroppedWithTheNextHeartbeatByAnyOther() {
            Reply.Run run = runningOn(ann);
            stage.dispatcher.cancel(run.job());
            assertThat(ann.heartbeat().drop()).containsExactly(run.token());
        }

        @Test
        void aWorkerThatStillClaimsWhatItReportedLearnsThatItIsSettled() {
            Reply.Run run = runningOn(ann);
            ann.report(Stage.done(run));
            assertThat(ann.heartbeat().drop()).containsExactly(run.token());
            assertThat(stage.job(run.job()).state()).isEqualTo(SUCCEEDED);
        }
    }

    @Nested
    class Orders {
        @Test
        void anOrderGoesAtOnceToAWorkerThatWaitsForOne() {
            Caller waits = ann.heartbeat(true, 0);
            Caller other = bob.heartbeat(true, 0);
            assertThat(order("ann", WorkerMode.QUIET)).isEqualTo(1);
            Reply.Orders orders = (Reply.Orders) stage.sent.get(waits).reply();
            assertThat(orders.order().mode()).isEqualTo(WorkerMode.QUIET);
            assertThat(stage.sent).doesNotContainKey(other);
        }

        @Test
        void anOrderIsRepeatedUntilItIsCarriedOut() {
            ann.heartbeat();
            order("ann", WorkerMode.QUIET);
            Reply.Order order = ann.heartbeat().order();
            assertThat(ann.heartbeat().order()).isEqualTo(order);
            ann.obeys(order);
            assertThat(ann.heartbeat().order()).isNull();
            assertThat(stage.dispatcher.workers().get(0).mode()).isEqualTo(WorkerMode.QUIET);
        }

        @Test
        void aGroupIsChosenByItsLabelAndAllByNone() {
            ann.heartbeat();
            bob.heartbeat();
            assertThat(stage.dispatcher.order(
                            worker -> worker.labels().contains("of-bob"), WorkerMode.QUIET, Duration.ZERO))
                    .isEqualTo(1);
            assertThat(ann.heartbeat().order()).isNull();
            assertThat(bob.heartbeat().order()).isNotNull();
            assertThat(stage.dispatcher.order(worker -> true, WorkerMode.HALTING, Duration.ofSeconds(3)))
                    .isEqualTo(2);
            assertThat(ann.heartbeat().order().haltMs()).isEqualTo(3_000);
        }

        @Test
        void aQuietWorkerGetsNoJobsEvenIfItDoesNotKnowOrders() {
            Asked asked = ann.ask();
            order("ann", WorkerMode.QUIET);
            Job job = stage.submit("gif");
            assertThat(ann.ask().isOpen()).isTrue();
            ann.heartbeat();
            assertThat(asked.isOpen()).isTrue();
            assertThat(stage.dispatcher.status(0).idle()).isZero();
            assertThat(((Reply.Run) bob.ask().reply()).job()).isEqualTo(job.id());
        }

        @Test
        void aQuietWorkerFinishesWhatItHas() {
            Reply.Run run = runningOn(ann);
            order("ann", WorkerMode.QUIET);
            ann.obeys(ann.heartbeat().order());
            stage.submit("gif");
            Asked next = ann.report(Stage.done(run));
            assertThat(stage.job(run.job()).state()).isEqualTo(SUCCEEDED);
            assertThat(next.isOpen()).isTrue();
        }

        @Test
        void aWorkerThatResumesGetsJobsOnceItSaysSo() {
            Asked asked = ann.ask();
            order("ann", WorkerMode.QUIET);
            ann.obeys(ann.heartbeat().order());
            ann.heartbeat();
            stage.submit("gif");
            order("ann", WorkerMode.ACTIVE);
            Reply.Order resume = ann.heartbeat().order();
            assertThat(asked.isOpen()).isTrue();
            ann.obeys(resume);
            ann.heartbeat();
            assertThat(asked.reply()).isInstanceOf(Reply.Run.class);
        }

        @Test
        void aLaterOrderTakesThePlaceOfAnEarlierOne() {
            ann.heartbeat();
            order("ann", WorkerMode.QUIET);
            Reply.Order quiet = ann.heartbeat().order();
            order("ann", WorkerMode.ACTIVE);
            Reply.Order resume = ann.heartbeat().order();
            assertThat(resume.number()).isGreaterThan(quiet.number());
            ann.obeys(quiet);
            assertThat(ann.heartbeat().order()).isEqualTo(resume);
        }

        @Test
        void aQuietWorkerStaysQuietWhenTheBrokerIsRestarted() {
            ann.heartbeat();
            order("ann", WorkerMode.QUIET);
            ann.obeys(ann.heartbeat().order());
            stage.restart();
            ann.reconnects();
            Asked asked = ann.ask();
            stage.submit("gif");
            assertThat(ann.heartbeat().order()).isNull();
            assertThat(asked.isOpen()).isTrue();
            order("ann", WorkerMode.ACTIVE);
            ann.obeys(ann.heartbeat().order());
            ann.heartbeat();
            assertThat(asked.reply()).isInstanceOf(Reply.Run.class);
        }

        @Test
        void whatWasSaidBeforeAnOrderWasCarriedOutComesTooLate() {
            ann.heartbeat();
            order("ann", WorkerMode.QUIET);
            WorkerInfo before = ann.info;
            ann.obeys(ann.heartbeat().order());
            ann.heartbeat();
            WorkerInfo after = ann.info;
            ann.info = before;
            Asked late = ann.ask();
            ann.info = after;
            stage.submit("gif");
            assertThat(late.isOpen()).isTrue();
        }

        @Test
        void aWorkerThatHaltsIsNotToldToResume() {
            ann.heartbeat();
            order("ann", WorkerMode.HALTING);
            assertThat(order("ann", WorkerMode.ACTIVE)).isZero();
            assertThat(stage.dispatcher.workers().get(0).mode()).isEqualTo(WorkerMode.HALTING);
        }

        private int order(String name, WorkerMode mode) {
            return stage.dispatcher.order(worker -> worker.name().equals(name), mode, Duration.ofSeconds(1));
        }
    }

    @Nested
    class Watching {
        @Test
        void aWorkerThatFallsSilentIsReportedAfterTwoHeartbeatsAndWhenItSpeaksAgain() {
            ann.heartbeat();
            stage.pass(HEARTBEAT.multipliedBy(2).minus(MOMENT));
            assertThat(stage.news).containsExactly("ann ALIVE");
            stage.pass(MOMENT);
            assertThat(stage.news).containsExactly("ann ALIVE", "ann SILENT");
            ann.heartbeat();
            assertThat(stage.news).containsExactly("ann ALIVE", "ann SILENT", "ann ALIVE");
        }

        @Test
        void aWorkerThatStaysSilentIsDeadAfterALease() {
            ann.heartbeat();
            stage.pass(LEASE);
            assertThat(stage.news).containsExactly("ann ALIVE", "ann SILENT", "ann DEAD");
        }

        @Test
        void aWorkerThatLeavesIsNotDead() {
            ann.heartbeat();
            ann.leave();
            stage.pass(LEASE);
            assertThat(stage.news).containsExactly("ann ALIVE", "ann LEFT");
        }

        @Test
        void aWorkerIsPublishedAboutOnceInEachHeartbeat() {
            stage.passWithHeartbeats(HEARTBEAT.multipliedBy(10), ann);
            assertThat(stage.news).containsOnly("ann ALIVE").hasSizeBetween(10, 20);
        }

        @Test
        void whatHappensIsCounted() {
            Reply.Run first = runningOn(ann);
            ann.ask("failed", false, Stage.failed(first, false));
            ann.held.clear();
            assertThat(ann.ask("late", false, Stage.done(first)).verdict()).isEqualTo(Reply.Verdict.REFUSED);
            stage.dispatcher.cancel(first.job());
            stage.submit("gif");
            stage.pass(Duration.ofSeconds(2));
            Reply.Run second = bob.ask().received();
            bob.heartbeat();
            stage.pass(Duration.ofSeconds(1));
            bob.ask("done", false, Stage.done(second));
            Reply.Run third = runningOn(bob);
            bob.isKilled();
            stage.pass(GRACE);
            Reply.Run again = ann.ask().received();
            assertThat(again.job()).isEqualTo(third.job());
            ann.ask("end", false, Stage.failed(again, true));
            QueueFigures figures = stage.dispatcher.figures(Traffic.NONE);
            assertThat(figures.accepted()).isEqualTo(3);
            assertThat(figures.started()).isEqualTo(4);
            assertThat(figures.succeeded()).isEqualTo(1);
            assertThat(figures.failed()).isEqualTo(1);
            assertThat(figures.cancelled()).isEqualTo(1);
            assertThat(figures.retried()).isEqualTo(1);
            assertThat(figures.orphaned()).isEqualTo(1);
            assertThat(figures.refused()).isEqualTo(1);
            assertThat(figures.waitTime().count()).isEqualTo(3);
            assertThat(figures.waitTime().maxMicros()).isEqualTo(2_000_000);
            assertThat(figures.runTime()).isEqualTo(new Latency(1, 1_000_000, 1_000_000, 1_000_000));
        }
    }

    @Nested
    class Stopping {
        @Test
        void nothingIsStartedAnyMore() {
            Asked asked = ann.ask();
            Job job = stage.submit("gif");
            assertThat(asked.received().job()).isEqualTo(job.id());
            Job waits = stage.submit("gif");
            stage.dispatcher.stopStarting();
            assertThat(ann.ask().isOpen()).isTrue();
            stage.submit("gif");
            assertThat(stage.job(waits.id()).state()).isEqualTo(QUEUED);
            assertThat(stage.dispatcher.isIdle()).isFalse();
        }

        @Test
        void whatIsTakenBackCountsAsNeverStarted() {
            Reply.Run run = runningOn(ann);
            Reply.Run recovered = runningOn(bob);
            Caller waits = ann.heartbeat(true, 0);
            stage.dispatcher.stopStarting();
            stage.dispatcher.takeBack();
            assertThat(stage.dispatcher.isIdle()).isTrue();
            assertThat(((Reply.Orders) stage.sent.get(waits).reply()).drop()).containsExactly(run.token());
            assertThat(stage.job(run.job()).attempt()).isZero();
            assertThat(stage.job(recovered.job()).state()).isEqualTo(QUEUED);
            assertThat(ann.ask("q", false, Stage.done(run)).verdict()).isEqualTo(Reply.Verdict.REFUSED);
        }
    }

    @Nested
    class Cancelling {
        @Test
        void aQueuedJobIsGoneFromTheLine() {
            Job job = stage.submit("gif");
            assertThat(stage.dispatcher.cancel(job.id())).isTrue();
            assertThat(ann.ask().isOpen()).isTrue();
            assertThat(stage.job(job.id()).state()).isEqualTo(CANCELLED);
            assertThat(stage.dispatcher.hasNone(any -> true)).isTrue();
        }

        @Test
        void aJobThatWaitsForItsNextAttemptIsGoneToo() {
            Reply.Run run = runningOn(ann);
            Asked next = ann.report(Stage.failed(run, false));
            assertThat(stage.dispatcher.cancel(run.job())).isTrue();
            stage.pass(Duration.ofSeconds(1));
            assertThat(next.isOpen()).isTrue();
        }

        @Test
        void aFinishedOrUnknownJobCannotBeCancelled() {
            Reply.Run run = runningOn(ann);
            ann.report(Stage.done(run));
            assertThat(stage.dispatcher.cancel(run.job())).isFalse();
            assertThat(stage.dispatcher.cancel("no such job")).isFalse();
        }
    }

    @Nested
    class Restarting {
        @Test
        void queuedJobsAreStillQueuedInTheirOrder() {
            Job first = stage.submit("gif");
            Job second = stage.submit("gif");
            stage.restart();
            Job third = stage.submit("gif");
            assertThat(((Reply.Run) ann.ask().reply()).job()).isEqualTo(first.id());
            assertThat(((Reply.Run) ann.ask().reply()).job()).isEqualTo(second.id());
            assertThat(((Reply.Run) ann.ask().reply()).job()).isEqualTo(third.id());
        }

        @Test
        void aLeaseIsStillGoodForOneLeaseTime() {
            Reply.Run run = runningOn(ann);
            stage.restart();
            ann.reconnects();
            stage.pass(LEASE.minus(MOMENT));
            assertThat(ann.heartbeat().drop()).isEmpty();
            ann.report(Stage.done(run));
            assertThat(stage.job(run.job()).state()).isEqualTo(SUCCEEDED);
        }

        @Test
        void aRestartIsNoDeath() {
            Job job = stage.submit("gif");
            for (int i = 0; i < 5; i++) {
                stage.worker("w" + i).ask().received();
                stage.restart();
                stage.pass(LEASE);
                assertThat(stage.job(job.id()).state()).isEqualTo(QUEUED);
            }
            assertThat(stage.store.get(job.id()).deaths()).isEmpty();
        }

        @Test
        void aReportThatWasCommittedBeforeIsConfirmed() {
            Reply.Run run = runningOn(ann);
            ann.report(Stage.done(run));
            stage.restart();
            assertThat(ann.ask("q", false, Stage.done(run)).verdict()).isEqualTo(Reply.Verdict.CONFIRMED);
        }

        @Test
        void aBrokerThatForgotEverythingRefusesTheResult() {
            Reply.Run run = runningOn(ann);
            stage.store.clear();
            stage.restart();
            assertThat(ann.heartbeat().drop()).containsExactly(run.token());
            assertThat(ann.ask("q", false, Stage.done(run)).verdict()).isEqualTo(Reply.Verdict.REFUSED);
        }
    }

    @Nested
    class Forgetting {
        @Test
        void onlyTheLastFinishedJobsAreRemembered() {
            Settings d = Settings.DEFAULTS;
            Stage small = new Stage(new Settings(
                    d.lease(),
                    d.heartbeat(),
                    d.grace(),
                    d.parkTime(),
                    100,
                    3,
                    new Retention(2, Duration.ofDays(1), (job, result) -> "keep".equals(result.id()))));
            FakeWorker worker = small.worker("w");
            for (String result : List.of("one", "keep", "three", "four")) {
                small.submit("gif");
                Reply.Run run = worker.ask().received();
                worker.ask("q-" + result, false, Stage.doneWith(run, "u"), "", blob(result));
            }
            assertThat(small.store).hasSize(2);
            assertThat(small.discarded).containsExactly(blob("one"));
            assertThat(small.dispatcher.status(0).succeeded()).isEqualTo(2);
        }

        @Test
        void oldFinishedJobsAreForgotten() {
            Reply.Run run = runningOn(ann);
            ann.ask("q", false, Stage.done(run));
            stage.time.advance(Duration.ofDays(1));
            stage.dispatcher.tick();
            assertThat(stage.store).isEmpty();
        }

        @Test
        void aFinishedJobCanBeRemovedAndAnUnfinishedOneCannot() {
            Reply.Run run = runningOn(ann);
            assertThat(stage.dispatcher.remove(run.job())).isFalse();
            ann.ask("q", false, Stage.doneWith(run, "u"), "", blob("b"));
            assertThat(stage.dispatcher.remove(run.job())).isTrue();
            assertThat(stage.store).isEmpty();
            assertThat(stage.discarded).containsExactly(blob("b"));
        }
    }

    private Reply.Run runningOn(FakeWorker worker) {
        stage.submit("gif");
        Reply.Run run = worker.ask().received();
        worker.heartbeat();
        return run;
    }

    private static List<String> startedBy(FakeWorker worker, int count) {
        List<String> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            started.add(((Reply.Run) worker.ask().reply()).job());
        }
        return started;
    }

    private static Settings withCapacity(int jobs) {
        Settings d = Settings.DEFAULTS;
        return new Settings(d.lease(), d.heartbeat(), d.grace(), d.parkTime(), jobs, d.deaths(), d.retention());
    }

    private long commits(String jobId) {
        return stage.news.stream().filter((jobId + " SUCCEEDED")::equals).count();
    }

    private static Blob blob(String id) {
        return new Blob(id, 1, null, "00");
    }
}
