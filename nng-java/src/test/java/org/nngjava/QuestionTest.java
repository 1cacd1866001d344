package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms in which requests and surveys come. */
class QuestionTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    /** When answers are waited for no longer: late enough for those that a busy machine delays. */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final RepSocket rep = RepSocket.open();
    private final ReqSocket req = ReqSocket.open();
    private final SurveyorSocket surveyor = SurveyorSocket.open();
    private final RespondentSocket respondent = RespondentSocket.open();

    QuestionTest() {
        Peers.connect(rep, req);
        Peers.connect(respondent, surveyor);
        surveyor.set(NngOptions.SURVEY_TIME, SOON);
    }

    @AfterEach
    void close() {
        Stream.of(req, rep, surveyor, respondent).forEach(Socket::close);
    }

    private static Message message(String text) {
        return Message.of(text.getBytes(UTF_8));
    }

    private static String text(Message message) {
        try (message) {
            return new String(message.toByteArray(), UTF_8);
        }
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private static void echo(Request request) {
        request.reply(request.message().detach());
    }

    @Test
    void tryingGivesARequestOnlyIfOneIsThere() throws Exception {
        assertThat(rep.tryReceiveRequest()).isEmpty();
        CompletableFuture<Message> reply = req.requestAsync(message("a"));
        Queue<Request> requests = new ConcurrentLinkedQueue<>();
        await().until(() -> {
            rep.tryReceiveRequest().ifPresent(requests::add);
            return !requests.isEmpty();
        });
        echo(requests.remove());
        assertThat(text(get(reply))).isEqualTo("a");
    }

    @Test
    void aRequestComesAsAFuture() throws Exception {
        CompletableFuture<Request> first = rep.receiveRequestAsync();
        CompletableFuture<Request> second = rep.receiveRequestAsync(SOON);
        CompletableFuture<Message> a = req.requestAsync(message("a"));
        CompletableFuture<Message> b = req.requestAsync(message("b"));
        echo(get(second));
        echo(get(first));
        assertThat(text(get(a)) + text(get(b))).isEqualTo("ab");
        assertThatThrownBy(() -> get(rep.receiveRequestAsync(Duration.ofMillis(10))))
                .hasCauseInstanceOf(NngTimeoutException.class);
    }

    @Test
    void cancellingAReceiveOfARequestLeavesTheRequestToTheNext() throws Exception {
        for (int i = 0; i < 200; i++) {
            CompletableFuture<Message> reply = null;
            if (i % 2 == 0) {
                reply = req.requestAsync(message("even"));
            }
            CompletableFuture<Request> receive = rep.receiveRequestAsync();
            if (i % 2 == 1) {
                reply = req.requestAsync(message("odd"));
            }
            if (receive.cancel(true)) {
                assertThat(receive).isCancelled();
                echo(rep.receiveRequest(SOON));
            } else {
                echo(receive.get());
            }
            get(reply).close();
        }
    }

    @Test
    void aReceiveOfARequestThatTimesOutByItsFutureIsGivenUp() throws Exception {
        CompletableFuture<Request> receive = rep.receiveRequestAsync().orTimeout(5, TimeUnit.MILLISECONDS);
        assertThatThrownBy(() -> get(receive)).hasCauseInstanceOf(TimeoutException.class);
        CompletableFuture<Message> reply = req.requestAsync(message("a"));
        echo(rep.receiveRequest(SOON));
        get(reply).close();
    }

    @Test
    void closingTheSocketEndsTheReceiveOfARequest() {
        CompletableFuture<Request> receive = rep.receiveRequestAsync();
        rep.close();
        assertThatThrownBy(() -> get(receive)).hasCauseInstanceOf(NngClosedException.class);
        assertThatThrownBy(rep::receiveRequestAsync).isInstanceOf(NngClosedException.class);
        assertThatThrownBy(rep::tryReceiveRequest).isInstanceOf(NngClosedException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHandlerRepliesToRequests(boolean onExecutor) throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        Transfer serving = onExecutor ? rep.onRequest(QuestionTest::echo, executor) : rep.onRequest(QuestionTest::echo);
        List<CompletableFuture<Message>> replies = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            replies.add(req.requestAsync(message(Integer.toString(i))));
        }
        for (int i = 0; i < 200; i++) {
            assertThat(text(get(replies.get(i)))).isEqualTo(Integer.toString(i));
        }
        serving.close();
        req.requestAsync(message("later"));
        assertThat(rep.receiveRequest(SOON).message().size()).isEqualTo(5);
        executor.shutdown();
    }

    @Test
    void aHandlerMayReplyLaterInAnyOrder() throws Exception {
        Queue<Request> parked = new ConcurrentLinkedQueue<>();
        Transfer serving = rep.onRequest(parked::add);
        List<CompletableFuture<Message>> replies = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            replies.add(req.requestAsync(message(Integer.toString(i))));
        }
        await().until(() -> parked.size() == 20);
        List<Request> requests = new ArrayList<>(parked);
        for (int i = 19; i >= 0; i--) {
            echo(requests.get(i));
        }
        for (int i = 0; i < 20; i++) {
            assertThat(text(get(replies.get(i)))).isEqualTo(Integer.toString(i));
        }
        rep.close();
        get(serving.done());
    }

    @Test
    void aRequestWhoseHandlerThrowsIsClosed() throws Exception {
        req.set(NngOptions.REQ_RESEND_TIME, NngOptions.INFINITE);
        CompletableFuture<Request> failed = new CompletableFuture<>();
        try (Transfer serving = rep.onRequest(request -> {
            if (failed.complete(request)) {
                throw new IllegalStateException("this is logged, and meant to be");
            }
            echo(request);
        })) {
            CompletableFuture<Message> never = req.requestAsync(message("a"));
            Request request = get(failed);
            assertThat(text(req.request(message("b"), SOON))).isEqualTo("b");
            assertThatThrownBy(() -> request.reply(new byte[1])).isInstanceOf(IllegalStateException.class);
            assertThat(never.cancel(true)).isTrue();
            assertThat(serving.done()).isNotDone();
        }
    }

    @Test
    void aSubscriberAsksForRequestsAsItCanServeThem() throws Exception {
        Queue<Request> requests = new ConcurrentLinkedQueue<>();
        CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
        CompletableFuture<Void> completed = new CompletableFuture<>();
        rep.requestPublisher().subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription given) {
                subscription.complete(given);
            }

            @Override
            public void onNext(Request request) {
                requests.add(request);
            }

            @Override
            public void onError(Throwable failure) {
                completed.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {
                completed.complete(null);
            }
        });
        List<CompletableFuture<Message>> replies = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            replies.add(req.requestAsync(message(Integer.toString(i))));
            subscription.join().request(1);
            await().until(() -> requests.size() == 1);
            echo(requests.remove());
            get(replies.get(i)).close();
        }
        req.requestAsync(message("for another one"));
        assertThat(rep.receiveRequest(SOON).message().size()).isEqualTo(15);
        assertThat(requests).isEmpty();
        subscription.join().request(1);
        rep.close();
        get(completed);
    }

    @Test
    void requestsOfManyThreadsDoNotDisturbEachOther() throws Exception {
        rep.onRequest(QuestionTest::echo);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String text = Integer.toString(i);
            all.add(CompletableFuture.runAsync(
                    () -> {
                        for (int j = 0; j < 100; j++) {
                            assertThat(text(req.request(message(text)))).isEqualTo(text);
                            assertThat(text(req.request(message(text), SOON))).isEqualTo(text);
                        }
                    },
                    threads));
        }
        for (CompletableFuture<Void> one : all) {
            get(one);
        }
        threads.shutdown();
    }

    @Test
    void aRequestWithoutAReplyEndsAtItsTimeout() {
        try (Message request = message("a")) {
            assertThatThrownBy(() -> req.request(request, Duration.ofMillis(20)))
                    .isInstanceOf(NngTimeoutException.class);
            assertThat(request).hasToString("Message[sent or closed]");
        }
    }

    @Test
    void anOptionSetBetweenTwoRequestsHoldsForTheSecond() throws Exception {
        CompletableFuture<Message> first = req.requestAsync(message("first"));
        echo(rep.receiveRequest(SOON));
        assertThat(text(get(first))).isEqualTo("first");
        req.set(NngOptions.RECV_TIMEOUT, Duration.ofMillis(10));
        assertThatThrownBy(() -> req.request(message("second"))).isInstanceOf(NngTimeoutException.class);
    }

    @Test
    void aFutureThatIsCompletedByHandDisturbsNoOther() throws Exception {
        for (int i = 0; i < 20; i++) {
            String text = "number " + i;
            req.requestAsync(message("given up")).complete(null);
            CompletableFuture<Message> reply = req.requestAsync(message(text));
            Request request = rep.receiveRequest(SOON);
            while (!text(request.message().duplicate()).equals(text)) {
                echo(request);
                request = rep.receiveRequest(SOON);
            }
            echo(request);
            assertThat(text(get(reply))).isEqualTo(text);
        }
    }

    @Test
    void aRequestThatCannotBeSentIsStillTheCallers() {
        try (ReqSocket alone = ReqSocket.open();
                Message request = message("kept")) {
            alone.set(NngOptions.SEND_TIMEOUT, Duration.ofMillis(20));
            assertThatThrownBy(() -> alone.request(request)).isInstanceOf(NngTimeoutException.class);
            assertThat(request.size()).isEqualTo(4);
        }
    }

    @Test
    void surveysComeInTheSameForms() throws Exception {
        assertThat(respondent.tryReceiveSurvey()).isEmpty();
        CompletableFuture<Survey> first = respondent.receiveSurveyAsync();
        CompletableFuture<Survey> given = respondent.receiveSurveyAsync(SOON);
        assertThat(given.cancel(true)).isTrue();
        try (Stream<Message> answers = surveyor.survey(message("a"))) {
            get(first).respond("first".getBytes(UTF_8));
            assertThat(answers.map(QuestionTest::text).findFirst()).contains("first");
        }
        try (Transfer serving = respondent.onSurvey(survey -> survey.respond("handler".getBytes(UTF_8)));
                Stream<Message> answers = surveyor.survey(message("b"))) {
            assertThat(answers.map(QuestionTest::text).findFirst()).contains("handler");
            assertThat(serving.done()).isNotDone();
        }
        PublisherTest.Recorder unused = new PublisherTest.Recorder();
        respondent.publisher().subscribe(unused);
        unused.subscription.cancel();
    }

    @Test
    void theAnswersToASurveyArePublishedUntilTheDeadline() throws Exception {
        try (RespondentSocket other = RespondentSocket.open()) {
            Peers.connect(other, surveyor);
            respondent.onSurvey(survey -> survey.respond("one".getBytes(UTF_8)));
            other.onSurvey(survey -> survey.respond("two".getBytes(UTF_8)));
            PublisherTest.Recorder recorder = new PublisherTest.Recorder();
            Flow.Publisher<Message> answers = surveyor.surveyPublisher(message("a"), DEADLINE);
            answers.subscribe(recorder);
            recorder.subscription.request(1);
            String first = recorder.next();
            recorder.subscription.request(10);
            assertThat(List.of(first, recorder.next())).containsExactlyInAnyOrder("one", "two");
            recorder.awaitEnd();

            PublisherTest.Recorder second = new PublisherTest.Recorder();
            answers.subscribe(second);
            assertThatThrownBy(second::awaitEnd).hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aSurveyIsPublishedOnAContextOfTheUsersToo() throws Exception {
        respondent.onSurvey(survey -> survey.respond("one".getBytes(UTF_8)));
        SurveyorContext context = surveyor.openContext();
        for (int i = 0; i < 2; i++) {
            context.set(NngOptions.SURVEY_TIME, DEADLINE);
            PublisherTest.Recorder recorder = new PublisherTest.Recorder();
            context.surveyPublisher(message("a")).subscribe(recorder);
            recorder.subscription.request(5);
            assertThat(recorder.next()).isEqualTo("one");
            recorder.awaitEnd();
        }
    }

    @Test
    void aSurveyThatIsCancelledBeforeItIsSentIsClosed() {
        Message survey = message("a");
        PublisherTest.Recorder recorder = new PublisherTest.Recorder();
        surveyor.surveyPublisher(survey).subscribe(recorder);
        assertThat(survey).hasToString("Message[sent or closed]");
        recorder.subscription.cancel();
        assertThat(respondent.tryReceiveSurvey()).isEmpty();
    }

    @Test
    void answersSentFasterThanTheirPeerReadsAllArrive() throws Exception {
        try (RepSocket server = RepSocket.open();
                ReqSocket client = ReqSocket.open()) {
            client.dial(server.listen("tcp://127.0.0.1:0").url());
            RepContext context = server.openContext();
            context.onReceive(message -> context.sendAsync(Message.allocate(5_000_000)));
            List<CompletableFuture<Message>> replies = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                replies.add(client.requestAsync(message("a")));
            }
            for (CompletableFuture<Message> reply : replies) {
                try (Message message = get(reply)) {
                    assertThat(message.size()).isEqualTo(5_000_000);
                }
            }
        }
    }

    @Test
    void asNngCannotHoldTwoAnswersOfAContextTheSecondIsRefused() throws Exception {
        Patches.assume("stopped-aio-ends");
        try (RepSocket server = RepSocket.open();
                RawSocket client = RawSocket.open(Protocol.REQ)) {
            client.dial(server.listen("tcp://127.0.0.1:0").url());
            RepContext context = server.openContext();
            List<CompletableFuture<Void>> sent = new ArrayList<>();
            NngError refusal = null;
            // The client receives none before all are sent: two fit into its socket, and not many into the kernel's.
            for (int i = 0; refusal == null && i < 50; i++) {
                client.send(message("a").setHeader(new byte[] {-128, 0, 0, (byte) i}));
                context.receive(SOON).close();
                try {
                    sent.add(context.sendAsync(Message.allocate(10_000_000)));
                } catch (NngException e) {
                    refusal = e.error();
                }
            }
            assertThat(refusal).isEqualTo(NngError.ESTATE);
            for (int i = 0; i < sent.size(); i++) {
                client.receive(SOON).close();
            }
            for (CompletableFuture<Void> one : sent) {
                get(one);
            }
        }
    }
}
