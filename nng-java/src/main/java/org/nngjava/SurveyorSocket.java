package org.nngjava;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

/**
 * SURVEYOR: asks all respondents a question and receives their answers until the deadline (sp-surveyor). The socket itself has one
 * survey under way at a time, a new one ends the old; {@link #openContext()} gives more, and {@link #survey(Message)} uses one.
 *
 * <p>By the plain forms: send the survey, then receive until {@link NngError#ETIMEDOUT} says that the
 * {@linkplain NngOptions#SURVEY_TIME survey time} is over; a receive after that, or before any survey, fails with
 * {@link NngError#ESTATE}. A receive that is cancelled or reaches a time-out of its own ends the survey.
 */
public final class SurveyorSocket extends Socket implements Sender, Receiver {
    private SurveyorSocket() {
        super("surveyor", NNG::nng_surveyor0_open);
    }

    /** Opens a socket. */
    public static SurveyorSocket open() {
        return new SurveyorSocket();
    }

    /** Opens a context, which has a survey of its own under way. */
    public SurveyorContext openContext() {
        return new SurveyorContext(this);
    }

    /**
     * Sends a survey on a context of its own and gives the answers as they come, until the {@link NngOptions#SURVEY_TIME} of this
     * socket is over. The stream waits for each answer; close it unless it is read to its end, and close each message. Surveys of
     * several threads do not disturb each other.
     *
     * <p>The survey is sent as {@link #send(Message)} does it.
     */
    public Stream<Message> survey(Message survey) {
        Objects.requireNonNull(survey, "survey");
        return survey(openContext(), survey);
    }

    /** Like {@link #survey(Message)}, with a deadline of its own. */
    public Stream<Message> survey(Message survey, Duration deadline) {
        Objects.requireNonNull(survey, "survey");
        return survey(openContext(deadline), survey);
    }

    /**
     * The answers to a survey as a publisher, which completes when the {@link NngOptions#SURVEY_TIME} of this socket is over. The survey is
     * sent, on a context of its own, when its only subscriber first asks for an answer, and belongs to the publisher from now on.
     * Cancelling ends the survey. Otherwise as {@link #publisher()}; answers that were not asked for until the deadline are thrown away.
     */
    public Flow.Publisher<Message> surveyPublisher(Message survey) {
        return SurveySource.publisher(this::openContext, survey, SurveyorContext::close);
    }

    /** Like {@link #surveyPublisher(Message)}, with a deadline of its own. */
    public Flow.Publisher<Message> surveyPublisher(Message survey, Duration deadline) {
        Objects.requireNonNull(deadline, "deadline");
        return SurveySource.publisher(() -> openContext(deadline), survey, SurveyorContext::close);
    }

    private SurveyorContext openContext(Duration deadline) {
        Objects.requireNonNull(deadline, "deadline");
        SurveyorContext context = openContext();
        try {
            context.set(NngOptions.SURVEY_TIME, deadline);
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
        return context;
    }

    private static Stream<Message> survey(SurveyorContext context, Message survey) {
        try {
            return context.survey(survey, context::close).onClose(context::close);
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }
}
