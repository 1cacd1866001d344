package org.nngjava;

import java.time.Duration;
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
        return survey(openContext(), survey);
    }

    /** Like {@link #survey(Message)}, with a deadline of its own. */
    public Stream<Message> survey(Message survey, Duration deadline) {
        SurveyorContext context = openContext();
        try {
            context.set(NngOptions.SURVEY_TIME, deadline);
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
        return survey(context, survey);
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
