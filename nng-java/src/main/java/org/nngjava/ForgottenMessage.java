package org.nngjava;

import org.nngjava.internal.NngApi;
import org.nngjava.internal.NngLibrary;

/** Frees a message that is forgotten, where leaks are detected. */
final class ForgottenMessage implements Runnable {
    private static final NngApi NNG = NngLibrary.api();

    private final Throwable place = Leaks.place();
    /** What the {@link Message} holds; 0 when it belongs to NNG or is freed. */
    volatile long message;

    ForgottenMessage(Message watched, long message) {
        this.message = message;
        Leaks.CLEANER.register(watched, this);
    }

    @Override
    public void run() {
        long left = message;
        if (left != 0) {
            Leaks.report("A message of " + NNG.nng_msg_len(left) + " bytes", place);
            NNG.nng_msg_free(left);
        }
    }
}
