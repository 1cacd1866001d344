package org.nngjava;

import java.lang.ref.Cleaner;
import java.util.function.BooleanSupplier;

/** How an object is closed, once: by its user, or when it is garbage collected without that, which is reported as a leak. */
final class Closing implements Runnable {
    /** Names the object; null unless leaks are detected. */
    private final String what;

    private final BooleanSupplier close;
    private final Cleaner.Cleanable cleanable;
    /** Where the object was created; null when it was closed, and unless leaks are detected. */
    private volatile Throwable place = Leaks.place();

    /**
     * Begins to watch an object.
     *
     * @param close closes it, not on NNG's thread, and must not refer to it; false: something else had closed it before
     */
    Closing(Object owner, BooleanSupplier close) {
        this.what = Leaks.DETECTED ? owner.toString() : null;
        this.close = close;
        this.cleanable = Leaks.CLEANER.register(owner, this);
    }

    /** Closes it for its user: on NNG's own thread soon, else now. Idempotent. */
    void close() {
        place = null;
        if (NngThread.isCurrent()) {
            NngThread.HANDED_OVER.execute(cleanable::clean);
        } else {
            cleanable.clean();
        }
    }

    /** Runs once. */
    @Override
    public void run() {
        if (close.getAsBoolean()) {
            Leaks.report(what, place);
        }
    }
}
