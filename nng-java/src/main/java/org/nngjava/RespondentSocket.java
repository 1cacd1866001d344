package org.nngjava;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * RESPONDENT: receives surveys and answers them, or does not (sp-surveyor). The socket itself handles one survey at a time: receive,
 * then send. {@link #receiveSurvey()} gives surveys that can be answered later, in any order, by any thread.
 */
public final class RespondentSocket extends Socket implements Sender, Receiver {
    private final ContextPool<RespondentContext> contexts = new ContextPool<>(this::openContext);

    private RespondentSocket() {
        super("respondent", NNG::nng_respondent0_open);
    }

    /** Opens a socket. */
    public static RespondentSocket open() {
        return new RespondentSocket();
    }

    /** Opens a context: receive, then send, apart from all others. */
    public RespondentContext openContext() {
        return new RespondentContext(this);
    }

    /** Receives a survey to be answered later, as {@link #receive()} does. The caller answers it or closes it. */
    public Survey receiveSurvey() {
        return new Survey(Question.receive(contexts.lend(), Timeouts.OF_SOCKET));
    }

    /** Like {@link #receiveSurvey()}, with a time-out of its own. */
    public Survey receiveSurvey(Duration timeout) {
        int millis = Timeouts.millis(timeout); // before there is a context
        return new Survey(Question.receive(contexts.lend(), millis));
    }

    /** Receives a survey if one is there. Never waits, and may be called anywhere. */
    public Optional<Survey> tryReceiveSurvey() {
        return Question.tryReceive(contexts.lend()).map(Survey::new);
    }

    /** Receives a survey without waiting, as {@link #receiveAsync()} does. Whoever gets it answers it or closes it. */
    public CompletableFuture<Survey> receiveSurveyAsync() {
        return new QuestionFuture<>(contexts.lend(), Survey::new, Timeouts.OF_SOCKET);
    }

    /** Like {@link #receiveSurveyAsync()}, with a time-out of its own. */
    public CompletableFuture<Survey> receiveSurveyAsync(Duration timeout) {
        int millis = Timeouts.millis(timeout); // before there is a context
        return new QuestionFuture<>(contexts.lend(), Survey::new, millis);
    }

    /**
     * Receives one survey after the other and gives each to a handler, which answers it or closes it, then or later. The next
     * receive starts when the handler has returned. Otherwise as {@link #onReceive(Consumer)}: the handler runs on NNG's thread and must
     * not block there. What it throws is logged, and its survey closed.
     */
    public Transfer onSurvey(Consumer<? super Survey> handler) {
        return Inflow.handle(surveys(), handler, Survey::close, null);
    }

    /** Like {@link #onSurvey(Consumer)}, but the handler runs by an executor, one survey at a time, and may block. */
    public Transfer onSurvey(Consumer<? super Survey> handler, Executor executor) {
        return Inflow.handle(surveys(), handler, Survey::close, Objects.requireNonNull(executor, "executor"));
    }

    /** The surveys as a publisher, like {@link #publisher()}: a subscriber that asks for one after each answer has only one open. */
    public Flow.Publisher<Survey> surveyPublisher() {
        return subscriber -> Inflow.start(surveys(), subscriber, null);
    }

    private QuestionSource<Survey> surveys() {
        return new QuestionSource<>(contexts, Survey::new);
    }
}
