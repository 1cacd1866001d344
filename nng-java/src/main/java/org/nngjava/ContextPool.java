package org.nngjava;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * Lends the contexts of a socket to questions, each of which needs one of its own: opening and closing one costs more than the question
 * itself. Which options a context has is decided as it opens, so none is lent any more after an option of its socket was set.
 */
final class ContextPool<C extends Context> {
    private static final int MOST_IDLE = 1024;

    private final Supplier<C> open;
    private final ArrayDeque<C> idle = new ArrayDeque<>();

    /** A context on loan, until one of these is called. */
    record Loan<C extends Context>(ContextPool<C> pool, C context) {
        /** Gives the context back: nothing is under way on it, nothing was left undone. */
        void end() {
            pool.takeBack(context);
        }

        /** Gives the context back if it is {@code clean}, as {@link #end} does; else closes it. */
        void end(boolean clean) {
            if (clean) {
                end();
            } else {
                close();
            }
        }

        /** Closes the context, with whatever is under way on it. */
        void close() {
            context.close();
        }
    }

    ContextPool(Supplier<C> open) {
        this.open = open;
    }

    Loan<C> lend() {
        C context = poll();
        while (context != null && !context.hasOptionsOfSocket()) {
            context.close();
            context = poll();
        }
        return new Loan<>(this, context == null ? open.get() : context);
    }

    private synchronized C poll() {
        return idle.poll();
    }

    private void takeBack(C context) {
        boolean kept = false;
        if (!Leaks.DETECTED
                && context.hasOptionsOfSocket()) { // a forgotten socket is reported, not its contexts as well
            synchronized (this) {
                kept = idle.size() < MOST_IDLE;
                if (kept) {
                    idle.push(context);
                }
            }
        }
        if (!kept) {
            context.close();
        }
    }
}
