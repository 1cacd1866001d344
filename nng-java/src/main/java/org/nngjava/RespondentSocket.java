package org.nngjava;

import java.time.Duration;

/**
 * RESPONDENT: receives surveys and answers them, or does not (sp-surveyor). The socket itself handles one survey at a time: receive,
 * then send. {@link #receiveSurvey()} gives surveys that can be answered later, in any order, by any thread.
 */
public final class RespondentSocket extends Socket implements Sender, Receiver {
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
        return new Survey(Question.receive(openContext(), Timeouts.OF_SOCKET));
    }

    /** Like {@link #receiveSurvey()}, with a time-out of its own. */
    public Survey receiveSurvey(Duration timeout) {
        return new Survey(Question.receive(openContext(), Timeouts.millis(timeout)));
    }
}
