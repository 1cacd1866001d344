package org.nngjava;

import java.util.function.Function;

/** Requests or surveys, each on a context of its own. */
final class QuestionSource<T> implements Source<T> {
    private final ContextPool<?> contexts;
    private final Function<Question, T> wrap;
    private ContextPool.Loan<?> receiving;

    QuestionSource(ContextPool<?> contexts, Function<Question, T> wrap) {
        this.contexts = contexts;
        this.wrap = wrap;
    }

    @Override
    public Conduit conduit() {
        receiving = contexts.lend();
        return receiving.context();
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
