package org.nngjava;

import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A context of a {@link SurveyorSocket}: one survey under way, a new one ends the old. */
public final class SurveyorContext extends Context implements Sender, Receiver {
    SurveyorContext(SurveyorSocket socket) {
        super(socket);
    }

    /**
     * Sends a survey and gives the answers as they come, until the {@link NngOptions#SURVEY_TIME} of this context is over. The
     * stream waits for each answer; close each message. The survey is sent as {@link #send(Message)} does it.
     */
    public Stream<Message> survey(Message survey) {
        return survey(survey, () -> {});
    }

    /** Like {@link #survey(Message)}; runs {@code over} when the deadline has come. */
    Stream<Message> survey(Message survey, Runnable over) {
        send(Objects.requireNonNull(survey, "survey"));
        return StreamSupport.stream(new Answers(over), false);
    }

    /** The answers to a survey on this context as a publisher, otherwise like {@link SurveyorSocket#surveyPublisher(Message)}. */
    public Flow.Publisher<Message> surveyPublisher(Message survey) {
        return SurveySource.publisher(() -> this, survey, context -> {});
    }

    /** The answers that come until the deadline, in the order in which they come. */
    private final class Answers extends Spliterators.AbstractSpliterator<Message> {
        private final Runnable over;

        Answers(Runnable over) {
            super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
            this.over = over;
        }

        @Override
        public boolean tryAdvance(Consumer<? super Message> action) {
            Message answer;
            try {
                answer = receive(NngOptions.INFINITE);
            } catch (NngException e) {
                if (isOver(e)) {
                    over.run();
                    return false;
                }
                throw e;
            }
            action.accept(answer);
            return true;
        }
    }

    /** Whether a receive failed since the deadline has come: while it waited, or before it was asked. */
    static boolean isOver(NngException failure) {
        return failure.error() == NngError.ETIMEDOUT || failure.error() == NngError.ESTATE;
    }
}
