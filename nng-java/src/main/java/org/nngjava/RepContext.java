package org.nngjava;

/** A context of a {@link RepSocket}: receives a request, then sends its reply. */
public final class RepContext extends Context implements Sender, Receiver {
    RepContext(RepSocket socket) {
        super(socket);
    }
}
