package org.nngjava;

import java.util.function.Function;
import java.util.function.Supplier;

/** Requests or surveys, each on a context of its own. */
final class QuestionSource<T> implements Source<T> {
    private final Supplier<? extends Context> open;
    private final Function<Question, T> wrap;
    private Context receiving;

    QuestionSource(Supplier<? extends Context> open, Function<Question, T> wrap) {
        this.open = open;
        this.wrap = wrap;
    }

    @Override
    public Conduit conduit() {
        receiving = open.get();
        return receiving;
    }

    @Override
    public T item(long message) {
        Question question = new Question(receiving, Message.received(message));
        receiving = null;
        return wrap.apply(question);
    }

    @Override
    public void end() {
        if (receiving != null) {
            receiving.close();
        }
    }
}
