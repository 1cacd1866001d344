package org.nngjava;

/** A context of a {@link RespondentSocket}: receives a survey, then sends its answer. */
public final class RespondentContext extends Context implements Sender, Receiver {
    RespondentContext(RespondentSocket socket) {
        super(socket);
    }
}
