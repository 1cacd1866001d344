package org.nngjava;

import java.lang.ref.Cleaner;

/**
 * Reports what was garbage collected without being closed, with the place of its creation, if the property
 * {@value #PROPERTY} is true.
 */
final class Leaks {
    static final String PROPERTY = "org.nngjava.leakDetection";
    static final boolean DETECTED = Boolean.getBoolean(PROPERTY);

    /** Its thread closes what was forgotten. */
    static final Cleaner CLEANER = Cleaner.create();

    private static final System.Logger LOG = System.getLogger("org.nngjava");

    private Leaks() {}

    /** The place where something is created; null unless leaks are detected. */
    static Throwable place() {
        return DETECTED ? new Throwable("it was created here") : null;
    }

    /** Says that something was forgotten, unless its place is null. */
    static void report(String what, Throwable place) {
        if (place != null) {
            LOG.log(System.Logger.Level.WARNING, what + " was garbage collected without being closed", place);
        }
    }

    /** Keeps an object from being garbage collected as long as another one is in use. */
    static void keepAlive(Object kept, Object user) {
        CLEANER.register(user, new Keeper(kept));
    }

    private record Keeper(Object kept) implements Runnable {
        @Override
        public void run() {
            // it is let go
        }
    }
}
