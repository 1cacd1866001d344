package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SurveyTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    /** When answers are waited for no longer: late enough for those that a busy machine delays. */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final Duration NEVER = Duration.ofDays(1);

    private final SurveyorSocket surveyor = SurveyorSocket.open();
    private final List<RespondentSocket> respondents = new ArrayList<>();

    private RespondentSocket respondent() {
        RespondentSocket respondent = RespondentSocket.open();
        respondents.add(respondent);
        Peers.connect(respondent, surveyor);
        return respondent;
    }

    /** Answers all surveys as they come. */
    private void respondent(Consumer<Survey> answer) {
        RespondentSocket respondent = respondent();
        new Thread(() -> {
                    try {
                        while (true) {
                            answer.accept(respondent.receiveSurvey());
                        }
                    } catch (NngClosedException e) {
                        // the end of the test
                    }
                })
                .start();
    }

    @AfterEach
    void close() {
        surveyor.close();
        respondents.forEach(Socket::close);
    }

    private static Message message(String text) {
        return Message.of(text.getBytes(UTF_8));
    }

    private static String text(Message message) {
        try (message) {
            return new String(message.toByteArray(), UTF_8);
        }
    }

    @Test
    void theAnswersOfAllComeAsAStreamThatEndsAtTheDeadline() {
        for (String name : List.of("a", "b", "c")) {
            respondent(survey -> {
                assertThat(text(survey.message())).isEqualTo("who are you?");
                survey.respond(name.getBytes(UTF_8));
            });
        }
        respondent(Survey::close); // who does not say anything
        try (Stream<Message> answers = surveyor.survey(message("who are you?"), DEADLINE)) {
            assertThat(answers.map(SurveyTest::text)).containsExactlyInAnyOrder("a", "b", "c");
        }
    }

    @Test
    void withoutAnswersTheStreamIsEmpty() {
        surveyor.set(NngOptions.SURVEY_TIME, Duration.ofMillis(20));
        try (Stream<Message> answers = surveyor.survey(message("anybody?"))) {
            assertThat(answers).isEmpty();
        }
    }

    @Test
    void anAnswerThatCameIsThereBeforeTheDeadline() {
        respondent(survey -> survey.respond("now".getBytes(UTF_8)));
        try (Stream<Message> answers = surveyor.survey(message("when?"), NEVER)) {
            assertThat(answers.findFirst().map(SurveyTest::text)).contains("now");
        }
    }

    @Test
    void surveysOfSeveralThreadsDoNotDisturbEachOther() throws Exception {
        respondent(survey -> survey.respond(survey.message().toByteArray()));
        List<CompletableFuture<String>> surveys = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String question = "question " + i;
            surveys.add(NewThread.supply(() -> {
                try (Stream<Message> answers = surveyor.survey(message(question), SOON)) {
                    return answers.findFirst().map(SurveyTest::text).orElseThrow();
                }
            }));
        }
        for (int i = 0; i < 8; i++) {
            assertThat(surveys.get(i).get(20, TimeUnit.SECONDS)).isEqualTo("question " + i);
        }
    }

    @Test
    void closingTheSocketEndsAStreamThatWaits() throws Exception {
        CompletableFuture<Void> reader = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try (Stream<Message> answers = surveyor.survey(message("anybody?"), NEVER)) {
                answers.forEach(Message::close);
                reader.complete(null);
            } catch (NngException e) {
                reader.completeExceptionally(e);
            }
        });
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING);
        surveyor.close();
        assertThatThrownBy(() -> reader.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(NngClosedException.class);
    }

    @Test
    void theStreamGivesItsContextBackAtTheDeadlineOrWhenItIsClosed() {
        Stream<Message> read = surveyor.survey(message("anybody?"), Duration.ofMillis(10));
        Stream<Message> closed = surveyor.survey(message("anybody?"), NEVER);
        assertThat(surveyor.state().openContexts()).isEqualTo(2);
        assertThat(read).isEmpty();
        assertThat(surveyor.state().openContexts()).isEqualTo(1);
        closed.close();
        assertThat(surveyor.state().openContexts()).isZero();
    }

    @Test
    void aSurveyThatCannotBeSentIsStillTheCallers() {
        surveyor.close();
        try (Message question = message("kept")) {
            assertThatThrownBy(() -> surveyor.survey(question)).isInstanceOf(NngClosedException.class);
            assertThat(question.size()).isEqualTo(4);
        }
    }

    @Test
    void byThePlainFormsTheDeadlineIsATimeout() {
        respondent(survey -> survey.respond(new byte[] {1}));
        surveyor.set(NngOptions.SURVEY_TIME, DEADLINE);
        surveyor.send(new byte[0]);
        assertThat(surveyor.receiveBytes()).containsExactly(1);
        assertThatThrownBy(surveyor::receive).isInstanceOf(NngTimeoutException.class);
        assertThatThrownBy(surveyor::receive).hasMessageContaining("ESTATE");
    }

    @Test
    void beforeAnySurveyThereIsNothingToReceive() {
        assertThatThrownBy(surveyor::receive).hasMessageContaining("ESTATE");
        try (SurveyorContext context = surveyor.openContext()) {
            assertThatThrownBy(context::receive).hasMessageContaining("ESTATE");
        }
    }

    @Test
    void aReceiveThatTimesOutEndsTheSurvey() {
        surveyor.set(NngOptions.SURVEY_TIME, NEVER);
        surveyor.send(new byte[0]);
        assertThatThrownBy(() -> surveyor.receive(Duration.ofMillis(10))).isInstanceOf(NngTimeoutException.class);
        assertThatThrownBy(surveyor::receive).hasMessageContaining("ESTATE");
    }

    @Test
    void aReceiveThatIsCancelledEndsTheSurvey() {
        surveyor.set(NngOptions.SURVEY_TIME, NEVER);
        surveyor.send(new byte[0]);
        assertThat(surveyor.receiveAsync().cancel(true)).isTrue();
        assertThatThrownBy(surveyor::receive).hasMessageContaining("ESTATE");
    }

    @Test
    void tryingToReceiveDoesNotEndTheSurvey() {
        RespondentSocket respondent = respondent();
        surveyor.set(NngOptions.SURVEY_TIME, NEVER);
        surveyor.send(new byte[0]);
        assertThat(surveyor.tryReceive()).isEmpty();
        respondent.receive(SOON).close();
        respondent.send(new byte[] {1});
        assertThat(surveyor.receiveBytes()).containsExactly(1);
    }

    @Test
    void aNewSurveyEndsTheOld() throws Exception {
        RespondentSocket respondent = respondent();
        surveyor.set(NngOptions.SURVEY_TIME, NEVER);
        surveyor.send("old".getBytes(UTF_8));
        CompletableFuture<Message> answer = surveyor.receiveAsync();
        try (Survey old = respondent.receiveSurvey()) {
            surveyor.send("new".getBytes(UTF_8));
            assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(NngCanceledException.class);
            old.respond("to the old".getBytes(UTF_8)).get(10, TimeUnit.SECONDS);
        }
        respondent.receiveSurvey().respond("to the new".getBytes(UTF_8));
        assertThat(surveyor.receiveBytes()).asString(UTF_8).isEqualTo("to the new");
    }

    @Test
    void whatComesAfterTheDeadlineIsThrownAway() throws Exception {
        RespondentSocket respondent = respondent();
        surveyor.set(NngOptions.SURVEY_TIME, Duration.ofMillis(10));
        surveyor.send("early".getBytes(UTF_8));
        Survey early = respondent.receiveSurvey();
        // ETIMEDOUT while it waits, ESTATE if the deadline came before.
        assertThatThrownBy(surveyor::receive).hasMessageMatching(".*(ETIMEDOUT|ESTATE).*");
        surveyor.set(NngOptions.SURVEY_TIME, NEVER);
        surveyor.send("late".getBytes(UTF_8));
        early.respond("late".getBytes(UTF_8)).get(10, TimeUnit.SECONDS);
        respondent.receiveSurvey().respond("in time".getBytes(UTF_8));
        assertThat(surveyor.receiveBytes()).asString(UTF_8).isEqualTo("in time");
    }

    @Test
    void aSurveyTimeMayBeInfinite() {
        RespondentSocket respondent = respondent();
        surveyor.set(NngOptions.SURVEY_TIME, NngOptions.INFINITE);
        assertThat(surveyor.get(NngOptions.SURVEY_TIME)).isGreaterThan(Duration.ofDays(20));
        surveyor.send(new byte[0]);
        respondent.receive(SOON).close();
        respondent.send(new byte[] {1});
        assertThat(surveyor.receiveBytes()).containsExactly(1);
    }

    @Test
    void surveysAreAnsweredInAnyOrderByAnyThread() throws Exception {
        RespondentSocket respondent = respondent();
        List<SurveyorContext> contexts = new ArrayList<>();
        List<Survey> surveys = new ArrayList<>();
        for (byte i = 0; i < 5; i++) {
            SurveyorContext context = surveyor.openContext();
            context.set(NngOptions.SURVEY_TIME, NEVER);
            context.send(new byte[] {i});
            contexts.add(context);
            surveys.add(respondent.receiveSurvey(SOON));
        }
        for (int i = 4; i >= 0; i--) {
            Survey survey = surveys.get(i);
            NewThread.supply(() -> survey.respond(survey.message().toByteArray()))
                    .get(10, TimeUnit.SECONDS)
                    .get(10, TimeUnit.SECONDS);
        }
        for (byte i = 0; i < 5; i++) {
            assertThat(contexts.get(i).receiveBytes()).containsExactly(i);
        }
    }

    @Test
    void aSurveyIsAnsweredOnlyOnce() {
        RespondentSocket respondent = respondent();
        surveyor.send(new byte[0]);
        Survey survey = respondent.receiveSurvey(SOON);
        survey.respond(new byte[] {1});
        assertThatThrownBy(() -> survey.respond(new byte[] {2})).isInstanceOf(IllegalStateException.class);
        survey.close();
        survey.close();
        assertThatThrownBy(() -> survey.message().size()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRespondentHasTurns() {
        RespondentSocket respondent = respondent();
        try (Message unasked = Message.of(new byte[1])) {
            assertThatThrownBy(() -> respondent.send(unasked)).hasMessageContaining("ESTATE");
            CompletableFuture<Message> first = respondent.receiveAsync();
            assertThatThrownBy(respondent::receive).hasMessageContaining("ESTATE");
            assertThat(first.cancel(true)).isTrue();
            assertThat(unasked.size()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"inproc://", "ipc:///tmp/nng-java-test-", "tcp://127.0.0.1:0"})
    void aSurveyOfAConnectionThatIsClosedIsForgotten(String address) {
        Patches.assume("respondent-forgets-a-closed-pipe");
        String url = address.startsWith("tcp") ? address : address + UUID.randomUUID();
        RespondentSocket respondent = RespondentSocket.open();
        respondents.add(respondent);
        for (int i = 0; i < 50; i++) {
            try (SurveyorSocket guest = SurveyorSocket.open();
                    Listener listener = respondent.listen(url)) {
                guest.dial(listener.url());
                guest.openContext().send(new byte[100]);
                guest.openContext().send(new byte[100]);
                respondent.receive(SOON).close();
            }
            respondent.tryReceive().ifPresent(Message::close);
        }
    }

    @Test
    void surveysSentJustAtTheDeadlineOfTheOneBeforeDoNotHang() throws Exception {
        Patches.assume("survey-does-not-wait-for-its-timer");
        surveyor.set(NngOptions.SURVEY_TIME, Duration.ofMillis(1));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            SurveyorContext context = surveyor.openContext();
            Thread thread = new Thread(() -> {
                for (int j = 0; j < 1000; j++) {
                    context.send(new byte[0]);
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(1_500_000));
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** A peer that asks and does not listen to the answers. */
    @Test
    void anAnswerThatWaitsForItsPeerIsFollowedByNoOther() {
        RespondentSocket respondent = RespondentSocket.open();
        respondents.add(respondent);
        try (RawSocket deaf = RawSocket.open(Protocol.SURVEYOR)) {
            Peers.connect(respondent, deaf);
            for (int i = 0; i < 10; i++) {
                deaf.send(Message.of(new byte[0]).setHeader(new byte[] {(byte) 0x80, 0, 0, (byte) i}));
            }
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10; i++) {
                            respondent.receive(SOON).close();
                            respondent.sendAsync(Message.of(new byte[1]));
                        }
                    })
                    .hasMessageContaining("ESTATE");
        }
    }
}
