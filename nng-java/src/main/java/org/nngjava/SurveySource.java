package org.nngjava;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The answers to a survey, which is sent before the first receive. */
final class SurveySource implements Source<Message> {
    private final Supplier<SurveyorContext> open;
    private final Message survey;
    private final Consumer<SurveyorContext> ended;
    private SurveyorContext context;

    private SurveySource(Supplier<SurveyorContext> open, Message survey, Consumer<SurveyorContext> ended) {
        this.open = open;
        this.survey = survey;
        this.ended = ended;
    }

    /** Asks once, for one subscriber. */
    static Flow.Publisher<Message> publisher(
            Supplier<SurveyorContext> open, Message survey, Consumer<SurveyorContext> ended) {
        SurveySource source =
                new SurveySource(open, Objects.requireNonNull(survey, "survey").detach(), ended);
        AtomicBoolean taken = new AtomicBoolean();
        return subscriber -> {
            if (taken.compareAndSet(false, true)) {
                Inflow.start(source, subscriber, null);
            } else {
                Inflow.refuse(subscriber, new IllegalStateException("a survey is sent once, for its first subscriber"));
            }
        };
    }

    @Override
    public Conduit conduit() {
        if (context == null) {
            context = open.get();
            context.sendAsync(survey); // which never waits
        }
        return context;
    }

    @Override
    public Message item(long message) {
        return Message.received(message);
    }

    @Override
    public boolean isEnd(NngException failure) {
        return SurveyorContext.isOver(failure) || Source.super.isEnd(failure);
    }

    @Override
    public void end() {
        survey.close();
        if (context != null) {
            ended.accept(context);
        }
    }
}
